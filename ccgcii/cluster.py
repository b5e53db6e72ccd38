"""A crew of a Dask cluster: workers on any machine that has this ccgcii and shares the archive.

Needs `ccgcii[cluster]`. The scheduler carries what workers hold to each of them, also to one that
joins later. A worker runs whatever its scheduler sends: let only your own machines reach it.
"""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from distributed import Client, Event, KilledWorker, WorkerPlugin, get_worker

from ccgcii.errors import ExecutionError
from ccgcii.execution import Crew
from ccgcii.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from ccgcii.execution import Build, Crews

PATIENCE = 10  # seconds until a scheduler answers, and until it has a worker
ASKED_EVERY = 1.0  # seconds between two looks of a worker at whether it is to stop


class ClusterCrew(Crew):
    """All workers of a scheduler. Dask tries elsewhere what a worker died of, three times."""

    die_together = False

    def __init__(self, scheduler: str, build: Build, crews: Crews) -> None:
        self._scheduler = scheduler
        self._name = f"ccgcii-{uuid.uuid4().hex}"
        self._mark = crews.archive / f".{self._name}"
        self._client = _connect(scheduler)
        self._event = Event(self._name, client=self._client)
        super().__init__(self._client.get_executor(pure=False))
        self._halted = False
        try:
            crews.archive.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            job = _Job(self._name, build, self._mark, crews.plugins, crews.versions)
            self._client.register_plugin(job, name=self._name)
            self._check_workers()
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """How many threads the workers have together; workers come and go."""
        threads: int = sum(self._client.nthreads().values())
        return max(1, threads)

    def submit(self, *given: Any) -> Future[Any]:
        """Ask any worker."""
        return self._executor.submit(_work, self._name, given)

    def died(self, future: Future[Any]) -> bool:
        """Say whether workers died of it, again and again; raise if it was the cluster."""
        if future.cancelled():
            raise ExecutionError(
                f"the scheduler {self._scheduler} went away; see that it runs and run the same "
                "command again, nothing already stored is lost"
            )
        error = future.exception()
        if isinstance(error, ModuleNotFoundError):
            raise ExecutionError(
                f"a worker of {self._scheduler} lacks {error.name}: install the same ccgcii and "
                "plugins there"
            ) from error
        return isinstance(error, KilledWorker)

    def halt(self) -> None:
        """Tell the workers, once."""
        if not self._halted:
            self._halted = True
            self._event.set()

    def close(self) -> None:
        """Give up what is under way: workers that are not told to stop finish it for nobody."""
        try:
            self._executor.shutdown(wait=False)
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._name)
                # What was said stays said: workers look now and then only.
                if not self._halted:
                    self._event.clear()
        finally:
            self._mark.unlink(missing_ok=True)
            self._client.close(timeout=PATIENCE)

    def _check_workers(self) -> None:
        """See that every worker there is can do the work, before anything is asked of it."""
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ExecutionError(
                f"the scheduler {self._scheduler} has no workers; start some: "
                f"dask worker {self._scheduler} --nthreads 1"
            ) from None
        for address, reason in self._client.run(_unfit, self._name, on_error="return").items():
            if reason:
                raise ExecutionError(f"worker {address}: {reason}")


def _connect(scheduler: str) -> Any:
    try:
        return Client(scheduler, timeout=PATIENCE, set_as_default=False, name="ccgcii")
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise ExecutionError(
            f"[execution] scheduler {scheduler} does not answer ({error}); start one "
            "(`dask scheduler`) or remove the key to work on this machine"
        ) from error


class _Job(WorkerPlugin):  # type: ignore[misc]  # no types of its own
    """What each thread of a worker makes once, and what the worker must have for it."""

    def __init__(
        self,
        name: str,
        build: Build,
        mark: Path,
        plugins: Mapping[str, tuple[str, ...]],
        versions: Mapping[str, str],
    ) -> None:
        self.name = name
        self.build, self.mark = build, mark
        self.plugins, self.versions = plugins, dict(versions)

    def unfit(self) -> str | None:
        """Return why this worker would not do the same as the others, None if it would."""
        if not self.mark.exists():
            return f"does not see the folder {self.mark.parent}: share it ([store] archive)"
        there = Plugins.load(**self.plugins).versions()
        if there != self.versions:
            return f"has {there}, the study needs {self.versions}: install the same there"
        return None


_mine = threading.local()


def _work(name: str, given: tuple[Any, ...]) -> Any:
    # One each thread: parsers and matchers are not made to be shared.
    if getattr(_mine, "name", None) != name:
        job = get_worker().plugins[name]
        reason = job.unfit()
        if reason:
            raise ExecutionError(f"worker {get_worker().address}: {reason}")
        _mine.held, _mine.name = job.build(_asks(name)), name
    return _mine.held(*given)


def _unfit(name: str, dask_worker: Any) -> str | None:
    reason: str | None = dask_worker.plugins[name].unfit()
    return reason


def _asks(name: str) -> Callable[[], bool]:
    """Return what asks the scheduler now and then whether to stop."""
    event = Event(name)
    said, next_time = False, 0.0

    def stopped() -> bool:
        nonlocal said, next_time
        if not said and time.monotonic() >= next_time:
            said = bool(event.is_set())
            next_time = time.monotonic() + ASKED_EVERY
        return said

    return stopped
