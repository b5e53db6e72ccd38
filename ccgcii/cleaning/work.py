"""What a worker does: one capture in, one outcome out, whatever the page holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ccgcii.archive import read_page as read_archived
from ccgcii.cleaning.judging import Case, Judge, Outcome, crashed
from ccgcii.cleaning.pipeline import Options, Pipeline
from ccgcii.cleaning.prefilter import prefilter_for
from ccgcii.cleaning.reading.addresses import canonical_url, outlet_domain
from ccgcii.cleaning.reading.decoding import repaired
from ccgcii.documents import Document, Verdict, changed
from ccgcii.errors import StoreError
from ccgcii.plugins import Plugins
from ccgcii.records import record_from_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ccgcii.catalogues import Event
    from ccgcii.cities import Study
    from ccgcii.cleaning.prefilter import Prefilter
    from ccgcii.documents import Record

RELEVANCE = "names-no-city"
# To change a document costs a third of making one.
_NOTHING = Document("", "", "", datetime.fromtimestamp(0, tz=UTC))


class Task(NamedTuple):
    """A capture to clean: a page by its place in the archive, or a record by its JSON.

    A tuple, for each goes to a worker, and a dataclass takes four times as long to send.
    """

    capture_id: int
    source: str
    channel: str
    kind: str
    url: str
    fetched_at: int
    status: int | None = None
    content_type: str | None = None
    hints: str = "{}"
    warc: str | None = None
    offset: int | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """A capture to judge again from layer `since` on, with its document as that layer gets it."""

    capture_id: int
    document: Document
    since: int


@dataclass(frozen=True, slots=True)
class CleanerPlan:
    """Everything a worker needs to clean, picklable."""

    study: Study
    events: tuple[Event, ...]
    archive: Path
    plugins: Mapping[str, tuple[str, ...]]
    options: Options

    def build(self) -> Cleaner:
        """Load plugins and compile names in this process."""
        plugins = Plugins.load(**self.plugins)
        return Cleaner(self, Pipeline.build(self.study, plugins, self.options))


class Cleaner:
    """Cleans captures one by one; nothing a page holds can stop it."""

    def __init__(self, plan: CleanerPlan, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._archive = plan.archive
        self._cities = plan.study.cities
        self._judge = Judge(pipeline, plan.events)
        # Without the filter that wants a city, no page may be passed over for naming none.
        self._wants_city = any(thing.name == RELEVANCE for thing in pipeline.filters)

    def clean(self, batch: Sequence[Task | Restored]) -> list[Outcome]:
        """Return what becomes of each piece of work, in order.

        A crash of a parser costs its page alone.
        """
        read = [self._case(piece) for piece in batch]
        judged = iter(self._judge.judge([case for case in read if isinstance(case, Case)]))
        return [next(judged) if isinstance(case, Case) else case for case in read]

    @cached_property
    def _prefilter(self) -> Prefilter:
        """Compile it with the first page: a worker that gets posts alone never needs it."""
        return prefilter_for(self._cities)

    def _case(self, piece: Task | Restored) -> Case | Outcome:
        number = piece.capture_id
        if isinstance(piece, Restored):
            return Case(number, piece.document, piece.since)
        try:
            document = self._document(piece)
        except StoreError as error:
            return crashed(number, str(error))
        except Exception as error:  # noqa: BLE001 - parsers raise anything on broken pages
            return crashed(number, f"{type(error).__name__}: {error}")
        if isinstance(document, Verdict):
            return Outcome(number, verdict=document)
        return Case(number, document)

    def _document(self, task: Task) -> Document | Verdict:
        fetched_at = datetime.fromtimestamp(task.fetched_at, tz=UTC)
        if task.kind == "record":
            record = record_from_json(task.payload or "{}")
            return record_document(record, task.source, fetched_at)
        if task.warc is None or task.offset is None:
            raise StoreError(f"{task.url}: the capture points nowhere into the archive")
        page = read_archived(self._archive / task.warc, task.offset)
        if self._wants_city and not self._prefilter.names_a_city(page.body):
            return Verdict(2, RELEVANCE, "no city's name in the bytes of the page")
        from ccgcii.cleaning.reading.pages import RawPage, read_page  # noqa: PLC0415 - trafilatura takes 0.15 s

        return read_page(
            RawPage(
                source=task.source,
                channel=task.channel,
                url=task.url or page.url,
                fetched_at=fetched_at,
                body=page.body,
                status=task.status or page.status,
                content_type=task.content_type or page.content_type,
                hints=_hints(task.hints),
            )
        )


def record_document(record: Record, source: str, fetched_at: datetime) -> Document:
    """Turn a record into a document; its date is the source's own."""
    outlet = record.outlet
    if outlet is None and record.channel == "media":
        outlet = outlet_domain(record.url)
    return changed(
        _NOTHING,
        source=source,
        channel=record.channel,
        url=record.url,
        fetched_at=fetched_at,
        canonical_url=canonical_url(record.url),
        title=repaired(record.title),
        text=repaired(record.text),
        published_at=record.published_at,
        date_rule="record" if record.published_at else "none",
        outlet=outlet,
        author=record.author,
        author_followers=record.author_followers,
        declared_language=record.language,
        country=record.country,
        likes=record.likes,
        comments=record.comments,
        shares=record.shares,
        views=record.views,
        is_share=record.is_share,
        places=record.places,
    )


def _hints(text: str) -> dict[str, Any]:
    hints = json.loads(text or "{}")
    return hints if isinstance(hints, dict) else {}
