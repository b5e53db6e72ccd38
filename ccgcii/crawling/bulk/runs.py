"""A crawl of a source of files: its slices through workers, each kept whole or not."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from ccgcii.crawling.budgets import limit_of
from ccgcii.crawling.bulk.archive import sweep
from ccgcii.crawling.bulk.sources import BulkSource
from ccgcii.crawling.bulk.storing import BulkStore
from ccgcii.crawling.bulk.work import BulkJob, make_reader
from ccgcii.crawling.failures import store_error
from ccgcii.crawling.outcomes import Counts
from ccgcii.errors import SourceError
from ccgcii.execution import DIED, Crews
from ccgcii.planning.plans import write_slices
from ccgcii_db import Dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import TypeIs

    from ccgcii.config import CrawlSettings
    from ccgcii.crawling.bulk.work import SliceResult
    from ccgcii.execution import Crew
    from ccgcii.planning.slices import Plan, Slice
    from ccgcii.workspace import Workspace

    Progress = Callable[[list[Counts]], None] | None

HEARTBEAT = 0.5  # seconds between two calls of `progress`
# Slices waiting beside those under way, so that no worker is ever idle.
AHEAD = 1
FAILURES = 10  # files in a row that cannot be read, unless max_failures says otherwise


def is_bulk(kind: type[Any]) -> TypeIs[type[BulkSource]]:
    """Say whether a source is one of files."""
    return issubclass(kind, BulkSource)


@dataclass(slots=True)
class BulkCounts(Counts):
    """How a crawl of files stands: `requests` counts files, `share_read` is that of its sample."""

    bytes_read: int = 0
    share_read: float = 1.0


class BulkCrawl:
    """The crawl of one source of files, from its plan to its last slice."""

    def __init__(
        self,
        workspace: Workspace,
        kind: type[BulkSource],
        plan: Plan,
        slices: Iterable[Slice],
        run_id: int,
    ) -> None:
        source = kind(plan)
        cities = {city.key: city.id for city in workspace.study.cities}
        with workspace.engine.begin() as connection:
            source_id = Dictionary(connection, tables.Source).id(kind.name)
            if source_id is None:
                raise SourceError(f"{kind!r} has no name")
            write_slices(connection, source_id, slices, cities)
        self.counts = BulkCounts(kind.name, share_read=source.share_read())
        self._budget = _Budget(source.options, workspace.settings.crawl, plan.limit, self.counts)
        self._remark(plan)
        self._store = BulkStore(workspace.engine, kind, source_id, run_id, cities)
        self._job = BulkJob(
            kind.name,
            replace(plan, secrets={}),  # no worker needs them
            workspace.settings.crawl,
            workspace.settings.store.archive,
            workspace.plugins.arguments(),
        )
        self._engine, self._run_id = workspace.engine, run_id
        self._crews = Crews.of(workspace)
        self._last = 0
        self._queue: list[tuple[int, Slice]] = []

    def run(self, progress: Progress = None) -> bool:
        """Read slices until none is left or a budget is spent; return whether it was stopped.

        The first Ctrl-C gives up the files under way and keeps all others, the second one raises
        `KeyboardInterrupt`. Raises `StoreError` if something cannot be written.
        """
        with self._naming():
            sweep(self._engine, self._job.archive, self.counts.source)
            self.counts.slices = self.counts.queued = self._store.revive()
        self._budget.begin()
        stop = threading.Event()
        with _interrupts(stop.set):
            # One worker needs no process of its own, which takes a second or two to start.
            if self._crews.is_single:
                self._run_here(stop, progress)
                return stop.is_set()
            suspects = self._run_crew(stop, progress)
            while suspects:
                # A worker died. One at a time, the slice that kills it is found; the rest goes on.
                self._run_alone(stop, suspects, progress)
                suspects = self._run_crew(stop, progress)
        return stop.is_set()

    def _remark(self, plan: Plan) -> None:
        if self.counts.share_read < 1:
            self.counts.count_reason(
                f"a sample: {self.counts.share_read:.2%} of the files there are"
            )
        if plan.cities != plan.study.cities:
            self.counts.count_reason(
                "files are read for all cities of the study: --city does not apply"
            )

    def _run_here(self, stop: threading.Event, progress: Progress) -> None:
        read = make_reader(self._job, stop.is_set)
        while not stop.is_set() and (piece := self._next()):
            self._settle(read(*self._given(piece)))
            if progress is not None:
                progress([self.counts])

    def _run_crew(self, stop: threading.Event, progress: Progress) -> list[tuple[int, Slice]]:
        """Run until nothing is left; return the slices under way if the workers died together."""
        running: dict[Future[SliceResult], tuple[int, Slice]] = {}
        with self._hire() as crew:
            while True:
                most = crew.size + AHEAD
                while not stop.is_set() and len(running) < most and (piece := self._next()):
                    running[crew.submit(*self._given(piece))] = piece
                if not running:
                    return []
                done, _ = wait(running, timeout=HEARTBEAT, return_when=FIRST_COMPLETED)
                if stop.is_set():
                    crew.halt()
                dead = [future for future in done if crew.died(future)]
                if dead and crew.die_together:
                    return list(running.values())
                for future in done:
                    self._ended(running.pop(future), None if future in dead else future.result())
                if progress is not None:
                    progress([self.counts])

    def _run_alone(
        self, stop: threading.Event, suspects: list[tuple[int, Slice]], progress: Progress
    ) -> None:
        for piece in suspects:
            with self._hire(alone=True) as crew:
                future = crew.submit(*self._given(piece))
                while not wait([future], timeout=HEARTBEAT).done:
                    if stop.is_set():
                        crew.halt()
                self._ended(piece, None if crew.died(future) else future.result())
            if stop.is_set():
                return
            if progress is not None:
                progress([self.counts])

    @contextmanager
    def _hire(self, *, alone: bool = False) -> Iterator[Crew]:
        """Open a crew; what goes wrong here stops its workers."""
        with self._crews.open(partial(make_reader, self._job), alone=alone) as crew:
            try:
                yield crew
            except BaseException:
                crew.halt()
                raise

    def _given(self, piece: tuple[int, Slice]) -> tuple[int, Slice, str]:
        """Return what a reader is told: the slice, and the name of a file for its pages."""
        return *piece, f"{self._run_id}-{piece[0]}"

    def _ended(self, piece: tuple[int, Slice], result: SliceResult | None) -> None:
        if result is None:
            self._failed(piece[0], f"{piece[1].key}: {DIED}")
        else:
            self._settle(result)

    def _next(self) -> tuple[int, Slice] | None:
        if not self._budget.allows():
            return None
        if not self._queue:
            self._queue = self._store.planned(self._last)
        if not self._queue:
            return None
        piece = self._queue.pop(0)
        self._last = piece[0]
        self._budget.files += 1
        return piece

    def _settle(self, result: SliceResult) -> None:
        if result.stopped:
            return
        self.counts.requests += 1
        self.counts.queued -= 1
        self.counts.bytes_read += result.bytes_read
        if result.error is not None:
            self._failed(result.slice_id, result.error)
            return
        with self._naming():
            added, found = self._store.keep(result)
        self._budget.failures = 0
        self.counts.captures += added
        self.counts.slices += found
        self.counts.queued += found
        self.counts.slices_done += 1
        self.counts.notes += len(result.notes)
        for note in result.notes:
            self.counts.count_reason(note)

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Let an error of the store name the source and the next step."""
        try:
            yield
        except SQLAlchemyError as error:
            raise store_error(self.counts.source, error) from error

    def _failed(self, slice_id: int, reason: str) -> None:
        with self._naming():
            self._store.fail(slice_id, reason)
        self._budget.failures += 1
        self.counts.slices_failed += 1
        self.counts.failed += 1
        self.counts.count_reason(reason)


class _Budget:
    """What a crawl of a source may still spend; says once why it ends."""

    def __init__(
        self,
        options: BulkSource.Options,
        crawl: CrawlSettings,
        limit: int | None,
        counts: BulkCounts,
    ) -> None:
        self.files = 0
        self.failures = 0
        self._limit, self._counts = limit, counts
        self._files = limit_of("max_files", options, crawl, "max_requests")
        self._minutes = limit_of("max_minutes", options, crawl)
        self._megabytes = limit_of("max_megabytes", options, crawl)
        self._failures = limit_of("max_failures", options, crawl) or FAILURES
        self._began = time.monotonic()

    def begin(self) -> None:
        """Let the minutes count from now on: until then other sources are crawled."""
        self._began = time.monotonic()

    def allows(self) -> bool:
        """Say whether another file may be read."""
        reason = self._spent()
        if reason and self._counts.queued and not self._counts.budget:
            if self.failures >= self._failures:
                self._counts.stopped = f"{reason}; the next crawl goes on"
                self._counts.count_reason(reason)
            self._counts.budget = reason
        return reason is None

    def _spent(self) -> str | None:
        counts = self._counts
        minutes = (time.monotonic() - self._began) / 60
        limits = (
            (self._limit, counts.captures, "--limit of {} documents is reached"),
            (self._files, self.files, "max_files = {} is used up"),
            (self._minutes, minutes, "max_minutes = {} are over"),
            (self._megabytes, counts.bytes_read / 1e6, "max_megabytes = {} are used up"),
            (self._failures, self.failures, "max_failures: {} files in a row could not be read"),
        )
        for most, now, words in limits:
            if most is not None and now >= most:
                return words.format(most)
        return None


@contextmanager
def _interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM call `stop`, the second one raise `KeyboardInterrupt`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = 0

    def interrupted(*_: object) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            raise KeyboardInterrupt
        stop()

    before = {number: signal.signal(number, interrupted) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
