"""Listings that later crawls read again: which are due, and which failed pages are worth a try.

A listing that is not due rests: the crawl leaves it alone. What failed in passing is tried again
whether or not its listing still names it, since a listing that has not changed is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, update

from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

REQUESTS = table_of(tables.Request)
POLLS = table_of(tables.Poll)

# A page that failed so many times, over all crawls, is given up.
MOST_ATTEMPTS = 10
# What will not be better the next time, though no status says so.
_LASTING = ("forbidden by robots.txt%", "larger than %", "% leads to %", "redirects to itself%")
_BUSY = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Due:
    """Which listings are read: those due `now` (seconds since 1970; None: all of them).

    `reading` names how they are read; one that was read otherwise (another window) is due.
    """

    now: int | None = None
    reading: str = ""

    def rests(self) -> ColumnElement[bool]:
        """Say of a request whether it is for a listing that is not due."""
        mine = POLLS.c.request_id == REQUESTS.c.id
        return exists().where(mine, self.is_later()).correlate(REQUESTS)

    def is_later(self) -> ColumnElement[bool]:
        """Say of a listing whether it is not due."""
        if self.now is None:
            return false()
        columns = POLLS.c
        # A check in the future is one by a clock that was wrong.
        by_our_clock = columns.checked_at <= self.now
        return and_(columns.due_at > self.now, by_our_clock, columns.reading == self.reading)


@dataclass(frozen=True, slots=True)
class Resting:
    """How many listings were left alone, and when the first of them is due."""

    listings: int = 0
    until: int | None = None


def count_resting(connection: Connection, slices: Iterable[int], due: Due) -> Resting:
    """Return how many listings of some slices rest."""
    columns = REQUESTS.c
    rows = connection.execute(
        select(columns.slice_id, POLLS.c.due_at)
        .join(POLLS, POLLS.c.request_id == columns.id)
        .where(due.is_later(), columns.state.in_(("done", "failed")))
    ).all()
    ours = set(slices)
    moments = [row.due_at for row in rows if row.slice_id in ours]
    return Resting(len(moments), min(moments, default=None))


def has_listings(connection: Connection, slice_id: int) -> bool:
    """Say whether a slice has requests that are marked as listings."""
    query = select(func.count()).where(REQUESTS.c.slice_id == slice_id, REQUESTS.c.polls)
    return bool(connection.execute(query).scalar())


def ask_again(connection: Connection, slice_id: int, due: Due) -> int:
    """Queue what a done slice has to ask for again; return how many requests that are."""
    columns = REQUESTS.c
    unlisted = and_(columns.depth == 0, columns.polls.is_(False), columns.state == "done")
    listed = and_(columns.polls, not_(due.rests()))
    waiting = connection.execute(
        update(REQUESTS)
        .where(columns.slice_id == slice_id, or_(listed, unlisted))
        .values(state="queued", attempts=0, not_before=0, error=None)
    ).rowcount
    return waiting + _try_failed_pages(connection, slice_id)


def _try_failed_pages(connection: Connection, slice_id: int) -> int:
    columns = REQUESTS.c
    passing = or_(columns.status.is_(None), columns.status >= 500, columns.status.in_(_BUSY))
    lasting = or_(*(columns.error.like(words) for words in _LASTING))
    return connection.execute(
        update(REQUESTS)
        .where(
            columns.slice_id == slice_id,
            columns.state == "failed",
            columns.polls.is_(False),
            columns.attempts < MOST_ATTEMPTS,
            passing,
            ~lasting,
        )
        .values(state="queued", not_before=0, error=None)
    ).rowcount
