"""The desk of one source: what responses gave is gathered for a moment, then stored in one go.

Bytes go to the archive and to the disk first, then one transaction writes the length of the
archive, captures, records, new requests, and that the requests are done. A crash before the commit
costs the requests of the group, which are fetched again; nothing is stored twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from ccgcii.crawling.apis.quotas import QuotaBook
from ccgcii.crawling.archive import ArchiveWriter, cut_uncommitted
from ccgcii.crawling.budgets import Budget
from ccgcii.crawling.captures import CaptureTable, add_sightings
from ccgcii.crawling.failures import store_error
from ccgcii.crawling.frontier import Frontier
from ccgcii.crawling.listings import NOT_MODIFIED, SAME_BODY, PollBook
from ccgcii.crawling.outcomes import Counts, Outcome
from ccgcii.crawling.slicebook import SliceBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.crawling.captures import Place
    from ccgcii.crawling.outcomes import Lease, NewRequest
    from ccgcii.crawling.sources import Source
    from ccgcii.planning.slices import Slice

GROUP = 8  # responses
PATIENCE = 0.010  # seconds that a response waits for company


class Desk:
    """Everything that one source's crawl keeps, and the only place that writes it."""

    def __init__(
        self,
        engine: Engine,
        archive: Path,
        *,
        source: Source,
        source_id: int,
        run_id: int | None = None,
        prefetch: int = 32,
        polls: PollBook | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.counts = Counts(source.name)
        self.polls = polls or PollBook()
        self.budget = budget or Budget()
        self.failure: Exception | None = None
        self.in_flight: dict[int, Lease] = {}
        self.waiting: deque[Lease] = deque()
        self.on_trouble: Callable[[], None] = lambda: None
        self.on_commit: Callable[[], None] = lambda: None
        self.on_leave: Callable[[], None] = lambda: None
        self.leaving = False
        self._engine, self._folder, self._source = engine, archive, source
        self._source_id, self._run_id, self._prefetch = source_id, run_id, prefetch
        self._archive = ArchiveWriter(engine, archive, source.name)
        self._frontier = Frontier(source_id)
        self._quotas = QuotaBook(source_id, source.quotas())
        self._book = SliceBook(source_id, self.counts, complete=source.complete)
        self._group: list[Outcome] = []
        self._committed: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._opened = contextlib.ExitStack()

    def open(self) -> list[tuple[int, Slice]]:
        """Take up where an earlier crawl ended; return the slices that have yet to be started.

        None are returned, and `failure` says why, if the store cannot be written.
        """
        try:
            return self._take_up()
        except (SQLAlchemyError, OSError) as error:
            self.failure = store_error(self._source.name, error)
            return []

    def _take_up(self) -> list[tuple[int, Slice]]:
        cut_uncommitted(self._engine, self._folder, self._source.name)
        self._connection = self._engine.connect()
        self._opened.callback(self._connection.close)
        # This connection has a setting of its own: it must not go back to the pool.
        self._connection.detach()
        if self._engine.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA synchronous=FULL")
            self._connection.commit()
        with self._connection.begin():
            self._frontier.reclaim(self._connection)
            planned = self._book.open(self._connection)
            self._quotas.open(self._connection)
            self.polls.open(self._connection, self._source_id)
            self._captures = CaptureTable(
                self._connection,
                self._source_id,
                self._source.channel,
                self._run_id,
                self._source.terms,
            )
        return planned

    def leave(self) -> None:
        """Ask for the end of the crawl; it may not even have begun."""
        self.leaving = True
        self.on_leave()

    def start_slice(self, slice_id: int, requests: list[NewRequest]) -> None:
        """Queue the first requests of a slice, and note that it runs, at once."""

        def start(connection: Connection) -> None:
            added = self._frontier.add(connection, slice_id, requests)
            self._book.start(connection, slice_id, added)

        self._guarded(start)

    def refuse_slice(self, slice_id: int, reason: str) -> None:
        """Note that a slice could not be started."""
        self.counts.count_reason(reason)
        self._guarded(lambda connection: self._book.refuse(connection, slice_id, reason))

    def take(self, accept: Callable[[Lease], bool]) -> Lease | None:
        """Return a due request that `accept` accepts, leased; None if there is none now."""
        for lease in self.waiting:
            if accept(lease):
                self.waiting.remove(lease)
                self.in_flight[lease.row] = lease
                return lease
        # Requests of busy hosts wait here; beyond them there may be hosts that are free.
        if len(self.waiting) < 16 * self._prefetch and self._refill():
            return self.take(accept)
        return None

    def has_more(self) -> bool:
        """Say whether anything is waiting, uncommitted, or due within the source's patience."""
        if self.failure is not None:
            return False
        last = time.time() + self._source.patience
        return bool(self.waiting or self._group) or self.due_at() <= last

    def due_at(self) -> float:
        """Return when the next queued request may be sent (seconds since 1970)."""
        return self._frontier.due_at

    def used(self, bucket: str) -> int:
        """Return how much of a bucket of the API is used."""
        return self._quotas.used(bucket, time.time())

    def may_send(self, lease: Lease) -> bool:
        """Reserve what a request spends; if a bucket is empty, put the request off instead."""
        until = self._quotas.wait(lease.spends, time.time())
        if until is None:
            self._quotas.reserve(lease.spends)
            return True
        waits = Outcome(lease, "queued", not_before=math.ceil(until), sent=False, put_off=True)
        self.settle_soon(waits)
        return False

    def must_wait(self, lease: Lease) -> bool:
        """Say whether a request has to wait for what those in flight leave of its buckets."""
        others = len(self.in_flight) > 1
        return others and self._quotas.is_set_aside(lease.spends, time.time())

    def put_back(self, lease: Lease) -> None:
        """Let a request that was taken be the next one that is."""
        if self.in_flight.pop(lease.row, None) is not None:
            self.waiting.appendleft(lease)

    def take_back(self, lease: Lease) -> None:
        """Give back what was set aside for a request that was not sent after all."""
        self._quotas.release(lease.spends)
        self.budget.requests -= 1

    async def settle(self, outcome: Outcome) -> None:
        """Store an outcome with its group, and wait until it is."""
        committed = self.settle_soon(outcome)
        if committed is not None:
            await committed

    def settle_soon(self, outcome: Outcome) -> asyncio.Future[None] | None:
        """Store an outcome with its group; only the first outcome of a lease counts."""
        if self.in_flight.pop(outcome.lease.row, None) is None or self.failure is not None:
            return None
        loop = asyncio.get_running_loop()
        if self._committed is None:
            self._committed = loop.create_future()
            self._timer = loop.call_later(PATIENCE, self.commit)
        committed = self._committed
        self._group.append(outcome)
        if len(self._group) >= GROUP:
            self.commit()
        return committed

    def queue_early(self, lease: Lease, requests: list[NewRequest]) -> None:
        """Queue a part of what a huge response names; queuing it again later adds nothing."""
        self._guarded(lambda connection: self._add(connection, lease, requests))

    def commit(self) -> None:
        """Store the group."""
        group, self._group = self._group, []
        committed, self._committed = self._committed, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if group and self.failure is None:
            self._guarded(lambda connection: self._store(connection, group))
        if committed is not None and not committed.done():
            committed.set_result(None)
        self.on_commit()

    def close(self, *, finished: bool) -> None:
        """Store the rest, give back what was not sent, and close.

        `finished` says that nothing more could be sent; slices left over are put off.
        """
        self.commit()
        unsent = [*self.waiting, *self.in_flight.values()]
        self.waiting.clear()
        self.in_flight.clear()
        if self.failure is None:
            self._guarded(lambda connection: self._leave(connection, unsent, finished=finished))
        # After a failure the buffer may not be writable either; the next crawl cuts the file.
        with contextlib.suppress(OSError):
            self._archive.close()
        self._opened.close()

    def _refill(self) -> bool:
        if self.failure is not None or self._frontier.due_at > time.time():
            return False
        before = len(self.waiting)
        self._guarded(self._lease)
        return len(self.waiting) > before

    def _lease(self, connection: Connection) -> None:
        self.waiting.extend(self._frontier.lease(connection, self._prefetch))

    def _guarded(self, work: Callable[[Connection], Any]) -> None:
        try:
            with self._connection.begin():
                work(self._connection)
        except (SQLAlchemyError, OSError) as error:
            self.failure = store_error(self._source.name, error)
            self.on_trouble()
        except Exception as error:  # noqa: BLE001 - a fault of ours must end the crawl, not hang it
            self.failure = error
            self.on_trouble()

    def _store(self, connection: Connection, group: list[Outcome]) -> None:
        places = self._write_archive(group)
        kept = [(outcome, places[outcome.lease.row]) for outcome in group if outcome.page]
        captures = self._captures.add_pages(connection, kept)
        self._archive.commit(connection)
        self._frontier.settle(connection, group)
        for outcome in group:
            slice_id = outcome.lease.slice_id
            place = places.get(outcome.lease.row)
            captures += self._captures.add_records(connection, outcome, place)
            add_sightings(connection, slice_id, outcome.seen)
            self._spend(connection, outcome)
            self._add(connection, outcome.lease, outcome.requests)
            if outcome.lease.polls:
                self.polls.settle(connection, outcome)
            if outcome.state != "queued":
                self._book.settled(slice_id)
        for slice_id in {outcome.lease.slice_id for outcome in group}:
            self._book.finish_if_over(connection, slice_id)
        if len(self.waiting) < self._prefetch // 2 and self._frontier.due_at <= time.time():
            self._lease(connection)
        self._count(group, captures)

    def _write_archive(self, group: Iterable[Outcome]) -> dict[int, Place]:
        self._archive.rotate()
        places = {
            outcome.lease.row: self._archive.write(outcome.lease.raw)
            for outcome in group
            if outcome.lease.raw is not None
            and (outcome.page or (outcome.records and self._source.archives))
        }
        if places:
            self._archive.flush()
        return places

    def _spend(self, connection: Connection, outcome: Outcome) -> None:
        if not outcome.sent:
            return
        now, spends = time.time(), outcome.lease.spends
        self._quotas.release(spends)
        if outcome.put_off:
            self._quotas.empty(connection, spends, outcome.not_before, now)
        elif outcome.state == "done" or self._source.errors_cost:
            # In one go: an answer may have cost less than its request set aside.
            cost = Counter(spends)
            cost.update(outcome.spent)
            self._quotas.spend(connection, cost, now)

    def _add(self, connection: Connection, lease: Lease, requests: list[NewRequest]) -> None:
        slice_id = lease.slice_id
        room = self._book.room(slice_id, self._source.budget)
        if len(requests) > room:
            # Only what is new takes room, or a long list would never be read past its beginning.
            requests, all_named = self._frontier.unknown(connection, requests), len(requests)
            lease.named += all_named - len(requests)
        if len(requests) > room:
            lease.dropped += len(requests) - room
            self.counts.dropped += len(requests) - room
            budget = self._source.budget
            self.counts.count_reason(f"the slice's budget of {budget} requests is used up")
        added = self._frontier.add(connection, slice_id, requests[:room])
        self._book.added(slice_id, added)
        lease.named += len(requests)
        lease.added += added

    def _leave(self, connection: Connection, unsent: list[Lease], *, finished: bool) -> None:
        self._frontier.release(connection, unsent)
        if finished:
            self._book.defer(connection)

    def _count(self, group: list[Outcome], captures: int) -> None:
        self.counts.captures += captures
        for outcome in (one for one in group if one.sent):
            self.counts.requests += 1
            self.counts.failed += outcome.state == "failed"
            self.counts.retried += outcome.state == "queued"
            self.counts.notes += outcome.state == "done" and outcome.error is not None
            if outcome.reading is not None:
                self.counts.listings += 1
                self.counts.not_modified += outcome.reading.unchanged == NOT_MODIFIED
                self.counts.same_body += outcome.reading.unchanged == SAME_BODY
            if outcome.error and outcome.state != "queued":
                # What could be used although it was damaged is worth a look: say where.
                where = f" ({outcome.lease.url})" if outcome.state == "done" else ""
                self.counts.count_reason(outcome.error + where)
