"""Captures through workers: a bounded queue; a page that kills a worker costs itself."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from ccgcii.cleaning.judging import crashed
from ccgcii.cleaning.rows import Rows, rows_of
from ccgcii.execution import DIED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ccgcii.cleaning.work import CleanerPlan, Restored, Task
    from ccgcii.execution import Crew, Crews

# What a worker is given: a capture to clean, or a document to judge again.
Work: TypeAlias = "Task | Restored"

# Records a task; enough to hide the cost of sending them and to keep each filter's tables in the
# processor's caches, few enough to keep memory flat. A page takes as long as many records.
BATCH = 96
PAGE = 4
# Batches waiting for each worker.
AHEAD = 2
# Starting a worker takes as long as cleaning this many captures here.
FEW = 200
# From so many captures on, every worker of this machine starts at once.
MANY = 5_000
# Seconds that the workers of a smaller cleaning are at work before another one starts.
PATIENCE = 2.5


def clean_here(plan: CleanerPlan, batches: Iterable[list[Work]]) -> Iterator[Rows]:
    """Clean in this process, in order."""
    return map(ready(plan), batches)


def clean_in_crew(
    plan: CleanerPlan, batches: Iterable[list[Work]], crews: Crews, total: int = MANY
) -> Iterator[Rows]:
    """Clean in workers, in the order of completion.

    A few captures (`total`) get one process of this machine first, and others when it lasts. When a
    worker dies, the batches that may be the cause are done again one capture at a time, each crash
    marking the capture that caused it.
    """
    source = iter(batches)
    suspects = yield from _until_a_death(plan, source, crews, total)
    while suspects:
        yield from _one_by_one(plan, suspects, crews)
        suspects = yield from _until_a_death(plan, source, crews, total)


def _until_a_death(
    plan: CleanerPlan, source: Iterator[list[Work]], crews: Crews, total: int
) -> Generator[Rows, None, list[list[Work]]]:
    """Return the batches that were under way when a worker died; none if all is done."""
    build = partial(ready, plan)
    most = crews.processes if total < MANY else 1
    with ExitStack() as stack:
        hands = [_Hand(stack.enter_context(crews.open(build, alone=most > 1)))]
        began: float | None = None
        while True:
            for hand in hands:
                hand.fill(source)
            running = [future for hand in hands for future in hand.running]
            if not running:
                return []
            wait(running, return_when=FIRST_COMPLETED)
            for hand in hands:
                suspects = yield from hand.finished()
                if suspects and hand.crew.die_together:
                    return suspects + [b for other in hands for b in other.running.values()]
                yield from _one_by_one(plan, suspects, crews)
            # A worker is at work from its first answer on.
            began = began or time.monotonic()
            if len(hands) < most and time.monotonic() - began > PATIENCE:
                hands.append(_Hand(stack.enter_context(crews.open(build, alone=True))))
                began = None


class _Hand:
    """A crew and the batches it has."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.running: dict[Future[Rows], list[Work]] = {}

    def fill(self, source: Iterator[list[Work]]) -> None:
        """Give it as much as it may have."""
        most = self.crew.size * AHEAD
        while len(self.running) < most and (batch := next(source, None)) is not None:
            self.running[self.crew.submit(batch)] = batch

    def finished(self) -> Generator[Rows, None, list[list[Work]]]:
        """Yield what it has done, and return the batches that a worker died on."""
        suspects = []
        for future in [future for future in self.running if future.done()]:
            batch = self.running.pop(future)
            if self.crew.died(future):
                suspects.append(batch)
            else:
                yield future.result()
        return suspects


def _one_by_one(plan: CleanerPlan, batches: list[list[Work]], crews: Crews) -> Iterator[Rows]:
    waiting = deque(task for batch in batches for task in batch)
    while waiting:
        with crews.open(partial(ready, plan), alone=True) as crew:
            while waiting:
                future = crew.submit([waiting[0]])
                wait([future])
                if crew.died(future):
                    yield rows_of([crashed(waiting.popleft().capture_id, DIED)], {})
                    break
                yield future.result()
                waiting.popleft()


def ready(plan: CleanerPlan, _stopped: Callable[[], bool] = bool) -> Callable[[list[Work]], Rows]:
    """Make what cleans a batch; a batch is short and is never called off."""
    cleaner = plan.build()
    city_ids = {city.key: city.id for city in plan.study.cities}
    return lambda batch: rows_of(cleaner.clean(batch), city_ids)
