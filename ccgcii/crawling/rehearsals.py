"""A crawl of one source aside: into a store that is thrown away, recorded or from a recording."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import text

from ccgcii.config import CrawlSettings, Settings
from ccgcii.crawling.bulk.runs import is_bulk
from ccgcii.crawling.recorders import Record, Replay, with_recording
from ccgcii.crawling.recordings import Recording
from ccgcii.crawling.runs import choose_sources, crawl
from ccgcii.errors import SourceError
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.crawling.outcomes import Counts
    from ccgcii.crawling.sources import Source

_CAME = """
SELECT c.kind, c.url, c.hints, r.payload FROM capture c
LEFT JOIN capture_record r ON r.capture_id = c.id ORDER BY c.url, c.id
"""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it: the counts of each crawl, what is kept, and what was not recorded.

    A piece is a page (`url` and what the source knows of it) or a record (all its fields).
    """

    crawls: tuple[Counts, ...]
    pieces: list[dict[str, Any]]
    missing: list[str]


def record(
    workspace: Workspace,
    source: str,
    folder: Path,
    *,
    cities: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
) -> Rehearsal:
    """Crawl a source of a study and record it into a folder, with what it made of the answers.

    The study's store is neither read nor written. Raises `SourceError` for an unknown source, one
    of files, or a folder that holds something else.
    """
    (kind,) = choose_sources(workspace, [source]).values()
    if is_bulk(kind):
        raise SourceError(f"source {source!r} reads files: a file is its own recording")
    if folder.exists() and any(folder.iterdir()) and not (folder / "recording.json").exists():
        raise SourceError(f"{folder}: holds something else; name an empty folder")
    study = workspace.settings.study
    window = (str(since or study.since), str(until or study.until))
    options = dict(workspace.settings.sources.get(source, {}))
    recording = Recording(folder, source, *window, list(cities), options)
    with TemporaryDirectory(prefix="ccgcii-record-") as place:
        aside = _aside(workspace, place, kind, Record, recording)
        found = _crawl(aside, recording, limit=limit)
    recording.write()
    recording.expect(found.pieces)
    return found


def replay(kind: type[Source], recording: Recording, *, times: int = 1) -> Rehearsal:
    """Crawl a source from a recording, `times` times over one store."""
    secrets = {name: SecretStr("replayed") for name in kind.needs}
    quick = Settings(crawl=CrawlSettings(delay=0, retries=0), secrets=secrets)
    with TemporaryDirectory(prefix="ccgcii-replay-") as place:
        aside = _aside(Workspace(quick), place, kind, Replay, recording)
        return _crawl(aside, recording, times=times)


def _aside(
    workspace: Workspace,
    folder: str,
    kind: type[Source],
    middleware: type[Record | Replay],
    recording: Recording,
) -> Workspace:
    place = {"url": f"sqlite:///{folder}/aside.db", "archive": Path(folder) / "archive"}
    settings = workspace.settings
    changed = {
        "store": settings.store.model_copy(update=place),
        "sources": {kind.name: dict(recording.options)},
    }
    sources = {kind.name: with_recording(kind, middleware, recording)}
    return workspace.aside(settings.model_copy(update=changed), sources, create=True)


def _crawl(
    aside: Workspace, recording: Recording, *, times: int = 1, limit: int | None = None
) -> Rehearsal:
    window = (date.fromisoformat(recording.since), date.fromisoformat(recording.until))
    crawls = []
    with aside:
        for _ in range(times):
            summary = crawl(
                aside,
                [recording.source],
                since=window[0],
                until=window[1],
                cities=recording.cities,
                limit=limit,
            )
            crawls.append(summary.sources[0])
        with aside.engine.connect() as connection:
            rows = connection.execute(text(_CAME)).all()
    return Rehearsal(tuple(crawls), [_piece(*row) for row in rows], recording.missing)


def _piece(kind: str, url: str, hints: str, payload: str | None) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(hints if payload is None else payload)
    return {"kind": kind, "url": url, **told}
