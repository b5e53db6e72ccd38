"""Captures through worker processes: a bounded queue; a page that kills a worker costs itself."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

from ccgcii.cleaning.restoring import Rejudge, Restored
from ccgcii.cleaning.work import CRASH, CleanerPlan, Outcome, Task
from ccgcii.documents import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# What a worker is given: a capture to clean, or a document to judge again.
Work: TypeAlias = "Task | Restored"

# Captures a task; enough to hide the cost of sending them, few enough to keep memory flat.
BATCH = 48
# Batches waiting for each worker.
AHEAD = 2
# Starting a worker takes as long as cleaning this many captures here.
FEW = 200

_work: Callable[[Work], Outcome] | None = None


def clean_here(plan: CleanerPlan, batches: Iterable[list[Work]]) -> Iterator[list[Outcome]]:
    """Clean in this process, in order."""
    work = _ready(plan)
    for batch in batches:
        yield [work(piece) for piece in batch]


def clean_in_processes(
    plan: CleanerPlan, batches: Iterable[list[Work]], workers: int
) -> Iterator[list[Outcome]]:
    """Clean in worker processes, in the order of completion.

    When a worker dies, the batches under way are done again one capture at a time, each crash
    marking the capture that caused it.
    """
    source = iter(batches)
    pool = _pool(plan, workers)
    running: dict[Future[list[Outcome]], list[Work]] = {}
    try:
        while True:
            while len(running) < workers * AHEAD and (batch := next(source, None)) is not None:
                running[pool.submit(_clean_batch, batch)] = batch
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                suspects = list(running.values())
                running.clear()
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one(plan, suspects)
                pool = _pool(plan, workers)
                continue
            for future in done:
                del running[future]
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one_by_one(plan: CleanerPlan, batches: list[list[Work]]) -> Iterator[list[Outcome]]:
    waiting = deque(task for batch in batches for task in batch)
    while waiting:
        with _pool(plan, 1) as pool:
            while waiting:
                try:
                    yield pool.submit(_clean_batch, [waiting[0]]).result()
                except BrokenProcessPool:
                    killer = waiting.popleft().capture_id
                    verdict = Verdict(1, CRASH, "the worker process died on it")
                    yield [Outcome(killer, verdict=verdict)]
                    break
                waiting.popleft()


def _pool(plan: CleanerPlan, workers: int) -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads (progress bars, database pools) may hang.
    return ProcessPoolExecutor(workers, get_context("spawn"), _start, (plan,))


def _start(plan: CleanerPlan) -> None:
    global _work  # noqa: PLW0603 - one cleaner a process, built once
    # Ctrl-C goes to the parent, which lets running batches finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = _ready(plan)


def _clean_batch(batch: list[Work]) -> list[Outcome]:
    if _work is None:
        raise RuntimeError("a worker was not started by _start")
    return [_work(piece) for piece in batch]


def _ready(plan: CleanerPlan) -> Callable[[Work], Outcome]:
    cleaner = plan.build()
    again = Rejudge(plan, cleaner.pipeline)

    def work(piece: Work) -> Outcome:
        return again(piece) if isinstance(piece, Restored) else cleaner.clean(piece)

    return work
