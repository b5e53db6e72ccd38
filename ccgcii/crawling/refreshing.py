"""Asking again for what has to be gone soon: terms let it be kept if it is fetched anew."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.crawling.bulk.runs import is_bulk
from ccgcii.crawling.runs import choose_sources, crawl
from ccgcii.errors import SourceError
from ccgcii.planning.slices import Slice
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ccgcii.crawling.outcomes import Counts
    from ccgcii.workspace import Workspace

CAPTURES, PAYLOADS = table_of(tables.Capture), table_of(tables.CaptureRecord)
SOURCES = table_of(tables.Source)
DAY = 86_400
BATCH = 50


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of it: pieces that were `due`, those `renewed`, and the counts of the crawl.

    What is not renewed is gone at the platform, waits for its quota, or is nothing that can be
    asked for again; `ccgcii purge --expired` removes it when its time is over.
    """

    due: int
    renewed: int
    counts: Counts | None


def refresh(workspace: Workspace, source: str, *, days: int = 5) -> Refreshed:
    """Ask again for the records of a source that expire within so many days, and take them anew.

    They are judged anew by the next `clean`. Raises `SourceError` for a source that cannot.
    """
    (kind,) = choose_sources(workspace, [source]).values()
    if is_bulk(kind) or not kind.refreshes:
        raise SourceError(
            f"source {source!r} cannot ask for single pieces again: `ccgcii crawl {source}` "
            "fetches, `ccgcii purge --expired` removes"
        )
    due = due_pieces(workspace.engine, source, time.time() + days * DAY)
    asked = {key: record for key, record in due.items() if kind.is_refreshed(record)}
    if not asked:
        return Refreshed(len(due), 0, None)
    sources = {**workspace.plugins.sources(), source: _renewing(kind, asked)}
    with workspace.aside(workspace.settings, sources) as aside:
        (counts,) = crawl(aside, [source]).sources
        left = due_pieces(aside.engine, source, time.time() + days * DAY)
    return Refreshed(len(due), len(due.keys() - left.keys()), counts)


def due_pieces(engine: Engine, source: str, until: float) -> dict[str, dict[str, Any]]:
    """Return the records of a source that expire until then, by the platform's id."""
    query = (
        select(PAYLOADS.c.payload)
        .join(CAPTURES, CAPTURES.c.id == PAYLOADS.c.capture_id)
        .join(SOURCES, SOURCES.c.id == CAPTURES.c.source_id)
        .where(SOURCES.c.name == source, CAPTURES.c.expires_at <= int(until))
        .order_by(CAPTURES.c.id)
    )
    with engine.connect() as connection:
        records = map(json.loads, connection.execute(query).scalars())
        return {record["id"]: record for record in records if record.get("id")}


def _renewing(kind: type[Any], due: dict[str, Any]) -> type[Any]:
    def slices(self: Any, plan: Any) -> list[Slice]:  # noqa: ARG001 - a source's signature
        pieces = [{"id": key, "author": one.get("author")} for key, one in due.items()]
        batches = [pieces[start : start + BATCH] for start in range(0, len(pieces), BATCH)]
        return [
            Slice(f"refresh:{int(time.time())}:{number}", {"refresh": batch})
            for number, batch in enumerate(batches)
        ]

    return type(kind.__name__, (kind,), {"slices": slices, "__module__": kind.__module__})
