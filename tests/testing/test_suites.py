"""The conformance suites, on plugins that keep their promises and on ones that break them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

import pytest

from ccgcii import BadRow, Corpus, Document, Drop, FileHead, Record, indicator
from ccgcii.testing import FilterSuite, IndicatorSuite, ReaderSuite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True)
class NoTitle:
    """Drop what has no title."""

    name: ClassVar[str] = "no-title"
    layer: ClassVar[int] = 1

    def clean(self, document: Document) -> Document | Drop:
        return document if document.title else Drop("no title")


@dataclass(frozen=True)
class SameTitle:
    """Keep one of those that share a title."""

    name: ClassVar[str] = "same-title"
    layer: ClassVar[int] = 3

    def key(self, document: Document) -> str | None:
        return document.title or None


class Lines:
    """Read a CSV of day and text."""

    name: ClassVar[str] = "lines"

    def matches(self, head: FileHead) -> float:
        return float(head.columns == ("day", "text"))

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                try:
                    moment = datetime.fromisoformat(row["day"]).replace(tzinfo=UTC)
                except ValueError as error:
                    yield BadRow(line, str(error))
                    continue
                yield Record(str(line), "media", text=row["text"], published_at=moment)


@indicator("X01", dimension="breadth", unit="documents", treatment="count", empty=0)
def french_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents in French that name the city."""
    return corpus.count("language = 'fr'")


class TestAFilter(FilterSuite):
    filter = NoTitle()


class TestATwinFilter(FilterSuite):
    filter = SameTitle()


class TestAnIndicator(IndicatorSuite):
    indicator = french_documents


class TestAReader(ReaderSuite):
    reader = Lines()

    @pytest.fixture(autouse=True)
    def _example(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        example = tmp_path / "lines.csv"
        example.write_text("day,text\n2020-01-01,one\nsoon,two\n", encoding="utf-8")
        monkeypatch.setattr(type(self), "example", example, raising=False)


class Moody:
    """Change its mind every time."""

    name: ClassVar[str] = "moody"
    layer: ClassVar[int] = 1
    asked: ClassVar[list[int]] = []

    def clean(self, document: Document) -> Document | Drop:
        self.asked.append(1)
        return document if len(self.asked) % 2 else Drop("not today")


class Silent:
    """Drop without a word."""

    name: ClassVar[str] = "silent"
    layer: ClassVar[int] = 1

    def clean(self, document: Document) -> Document | Drop:
        return Drop("")


class Strict:
    """Trip over what is not there."""

    name: ClassVar[str] = "strict"
    layer: ClassVar[int] = 9

    def clean(self, document: Document) -> Document | Drop:
        return replace(document, title=document.text.split()[0])


@indicator("X02", dimension="breadth", unit="documents")
def meddling(corpus: Corpus) -> pd.Series[float]:
    """Documents of the city, after meddling with what others will read."""
    corpus.city_day["documents"] = 0
    return corpus.count()


@indicator("X03", dimension="breadth", unit="rows")
def first_come(corpus: Corpus) -> pd.Series[float]:
    """Whichever document of the city happens to be stored first."""
    return corpus.total("first(document)")


def suite_of(thing: object) -> FilterSuite:
    suite = FilterSuite()
    suite.filter = thing  # type: ignore[misc, assignment] # plugins that break the protocol
    return suite


def test_a_filter_that_changes_its_mind_is_caught() -> None:
    with pytest.raises(AssertionError):
        suite_of(Moody()).test_it_judges_the_same_document_the_same_way_twice()


def test_a_drop_without_a_reason_is_caught() -> None:
    with pytest.raises(AssertionError):
        suite_of(Silent()).test_it_answers_with_a_document_or_a_drop_that_gives_a_reason()


def test_a_filter_that_trips_over_an_empty_document_is_caught() -> None:
    with pytest.raises(IndexError):
        suite_of(Strict()).test_it_survives_an_empty_document()
    with pytest.raises(AssertionError):
        suite_of(Strict()).test_it_has_a_name_and_one_of_the_five_layers()


def test_a_filter_that_cannot_travel_is_caught() -> None:
    class Local(NoTitle):
        """Defined where no other process finds it."""

    with pytest.raises(AttributeError, match="Local"):
        suite_of(Local()).test_it_travels_to_a_worker_process_and_judges_the_same_there()


def test_an_indicator_that_meddles_with_the_corpus_is_caught() -> None:
    suite = IndicatorSuite()
    suite.indicator = meddling  # type: ignore[misc] # set on the instance for one test
    with pytest.raises(AssertionError, match="city_day"):
        suite.test_it_leaves_the_corpus_as_it_was()


def test_an_indicator_that_depends_on_the_order_of_rows_is_caught() -> None:
    suite = IndicatorSuite()
    suite.indicator = first_come  # type: ignore[misc] # set on the instance for one test
    with pytest.raises(AssertionError):
        suite.test_it_does_not_depend_on_the_order_of_rows()
