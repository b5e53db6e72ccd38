"""Slices under way: which have requests left, which are done, which have failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from ccgcii.planning.slices import Slice
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ccgcii.crawling.outcomes import Counts

SLICES = table_of(tables.Slice)
REQUESTS = table_of(tables.Request)
CITIES = table_of(tables.City)


class SliceBook:
    """How many requests each slice of a source has left, kept in step with the rows."""

    def __init__(self, source_id: int, counts: Counts, *, complete: bool = False) -> None:
        """`complete` slices are done only if each of their requests is."""
        self._source_id = source_id
        self._complete = complete
        self._counts = counts
        self._left: dict[int, int] = {}
        self._spent: dict[int, int] = {}

    def open(self, connection: Connection) -> list[tuple[int, Slice]]:
        """Read how things stand; return the slices that have yet to be started."""
        rows = connection.execute(
            select(SLICES.c.id, SLICES.c.state).where(SLICES.c.source_id == self._source_id)
        ).all()
        self._left = {row.id: 0 for row in rows if row.state == "running"}
        self._left |= self._queued(connection)
        # Those that failed in another plan than this one are not tried now.
        planned = {row.id for row in rows if row.state == "planned"}
        self._counts.slices = len(planned | self._left.keys())
        self._counts.queued = sum(self._left.values())
        for slice_id in [number for number, left in self._left.items() if not left]:
            self._finish(connection, slice_id)
        return self._planned(connection)

    def start(self, connection: Connection, slice_id: int, added: int) -> None:
        """Note that a slice has its first requests."""
        connection.execute(update(SLICES).where(SLICES.c.id == slice_id).values(state="running"))
        self._left.setdefault(slice_id, 0)
        self.added(slice_id, added)
        self.finish_if_over(connection, slice_id)

    def refuse(self, connection: Connection, slice_id: int, reason: str) -> None:
        """Note that a slice could not even be started."""
        self._close(connection, slice_id, "failed", reason)

    def room(self, slice_id: int, budget: int) -> int:
        """Return how many more requests a slice may queue in this run."""
        return max(0, budget - self._spent.get(slice_id, 0))

    def added(self, slice_id: int, number: int) -> None:
        """Note new requests of a slice."""
        self._left[slice_id] = self._left.get(slice_id, 0) + number
        self._spent[slice_id] = self._spent.get(slice_id, 0) + number
        self._counts.queued += number

    def settled(self, slice_id: int) -> None:
        """Note that a request of a slice is done or has failed."""
        self._left[slice_id] = self._left.get(slice_id, 1) - 1
        self._counts.queued -= 1

    def finish_if_over(self, connection: Connection, slice_id: int) -> None:
        """Close a slice that has no request left."""
        if self._left.get(slice_id) == 0:
            self._finish(connection, slice_id)

    def defer(self, connection: Connection) -> None:
        """Put off the slices whose remaining requests may not be sent for a long while."""
        dues: list[int] = []
        for slice_id in [number for number, left in self._left.items() if left > 0]:
            due = connection.execute(
                select(func.min(REQUESTS.c.not_before)).where(
                    REQUESTS.c.slice_id == slice_id, REQUESTS.c.state == "queued"
                )
            ).scalar()
            connection.execute(
                update(SLICES)
                .where(SLICES.c.id == slice_id)
                .values(state="deferred", not_before=due or None)
            )
            self._counts.slices_deferred += 1
            dues.append(due or 0)
        # Zero is no time to come back at: it means whenever you like.
        self._counts.resumes_at = min(dues, default=0) or None

    def _queued(self, connection: Connection) -> dict[int, int]:
        rows = connection.execute(
            select(REQUESTS.c.slice_id, func.count())
            .where(REQUESTS.c.source_id == self._source_id, REQUESTS.c.state == "queued")
            .group_by(REQUESTS.c.slice_id)
        )
        return {row.slice_id: row[1] for row in rows}

    def _planned(self, connection: Connection) -> list[tuple[int, Slice]]:
        rows = connection.execute(
            select(SLICES, CITIES.c.key.label("city"))
            .outerjoin(CITIES, CITIES.c.id == SLICES.c.city_id)
            .where(SLICES.c.source_id == self._source_id, SLICES.c.state == "planned")
            .order_by(SLICES.c.id)
        )
        return [
            (row.id, Slice(row.key, json.loads(row.payload), row.city, row.requests_estimated))
            for row in rows
        ]

    def _finish(self, connection: Connection, slice_id: int) -> None:
        columns = REQUESTS.c
        troubles = connection.execute(
            select(columns.state, columns.depth, columns.error)
            .where(columns.slice_id == slice_id, columns.error.is_not(None))
            .order_by(columns.depth, columns.id)
        ).all()
        # A slice of the web stands and falls with the requests it began with: its feed, its query.
        fell = any(row.state == "failed" and (self._complete or row.depth == 0) for row in troubles)
        more = f" (and {len(troubles) - 1} more)" if len(troubles) > 1 else ""
        error = troubles[0].error + more if troubles else None
        self._close(connection, slice_id, "failed" if fell else "done", error)

    def _close(self, connection: Connection, slice_id: int, state: str, error: str | None) -> None:
        connection.execute(
            update(SLICES).where(SLICES.c.id == slice_id).values(state=state, error=error)
        )
        self._left.pop(slice_id, None)
        if state == "done":
            self._counts.slices_done += 1
        else:
            self._counts.slices_failed += 1
