"""Conformance suites: what every plugin promises, as tests that read as sentences.

Subclass one in a test module and name the thing it tests::

    class TestTooShort(FilterSuite):
        filter = TooShort()

    class TestMyExport(ReaderSuite):
        reader = MyExport()
        example = Path(__file__).with_name("export.csv")

    class TestNightlife(IndicatorSuite):
        indicator = nightlife_share
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import pickle
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ccgcii.documents import CHANNELS, LAYERS, Document, Drop, PageFacts, Record, TwinFilter
from ccgcii.readers import BadRow

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ccgcii.corpus import Corpus
    from ccgcii.documents import Filter
    from ccgcii.indicators import Indicator
    from ccgcii.readers import Reader

__all__ = ["FilterSuite", "IndicatorSuite", "ReaderSuite"]

MOMENT = datetime(2020, 6, 1, 12, tzinfo=UTC)
EMPTY = Document(source="suite", channel="media", url="", fetched_at=MOMENT)
ARTICLE = replace(
    EMPTY,
    url="https://news.example/2020/06/01/wuhan",
    canonical_url="https://news.example/2020/06/01/wuhan",
    title="Wuhan opens its museums again",
    text="The museums of Wuhan, Hubei, opened again on Monday. " * 12,
    published_at=MOMENT,
    date_rule="jsonld",
    outlet="news.example",
    language="en",
    language_confidence=0.99,
    page=PageFacts(status=200, size=20_000),
)
POST = replace(
    EMPTY,
    channel="x",
    url="https://x.com/someone/status/1",
    text="武汉的樱花开了，很美。",
    published_at=MOMENT,
    author="someone",
    author_followers=10,
    language="zh",
)


class FilterSuite:
    """What every filter promises; add documents of your own with `documents`."""

    filter: ClassVar[Filter | TwinFilter]
    documents: ClassVar[tuple[Document, ...]] = ()

    def test_it_says_what_it_does_in_a_docstring(self) -> None:
        assert (type(self.filter).__doc__ or "").strip()

    def test_it_has_a_name_and_one_of_the_five_layers(self) -> None:
        assert self.filter.name
        assert self.filter.name == self.filter.name.lower()
        assert self.filter.layer in LAYERS

    def test_it_travels_to_a_worker_process_and_judges_the_same_there(self) -> None:
        copy = pickle.loads(pickle.dumps(self.filter))  # noqa: S301 - our own bytes
        for document in self._every_document():
            assert _judge(copy, document) == _judge(self.filter, document)

    def test_it_answers_with_a_document_or_a_drop_that_gives_a_reason(self) -> None:
        for document in self._every_document():
            answer = _judge(self.filter, document)
            if isinstance(self.filter, TwinFilter):
                assert answer is None or isinstance(answer, str)
            elif isinstance(answer, Drop):
                assert answer.reason.strip()
            else:
                assert isinstance(answer, Document)

    def test_it_judges_the_same_document_the_same_way_twice(self) -> None:
        for document in self._every_document():
            assert _judge(self.filter, document) == _judge(self.filter, document)

    def test_it_leaves_the_document_it_was_given_unchanged(self) -> None:
        for document in self._every_document():
            before = deepcopy(document)
            _judge(self.filter, document)
            assert document == before

    def test_it_survives_an_empty_document(self) -> None:
        twins = isinstance(self.filter, TwinFilter)
        expected = str | None if twins else Document | Drop
        assert isinstance(_judge(self.filter, EMPTY), expected)

    def _every_document(self) -> tuple[Document, ...]:
        return (EMPTY, ARTICLE, POST, *self.documents)


class ReaderSuite:
    """What every reader promises, shown on an example file with at least one good row."""

    reader: ClassVar[Reader]
    example: ClassVar[Path]

    def test_it_says_what_it_reads_in_a_docstring(self) -> None:
        assert (type(self.reader).__doc__ or "").strip()

    def test_it_has_a_name(self) -> None:
        assert self.reader.name

    def test_it_yields_records_and_bad_rows_and_nothing_else(self) -> None:
        rows = self._rows()
        assert all(isinstance(row, (Record, BadRow)) for row in rows)
        assert any(isinstance(row, Record) for row in rows)

    def test_every_record_is_of_a_known_channel_and_holds_something(self) -> None:
        for record in self._records():
            assert record.channel in CHANNELS
            assert record.text or record.title or record.url

    def test_every_moment_is_in_utc(self) -> None:
        for record in self._records():
            moment = record.published_at
            assert moment is None or moment.utcoffset() == MOMENT.utcoffset()

    def test_counts_are_whole_and_never_negative(self) -> None:
        for record in self._records():
            for count in (record.likes, record.comments, record.shares, record.views):
                assert count is None or (isinstance(count, int) and count >= 0)

    def test_every_bad_row_names_its_line_and_a_reason(self) -> None:
        for row in self._rows():
            if isinstance(row, BadRow):
                assert row.line >= 1
                assert row.reason.strip()

    def test_it_reads_the_same_file_the_same_way_twice(self) -> None:
        assert self._rows() == self._rows()

    def _rows(self) -> list[Record | BadRow]:
        return list(self.reader.read(self.example))

    def _records(self) -> list[Record]:
        return [row for row in self._rows() if isinstance(row, Record)]


class IndicatorSuite:
    """What every indicator promises, on a synthetic corpus of five cities, one of them silent."""

    indicator: ClassVar[Indicator]

    def test_its_docstring_is_a_definition(self) -> None:
        assert len(self.indicator.definition) > 20

    def test_it_belongs_to_a_dimension_and_says_its_unit(self) -> None:
        assert self.indicator.id
        assert self.indicator.dimension
        assert self.indicator.unit

    def test_it_gives_at_most_one_finite_number_for_each_known_city(self) -> None:
        assert not _complaints(self.indicator, _sample())

    def test_it_gives_the_same_digits_twice(self) -> None:
        corpus = _sample()
        assert _column(self.indicator, corpus).equals(_column(self.indicator, corpus))

    def test_it_does_not_depend_on_the_order_of_rows(self) -> None:
        straight, shuffled = _sample(), _sample(shuffle=True)
        assert _column(self.indicator, straight).equals(_column(self.indicator, shuffled))

    def test_it_leaves_the_corpus_as_it_was(self) -> None:
        corpus = _sample()
        before = {name: frame.copy() for name, frame in _frames(corpus).items()}
        self.indicator.compute(corpus)
        for name, frame in _frames(corpus).items():
            assert frame.equals(before[name]), name

    def test_it_survives_a_corpus_without_documents(self) -> None:
        from ccgcii.testing.corpus import make_corpus, sample_dictionaries  # noqa: PLC0415

        assert not _complaints(self.indicator, make_corpus({}, sample_dictionaries()))


def _sample(*, shuffle: bool = False) -> Corpus:
    # Filters and readers are tested without waiting for pandas and DuckDB.
    from ccgcii.testing.corpus import (  # noqa: PLC0415
        make_corpus,
        sample_dictionaries,
        sample_tables,
    )

    tables = sample_tables()
    if shuffle:
        tables = {name: table.sample(frac=1, random_state=7) for name, table in tables.items()}
    return make_corpus(tables, sample_dictionaries())


def _column(indicator: Indicator, corpus: Corpus) -> pd.Series[Any]:
    from ccgcii.measuring.matrix import measure  # noqa: PLC0415

    return measure(corpus, [indicator]).cells[indicator.id]


def _complaints(indicator: Indicator, corpus: Corpus) -> list[str]:
    from ccgcii.measuring.matrix import measure  # noqa: PLC0415

    return [text for note in measure(corpus, [indicator]).notes if "failed" in (text := str(note))]


def _frames(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Read everything an indicator can see, by name: what it is handed, and the facts below."""
    kind = type(corpus)
    cached = [name for name in vars(kind) if isinstance(getattr(kind, name), cached_property)]
    frames = {name: getattr(corpus, name) for name in cached}
    tables = corpus.query("SELECT table_name AS name FROM information_schema.tables")["name"]
    frames |= {f"table {name}": corpus.query(f'SELECT * FROM "{name}"') for name in tables}  # noqa: S608 - DuckDB's own names
    return {name: frame for name, frame in frames.items() if hasattr(frame, "copy")}


def _judge(judge: Filter | TwinFilter, document: Document) -> Any:
    if isinstance(judge, TwinFilter):
        return judge.key(document)
    return judge.clean(document)
