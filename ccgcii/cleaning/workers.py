"""Captures through workers: a bounded queue; a page that kills a worker costs itself."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from ccgcii.cleaning.restoring import Rejudge, Restored
from ccgcii.cleaning.work import CRASH, CleanerPlan, Outcome, Task
from ccgcii.documents import Verdict
from ccgcii.execution import DIED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ccgcii.execution import Crews

# What a worker is given: a capture to clean, or a document to judge again.
Work: TypeAlias = "Task | Restored"

# Captures a task; enough to hide the cost of sending them, few enough to keep memory flat.
BATCH = 48
# Batches waiting for each worker.
AHEAD = 2
# Starting a worker takes as long as cleaning this many captures here.
FEW = 200


def clean_here(plan: CleanerPlan, batches: Iterable[list[Work]]) -> Iterator[list[Outcome]]:
    """Clean in this process, in order."""
    return map(ready(plan), batches)


def clean_in_crew(
    plan: CleanerPlan, batches: Iterable[list[Work]], crews: Crews
) -> Iterator[list[Outcome]]:
    """Clean in workers, in the order of completion.

    When a worker dies, the batches that may be the cause are done again one capture at a time,
    each crash marking the capture that caused it.
    """
    source = iter(batches)
    suspects = yield from _until_a_death(plan, source, crews)
    while suspects:
        yield from _one_by_one(plan, suspects, crews)
        suspects = yield from _until_a_death(plan, source, crews)


def _until_a_death(
    plan: CleanerPlan, source: Iterator[list[Work]], crews: Crews
) -> Generator[list[Outcome], None, list[list[Work]]]:
    """Return the batches that were under way when a worker died; none if all is done."""
    running: dict[Future[list[Outcome]], list[Work]] = {}
    with crews.open(partial(ready, plan)) as crew:
        while True:
            most = crew.size * AHEAD
            while len(running) < most and (batch := next(source, None)) is not None:
                running[crew.submit(batch)] = batch
            if not running:
                return []
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            dead = [future for future in done if crew.died(future)]
            if dead and crew.die_together:
                return list(running.values())
            suspects = [running.pop(future) for future in dead]
            for future in done.difference(dead):
                del running[future]
                yield future.result()
            if suspects:
                yield from _one_by_one(plan, suspects, crews)


def _one_by_one(
    plan: CleanerPlan, batches: list[list[Work]], crews: Crews
) -> Iterator[list[Outcome]]:
    waiting = deque(task for batch in batches for task in batch)
    while waiting:
        with crews.open(partial(ready, plan), alone=True) as crew:
            while waiting:
                future = crew.submit([waiting[0]])
                wait([future])
                if crew.died(future):
                    verdict = Verdict(1, CRASH, DIED)
                    yield [Outcome(waiting.popleft().capture_id, verdict=verdict)]
                    break
                yield future.result()
                waiting.popleft()


def ready(
    plan: CleanerPlan, _stopped: Callable[[], bool] = bool
) -> Callable[[list[Work]], list[Outcome]]:
    """Make what cleans a batch; a batch is short and is never called off."""
    cleaner = plan.build()
    again = Rejudge(plan, cleaner.pipeline)

    def work(piece: Work) -> Outcome:
        return again(piece) if isinstance(piece, Restored) else cleaner.clean(piece)

    return lambda batch: [work(piece) for piece in batch]
