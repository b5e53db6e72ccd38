"""A web server on loopback that plays any number of hosts, fast enough to measure a crawler with.

In a test::

    with LoopbackServer(lambda ask: Reply(b"hello")) as server:
        urlopen(server.url("herald.example", "/"))

or in a process of its own, for benchmarks and kill tests::

    python -m ccgcii.testing.loopback package.module:answer --port 8000

A site's name reaches it by `[crawl.hosts]` (`"herald.example" = "127.0.0.1"`) or a Host header.
`/__hits` on any host says as JSON how often each `host/path` was asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Self

from ccgcii.testing.http import Ask, HttpProtocol, Reply

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Answer", "Ask", "LoopbackServer", "Reply"]

Answer = Callable[[Ask], Reply]
HITS_PATH = "/__hits"


class LoopbackServer:
    """Answers on 127.0.0.1 from a thread of its own, from `with` to its end.

    `latency` seconds pass before each answer. `answer` runs in the server's thread.
    """

    def __init__(self, answer: Answer, *, latency: float = 0.0, port: int = 0) -> None:
        """Serve this function; port 0 is any free one."""
        self._answer = answer
        self._latency = latency
        self._asked_port = port
        self._hits: list[tuple[str, str]] = []
        self._connections: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            raise RuntimeError("the server is not running: use it in a `with` statement")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def hits(self) -> list[tuple[str, str]]:
        """Every (host, path) asked for so far, in order of arrival."""
        return list(self._hits)

    def url(self, host: str, path: str = "/") -> str:
        """Return the address of a path at a host, with the port."""
        return f"http://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except BaseException:
            self._stop_loop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._stop_loop()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: HttpProtocol(self._note_and_answer, self._latency, self._connections),
            host="127.0.0.1",
            port=self._asked_port,
            backlog=512,
        )

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for transport in list(self._connections):
            transport.abort()
        await asyncio.sleep(0)  # lets the aborted connections close their sockets

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _note_and_answer(self, ask: Ask) -> Reply:
        if ask.path == HITS_PATH:
            return self._count_hits()
        self._hits.append((ask.host, ask.path))
        return self._answer(ask)

    def _count_hits(self) -> Reply:
        counts = Counter(host + path for host, path in self._hits)
        return Reply(json.dumps(counts).encode(), headers={"Content-Type": "application/json"})


def wait_for_interrupt(server: LoopbackServer) -> None:
    """Say on the first line of stdout where the server is, then wait for Ctrl-C."""
    sys.stdout.write(f"serving on http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")


def _find(name: str) -> Answer:
    module, _, attribute = name.partition(":")
    if not attribute:
        raise SystemExit(f"{name!r} is not of the form package.module:callable")
    answer: Answer = getattr(import_module(module), attribute)
    return answer


def main() -> None:
    """Serve `module:callable` from this process."""
    parser = argparse.ArgumentParser(prog="python -m ccgcii.testing.loopback")
    parser.add_argument("answer", help="package.module:callable that turns an Ask into a Reply")
    parser.add_argument("--port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    answer = _find(options.answer)
    with LoopbackServer(answer, port=options.port, latency=options.latency) as server:
        wait_for_interrupt(server)


if __name__ == "__main__":
    main()
