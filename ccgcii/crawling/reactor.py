"""Running Twisted's reactor as often as wanted in one process.

Twisted starts its reactor once a process; a script or a test that crawls twice needs more. The
asyncio reactor lives in an event loop, so we start the reactor once and turn the loop ourselves.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from scrapy.utils.reactor import is_reactor_installed, verify_installed_reactor
from twisted.internet import asyncioreactor

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import Any

Result = TypeVar("Result")
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_loops: list[asyncio.AbstractEventLoop] = []


def run(
    work: Coroutine[Any, Any, Result], on_interrupt: Callable[[], None] = lambda: None
) -> Result:
    """Run a coroutine with the reactor to its end and return its result.

    The first SIGINT or SIGTERM calls `on_interrupt`, which should let the work end by itself; the
    second one raises `KeyboardInterrupt`.
    """
    loop = _loop()
    asyncio.set_event_loop(loop)
    task = loop.create_task(work)
    pressed = 0

    def interrupted() -> None:
        nonlocal pressed
        pressed += 1
        if pressed == 1:
            on_interrupt()
        else:
            task.cancel()

    watched = _watch(loop, interrupted)
    try:
        return loop.run_until_complete(task)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number in watched:
            loop.remove_signal_handler(number)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let Python look for cycles rarely: with all of Scrapy loaded it costs a tenth of a crawl."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _loop() -> asyncio.AbstractEventLoop:
    if not _loops:
        if is_reactor_installed():
            verify_installed_reactor(_REACTOR)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs a default one

        reactor.startRunning(installSignalHandlers=False)
        _loops.append(loop)
    return _loops[0]


def _watch(loop: asyncio.AbstractEventLoop, interrupted: Callable[[], None]) -> list[int]:
    if threading.current_thread() is not threading.main_thread():
        return []
    watched = [signal.SIGINT, signal.SIGTERM]
    try:
        for number in watched:
            loop.add_signal_handler(number, interrupted)
    except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt at once
        return []
    return list(watched)
