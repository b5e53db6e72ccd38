"""Captures through workers: a bounded queue; a page that kills a worker costs itself."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from ccgcii.cleaning.judging import crashed
from ccgcii.cleaning.rows import Rows, rows_of
from ccgcii.errors import ExecutionError
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
# Batches waiting for each worker: more than it cleans while the one process writes.
AHEAD = 6
# Starting workers takes as long as cleaning this many captures here.
FEW = 200


def clean_here(plan: CleanerPlan, batches: Iterable[list[Work]]) -> Generator[Rows]:
    """Clean in this process, in order."""
    yield from map(ready(plan), batches)


def clean_in_crew(
    plan: CleanerPlan, batches: Iterable[list[Work]], crews: Crews
) -> Generator[Rows]:
    """Clean in workers, in the order of completion.

    When a worker dies, the batches that may be the cause are done again one capture at a time, each
    crash marking the capture that caused it. Raises `ExecutionError` if workers die without any.
    """
    source = iter(batches)
    suspects = yield from _until_a_death(plan, source, crews)
    while suspects:
        yield from _one_by_one(plan, suspects, crews)
        suspects = yield from _until_a_death(plan, source, crews)


def _until_a_death(
    plan: CleanerPlan, source: Iterator[list[Work]], crews: Crews
) -> Generator[Rows, None, list[list[Work]]]:
    """Return the batches that were under way when a worker died; none if all is done."""
    running: dict[Future[Rows], list[Work]] = {}
    with crews.open(partial(ready, plan)) as crew:
        while True:
            _fill(crew, source, running)
            if not running:
                return []
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            suspects = []
            for future in done:
                batch = running.pop(future)
                if crew.died(future):
                    suspects.append(batch)
                else:
                    yield future.result()
            if suspects and crew.die_together:
                return [*suspects, *running.values()]
            yield from _one_by_one(plan, suspects, crews)


def _fill(
    crew: Crew, source: Iterator[list[Work]], running: dict[Future[Rows], list[Work]]
) -> None:
    """Give a crew as much as it may have."""
    most = crew.size * AHEAD
    while len(running) < most and (batch := next(source, None)) is not None:
        running[crew.submit(batch)] = batch


def _one_by_one(plan: CleanerPlan, batches: list[list[Work]], crews: Crews) -> Iterator[Rows]:
    waiting = deque(task for batch in batches for task in batch)
    while waiting:
        with crews.open(partial(ready, plan), alone=True) as crew:
            _check_alive(crew)
            while waiting:
                future = crew.submit([waiting[0]])
                wait([future])
                if crew.died(future):
                    yield rows_of([crashed(waiting.popleft().capture_id, DIED)], {})
                    break
                yield future.result()
                waiting.popleft()


def _check_alive(crew: Crew) -> None:
    """Raise unless a worker can do nothing at all: then no capture is to blame for its death."""
    nothing = crew.submit([])
    wait([nothing])
    if crew.died(nothing):
        raise ExecutionError(
            "worker processes die before they have begun; nothing is lost. If a script of yours "
            'cleans, let it do so under `if __name__ == "__main__":`; else clean in this process '
            "with [execution] workers = 1, which shows what is wrong"
        )


def ready(plan: CleanerPlan, _stopped: Callable[[], bool] = bool) -> Callable[[list[Work]], Rows]:
    """Make what cleans a batch; a batch is short and is never called off."""
    cleaner = plan.build()
    city_ids = {city.key: city.id for city in plan.study.cities}
    return lambda batch: rows_of(cleaner.clean(batch), city_ids)
