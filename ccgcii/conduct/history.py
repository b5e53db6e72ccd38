"""A source's history, computed from the rows of the store: runs, captures, documents, quotas."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_DOCUMENTS = """
SELECT s.name, count(*) AS number, count(d.published_at) AS dated,
  sum(CASE WHEN d.account_id IS NULL AND d.outlet_id IS NULL THEN 0 ELSE 1 END) AS signed,
  sum(CASE WHEN t.text <> '' THEN 1 ELSE 0 END) AS worded
FROM document d JOIN source s ON s.id = d.source_id
JOIN document_text t ON t.document_id = d.id GROUP BY s.name
"""
_CAPTURES = """
SELECT s.name, c.run_id, count(*) AS number, max(c.fetched_at) AS newest
FROM capture c JOIN source s ON s.id = c.source_id GROUP BY s.name, c.run_id
"""
_DEFERRED = """
SELECT s.name, count(*) AS number, max(l.not_before) AS until FROM slice l
JOIN source s ON s.id = l.source_id WHERE l.state = 'deferred' AND l.not_before > :now
GROUP BY s.name
"""
_LISTINGS = """
SELECT s.name, count(*) AS number, sum(CASE WHEN p.failures > 0 THEN 1 ELSE 0 END) AS failing
FROM poll p JOIN request r ON r.id = p.request_id JOIN source s ON s.id = r.source_id
GROUP BY s.name
"""
_QUOTAS = """
SELECT s.name, q.bucket, q.day, q.used, q."limit", q.span FROM quota q
JOIN source s ON s.id = q.source_id ORDER BY s.name, q.bucket, q.day DESC
"""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """What one run did for one source; `requests` is None where a run was killed, or imported.

    It read so many `listings`, of which `unchanged` had not changed; others were `resting`.
    """

    run: int
    captures: int
    requests: int | None = None
    failed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    stopped: str | None = None
    listings: int = 0
    unchanged: int = 0
    resting: int = 0

    @property
    def quiet(self) -> bool:
        """Whether most of what it asked for, or did not ask for yet, had not changed."""
        well = self.unchanged + self.resting
        return well > 0 and well >= (self.requests or 0) - self.unchanged

    @property
    def yields(self) -> float:
        """What it brought; of feeds, by feed that was read, since they are read as they yield."""
        return self.captures / self.listings if self.listings else float(self.captures)

    @property
    def worked(self) -> bool:
        """Whether it had anything to do: only then does it say how the source fares."""
        return self.requests is None or self.requests > 0


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a bucket was used when it was last: `day` is the API's own day or month.

    With a `span` of more than one, so many days up to that one share the limit.
    """

    bucket: str
    used: int
    limit: int
    day: str
    span: int = 1


@dataclass(slots=True)
class History:
    """All that the store knows of a source; rates are 0 to 1, None without a document.

    `last_new` is when its newest capture was fetched, `waits_until` when its quota is there
    again (both in seconds since 1970); of its `listings`, `failing` fail.
    """

    source: str
    runs: list[SourceRun] = field(default_factory=list)
    captures: int = 0
    last_new: int | None = None
    documents: int = 0
    dated: float | None = None
    signed: float | None = None
    worded: float | None = None
    waits_until: int | None = None
    listings: int = 0
    failing: int = 0
    quotas: list[Usage] = field(default_factory=list)


def read_histories(connection: Connection, names: Iterable[str]) -> dict[str, History]:
    """Return the history of the sources named and of every other one in the store."""
    stored = connection.execute(text("SELECT name FROM source ORDER BY name")).scalars()
    known = {name: History(name) for name in dict.fromkeys((*names, *stored))}
    brought = _read_captures(connection, known)
    _read_runs(connection, known, brought)
    for row in connection.execute(text(_DOCUMENTS)):
        history = known[row.name]
        history.documents = row.number
        shares = (count / row.number for count in (row.dated, row.signed, row.worded))
        history.dated, history.signed, history.worded = shares
    for row in connection.execute(text(_DEFERRED), {"now": int(time.time())}):
        known[row.name].waits_until = row.until
    for row in connection.execute(text(_LISTINGS)):
        known[row.name].listings, known[row.name].failing = row.number, row.failing
    _read_quotas(connection, known)
    return known


def _read_captures(
    connection: Connection, known: dict[str, History]
) -> dict[int, list[tuple[str, int]]]:
    """Return by run what each source brought in it, as far as it is in the store."""
    brought: dict[int, list[tuple[str, int]]] = {}
    for row in connection.execute(text(_CAPTURES)):
        history = known[row.name]
        history.captures += row.number
        history.last_new = max(history.last_new or 0, row.newest)
        if row.run_id is not None:
            brought.setdefault(row.run_id, []).append((row.name, row.number))
    return brought


def _read_quotas(connection: Connection, known: dict[str, History]) -> None:
    rows = connection.execute(text(_QUOTAS)).all()
    for (name, bucket), days in groupby(rows, key=lambda row: (row.name, row.bucket)):
        newest, *before = days
        used = newest.used
        if newest.span > 1:
            first = date.fromisoformat(newest.day) - timedelta(days=newest.span - 1)
            used += sum(row.used for row in before if date.fromisoformat(row.day) >= first)
        told = Usage(bucket, used, newest.limit, newest.day, newest.span)
        known[name].quotas.append(told)


def _read_runs(
    connection: Connection,
    known: dict[str, History],
    brought: dict[int, list[tuple[str, int]]],
) -> None:
    query = "SELECT id, kind, summary FROM run WHERE kind IN ('crawl', 'import') ORDER BY id"
    for row in connection.execute(text(query)):
        told = json.loads(row.summary).get("sources", []) if row.kind == "crawl" else []
        runs = {each["source"]: _told_run(row.id, each) for each in told}
        for name, number in brought.get(row.id, []):
            runs.setdefault(name, SourceRun(row.id, number))
        for name, run in runs.items():
            if name in known:
                known[name].runs.append(run)


def _told_run(number: int, told: dict[str, Any]) -> SourceRun:
    return SourceRun(
        number,
        told["captures"],
        told["requests"],
        told["failed"],
        told.get("reasons", {}),
        told.get("stopped"),
        told.get("listings", 0),
        told.get("not_modified", 0) + told.get("same_body", 0),
        told.get("listings_resting", 0),
    )
