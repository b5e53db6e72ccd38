"""What a worker does: one capture in, one outcome out, whatever the page holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ccgcii.archive import read_page as read_archived
from ccgcii.cleaning.addresses import canonical_url, outlet_domain
from ccgcii.cleaning.decoding import repaired
from ccgcii.cleaning.events import EventMatcher
from ccgcii.cleaning.pages import RawPage, read_page
from ccgcii.cleaning.pipeline import Options, Pipeline
from ccgcii.cleaning.prefilter import prefilter_for
from ccgcii.documents import Document, Verdict
from ccgcii.errors import StoreError
from ccgcii.plugins import Plugins
from ccgcii.records import record_from_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ccgcii.catalogues import Event
    from ccgcii.cities import Study
    from ccgcii.documents import Record

CRASH = "crash"
RELEVANCE = "names-no-city"


@dataclass(frozen=True, slots=True)
class Task:
    """A capture to clean: a page by its place in the archive, or a record by its JSON."""

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
class Outcome:
    """What became of a capture: a document, a verdict, or (layers 4 and 5) both.

    `keys` are what its twins share, `sketch` tells near copies; `problems` are the filters that
    raised.
    """

    capture_id: int
    document: Document | None = None
    verdict: Verdict | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    sketch: bytes | None = None
    events: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


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
        self._events = EventMatcher(plan.events)
        self._prefilter = prefilter_for(plan.study.cities)
        # Without the filter that wants a city, no page may be passed over for naming none.
        self._wants_city = any(thing.name == RELEVANCE for thing in pipeline.filters)

    def clean(self, task: Task) -> Outcome:
        """Return what becomes of a capture; a crash of a parser costs this page alone."""
        try:
            document = self._document(task)
            if isinstance(document, Verdict):
                return Outcome(task.capture_id, verdict=document)
            return self._judged(task, document)
        except StoreError as error:
            return crashed(task, str(error))
        except Exception as error:  # noqa: BLE001 - parsers raise anything on broken pages
            return crashed(task, f"{type(error).__name__}: {error}")

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

    def _judged(self, task: Task, document: Document) -> Outcome:
        problems: list[tuple[str, str]] = []
        judged = self.pipeline.judge(document, problems)
        if isinstance(judged, Document):
            return Outcome(
                task.capture_id,
                judged,
                keys=self.pipeline.keys(judged, problems),
                sketch=self.pipeline.sketch(judged, problems),
                events=self._events.find(judged),
                problems=tuple(problems),
            )
        kept = judged.document if judged.layer > 2 else None
        verdict = Verdict(judged.layer, judged.filter, judged.reason)
        return Outcome(task.capture_id, kept, verdict, problems=tuple(problems))


def crashed(task: Task, reason: str) -> Outcome:
    """Return the outcome of a capture that cannot be read at all."""
    return Outcome(task.capture_id, verdict=Verdict(1, CRASH, reason[:300]))


def record_document(record: Record, source: str, fetched_at: datetime) -> Document:
    """Turn a record into a document; its date is the source's own."""
    outlet = record.outlet
    if outlet is None and record.channel == "media":
        outlet = outlet_domain(record.url)
    return Document(
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
