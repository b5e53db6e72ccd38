"""Where parallel work is done: one executor for all of it, processes here or a Dask cluster.

A worker holds something that is made once (a cleaner, a reader of files) and then asked often::

    with Crews.of(workspace).open(partial(make_cleaner, plan)) as crew:
        future = crew.submit(batch)

`make_cleaner(plan, stopped)` runs in the worker when it is first asked, whatever it returns is
called with what `submit` was given, and `stopped()` says whether the work was called off.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from abc import ABC, abstractmethod
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver, get_context, resource_tracker
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ccgcii.collecting import collect_rarely
from ccgcii.errors import ConfigError
from ccgcii.interrupts import interrupts_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from multiprocessing.context import BaseContext
    from pathlib import Path

    from ccgcii.config import ExecutionSettings
    from ccgcii.workspace import Workspace

    Work: TypeAlias = Callable[..., Any]
    Build: TypeAlias = Callable[[Callable[[], bool]], Work]

DIED = "the worker process died on it"
# A fork of this process may hang, for it has threads (progress bars, a reactor). One of a process
# without any is ready in a tenth of the time that a new process takes; only on Linux is it safe.
# Its socket lies in the folder for temporary files, and a socket's path is 107 characters at most.
_LONGEST_FOLDER = 70
# What the process that workers are forks of has imported: what most of them would make anew.
_MADE_ONCE = "ccgcii.cleaning.warm"


class Crew(ABC):
    """Workers that all hold the same; leaving it ends them, or what they still do for us.

    `die_together` says that the death of one ends the work of all.
    """

    die_together: bool

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    @property
    @abstractmethod
    def size(self) -> int:
        """How many pieces of work are done at a time, now."""

    @abstractmethod
    def submit(self, *given: Any) -> Future[Any]:
        """Ask a worker; the future's result is what its work returns."""

    @abstractmethod
    def died(self, future: Future[Any]) -> bool:
        """Say of a future that is done whether its worker died; raise what ends all work."""

    @abstractmethod
    def halt(self) -> None:
        """Let `stopped()` be true in every worker."""

    @abstractmethod
    def close(self) -> None:
        """Give up what is not begun, and the workers."""

    def __enter__(self) -> Self:
        """Give the crew."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


@dataclass(frozen=True)
class Crews:
    """What makes crews for a study, as `[execution]` says.

    `plugins` and `versions` are what workers elsewhere must have too, `archive` what they share.
    """

    execution: ExecutionSettings
    archive: Path
    plugins: Mapping[str, tuple[str, ...]]
    versions: Mapping[str, str]

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Return the crews of a study."""
        settings, plugins = workspace.settings, workspace.plugins
        arguments, versions = plugins.arguments(), plugins.versions()
        return cls(settings.execution, settings.store.archive, arguments, versions)

    @property
    def is_single(self) -> bool:
        """Whether one process of this machine is all there is: then it needs no crew."""
        return self.execution.scheduler is None and self.execution.workers == 1

    def prepare(self) -> None:
        """Begin to make what workers share, while there is other work to do here."""
        if self.execution.scheduler is None and _forks():
            _context()
            # Started by the server it would let the signal through again.
            resource_tracker.ensure_running()
            with _starting_processes():
                forkserver.ensure_running()

    def open(self, build: Build, *, alone: bool = False) -> Crew:
        """Return workers that hold what `build` makes; `alone` asks for a single one.

        Raises `ConfigError` without `distributed`, `ExecutionError` if a cluster cannot be used.
        """
        if self.execution.scheduler is None:
            return ProcessCrew(build, 1 if alone else self.execution.workers)
        try:
            from ccgcii.cluster import ClusterCrew  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"[execution] scheduler needs {error.name}, which is not there: "
                "pip install 'ccgcii[cluster]', or remove the key to work on this machine"
            ) from error
        return ClusterCrew(self.execution.scheduler, build, self)

    def check(self) -> None:
        """Raise now what `open` would raise, where that needs no process to be started."""
        if self.execution.scheduler is not None:
            self.open(_nothing).close()


def _nothing(_stopped: Callable[[], bool]) -> Work:
    return bool


class ProcessCrew(Crew):
    """Processes of this machine."""

    die_together = True

    def __init__(self, build: Build, workers: int) -> None:
        context = _context()
        self._stop = context.Event()
        self._workers = workers
        super().__init__(ProcessPoolExecutor(workers, context, _start, (build, self._stop)))

    @property
    def size(self) -> int:
        """How many processes there are."""
        return self._workers

    def submit(self, *given: Any) -> Future[Any]:
        """Ask a process; after a death the future fails, as those under way do."""
        try:
            with _starting_processes():
                return self._executor.submit(_work, given)
        except (BrokenProcessPool, BrokenPipeError) as error:
            # A process that dies before it has read what to do breaks the pipe to it.
            broken: Future[Any] = Future()
            broken.set_exception(BrokenProcessPool(str(error)))
            return broken

    def died(self, future: Future[Any]) -> bool:
        """Say whether a process died, this one or another."""
        return isinstance(future.exception(), BrokenProcessPool)

    def halt(self) -> None:
        """Tell the processes."""
        self._stop.set()

    def close(self) -> None:
        """Let what is under way finish."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _forks() -> bool:
    """Say whether processes start as forks of a server."""
    return sys.platform == "linux" and len(tempfile.gettempdir()) <= _LONGEST_FOLDER


def _context() -> BaseContext:
    """Return how processes start."""
    if not _forks():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([_MADE_ONCE])
    return context


_build: Build | None = None
_held: Work | None = None
_stopped: Callable[[], bool] = bool


def _start(build: Build, stop: Any) -> None:
    global _build, _stopped
    # Ctrl-C goes to the parent, which decides what becomes of work under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One process each is all the parallel work there is to be.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    collect_rarely()
    _build, _stopped = build, stop.is_set


def _work(given: tuple[Any, ...]) -> Any:
    global _held  # noqa: PLW0603 - made once, by the first call: an initializer may not fail
    if _held is None:
        if _build is None:
            raise RuntimeError("a worker was not started by _start")
        _held = _build(_stopped)
    return _held(*given)


@contextmanager
def _starting_processes() -> Iterator[None]:
    """Start processes that never hear Ctrl-C, and let it wait here: one half started is in the way.

    Blocking the signal is for the new process, which inherits that; here another thread may get it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a worker may print that it was stopped
        yield
        return
    with interrupts_held():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
