"""The queue of requests in the store: leasing, adding, settling, inside a caller's transaction.

Hosts take turns: a new request's turn is one after its host's last, and never before the turn now
being served (start-time fair queueing), so a site with ten thousand pages does not keep a site
with ten waiting. Higher priorities come before all turns of lower ones.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import BigInteger, bindparam, func, literal, select, update

from ccgcii.crawling.outcomes import Lease
from ccgcii.crawling.redaction import redact
from ccgcii_db import insert_missing, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from ccgcii.crawling.outcomes import NewRequest, Outcome

REQUESTS = table_of(tables.Request)
NEVER = float("inf")
ASKED_AT_ONCE = 500
_PRIORITY_STEP = 1 << 40
_LEASED = (
    *("slice_id", "fingerprint", "url", "payload", "priority", "depth", "turn", "attempts"),
    "polls",
)
_SETTLE = (
    update(REQUESTS)
    .where(REQUESTS.c.id == bindparam("row"))
    .values(
        state=bindparam("new_state"),
        status=bindparam("new_status"),
        error=bindparam("new_error"),
        not_before=bindparam("new_not_before"),
        attempts=bindparam("new_attempts"),
    )
)


class Frontier:
    """The requests of one source; only one process at a time holds it (see `locks`)."""

    def __init__(self, source_id: int) -> None:
        self._source_id = source_id
        self._now = 0
        self._last: dict[str, int] = {}
        # Nothing is looked up before this moment: an empty queue costs no query.
        self.due_at = 0.0

    def reclaim(self, connection: Connection) -> None:
        """Queue again what an earlier process had in flight when it ended.

        What waits already keeps its place before what this process adds: a request that an empty
        bucket put off would else be overtaken by the same others for ever.
        """
        mine = REQUESTS.c.source_id == self._source_id
        connection.execute(
            update(REQUESTS).where(mine, REQUESTS.c.state == "leased").values(state="queued")
        )
        # A number of the column's own size would be too small for it on PostgreSQL.
        step = literal(_PRIORITY_STEP, BigInteger)
        turn = REQUESTS.c.turn + REQUESTS.c.priority * step
        waiting = select(REQUESTS.c.url, turn).where(mine, REQUESTS.c.state == "queued")
        for url, last in connection.execute(waiting):
            host = host_of(url)
            self._last[host] = max(last, self._last.get(host, -1))

    def lease(self, connection: Connection, number: int) -> list[Lease]:
        """Take up to `number` due requests out of the queue."""
        columns = REQUESTS.c
        due = (
            select(columns.id)
            .where(
                columns.source_id == self._source_id,
                columns.state == "queued",
                columns.not_before <= int(time.time()),
            )
            .order_by(columns.turn, columns.id)
            .limit(number)
        )
        rows = connection.execute(
            update(REQUESTS)
            .where(columns.id.in_(due))
            .values(state="leased")
            .returning(columns.id.label("row"), *(columns[name] for name in _LEASED))
        ).mappings()
        leases = [Lease(**row, host=host_of(row["url"])) for row in rows]
        leases.sort(key=lambda lease: (lease.turn, lease.row))
        if leases:
            newest = leases[-1]
            self._now = newest.turn + newest.priority * _PRIORITY_STEP
        self.due_at = 0.0 if len(leases) == number else self.next_due(connection)
        return leases

    def next_due(self, connection: Connection) -> float:
        """Return when the next queued request may be sent, `NEVER` if there is none."""
        columns = REQUESTS.c
        earliest = connection.execute(
            select(func.min(columns.not_before)).where(
                columns.source_id == self._source_id, columns.state == "queued"
            )
        ).scalar()
        return NEVER if earliest is None else float(earliest)

    def release(self, connection: Connection, leases: Sequence[Lease]) -> None:
        """Put back requests that were taken and not sent."""
        if leases:
            connection.execute(
                update(REQUESTS)
                .where(REQUESTS.c.id.in_([lease.row for lease in leases]))
                .values(state="queued")
            )

    def add(self, connection: Connection, slice_id: int, requests: Sequence[NewRequest]) -> int:
        """Queue requests that the source has never had; return how many were new."""
        if not requests:
            return 0
        rows = [
            {
                "source_id": self._source_id,
                "slice_id": slice_id,
                "fingerprint": request.fingerprint,
                "url": redact(request.url),
                "payload": request.payload,
                "state": "queued",
                "priority": request.priority,
                "depth": request.depth,
                "turn": self._turn(request.host) - request.priority * _PRIORITY_STEP,
                "not_before": 0,
                "attempts": 0,
                "polls": request.polls,
            }
            for request in requests
        ]
        added = connection.execute(insert_missing(connection, REQUESTS), rows).rowcount
        if added:
            self.due_at = 0.0
        return added

    def unknown(self, connection: Connection, requests: Sequence[NewRequest]) -> list[NewRequest]:
        """Return those requests that the source has never had."""
        columns, known = REQUESTS.c, set()
        for start in range(0, len(requests), ASKED_AT_ONCE):
            some = [request.fingerprint for request in requests[start : start + ASKED_AT_ONCE]]
            query = select(columns.fingerprint).where(
                columns.source_id == self._source_id, columns.fingerprint.in_(some)
            )
            known |= set(connection.execute(query).scalars())
        return [request for request in requests if request.fingerprint not in known]

    def settle(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        """Write what became of leased requests."""
        rows = [
            {
                "row": outcome.lease.row,
                "new_state": outcome.state,
                "new_status": outcome.status,
                "new_error": outcome.error,
                "new_not_before": outcome.not_before,
                "new_attempts": outcome.lease.attempts + (not outcome.put_off),
            }
            for outcome in outcomes
        ]
        if rows:
            connection.execute(_SETTLE, rows)
        again = [outcome.not_before for outcome in outcomes if outcome.state == "queued"]
        self.due_at = min([self.due_at, *again])

    def _turn(self, host: str) -> int:
        turn = max(self._now, self._last.get(host, -1) + 1)
        self._last[host] = turn
        return turn


def host_of(url: str) -> str:
    """Return the host of a URL, in lower case, `""` if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
