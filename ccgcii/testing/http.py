"""A small HTTP/1.1 protocol for asyncio: keep-alive, in order, one answer function behind it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as the server sees it.

    `host` has no port, `path` has its query, header names are lower case.
    """

    method: str
    host: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers; the body is sent as given (already compressed, if it is).

    `delay` is in seconds. `truncate_to` sends that many bytes of the body and cuts the connection,
    while Content-Length still promises all of it.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    truncate_to: int | None = None


class HttpProtocol(asyncio.Protocol):
    """One connection: requests are answered one after the other, as they came."""

    def __init__(
        self,
        answer: Callable[[Ask], Reply],
        latency: float,
        connections: set[asyncio.Transport],
    ) -> None:
        """Answer with this function, each time after `latency` seconds."""
        self._answer = answer
        self._latency = latency
        self._connections = connections
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, so that the server can close it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget the connection and the answer it still waits for."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._transport is not None:
            self._connections.discard(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Collect bytes and answer each request that is complete."""
        self._buffer += data
        self._work()

    def _work(self) -> None:
        while self._waiting is None and self._transport is not None:
            ask = self._next_request()
            if ask is None:
                return
            reply = self._safely(ask)
            pause = self._latency + reply.delay
            if pause <= 0:
                self._send(ask, reply)
                continue
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(pause, self._send_late, ask, reply)

    def _next_request(self) -> Ask | None:
        end = self._buffer.find(END_OF_HEAD)
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = headers.get("content-length", "0")
        body_start = end + len(END_OF_HEAD)
        parts = first.split(" ")
        if len(parts) != 3 or not length.isdigit():
            self._refuse(first)
            return None
        body_end = body_start + int(length)
        if len(self._buffer) < body_end:
            return None
        body = self._buffer[body_start:body_end]
        self._buffer = self._buffer[body_end:]
        host = headers.get("host", "").partition(":")[0].lower()
        return Ask(parts[0], host, parts[1], headers, body)

    def _refuse(self, first: str) -> None:
        logger.warning("not a request of HTTP/1: %r", first)
        self._buffer = b""
        if self._transport is not None:
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            self._transport.close()

    def _safely(self, ask: Ask) -> Reply:
        try:
            return self._answer(ask)
        except Exception:
            logger.exception("no answer to %s %s%s", ask.method, ask.host, ask.path)
            return Reply(b"the answer function failed, see the log\n", 500)

    def _send_late(self, ask: Ask, reply: Reply) -> None:
        self._waiting = None
        self._send(ask, reply)
        self._work()

    def _send(self, ask: Ask, reply: Reply) -> None:
        if self._transport is None:
            return
        body = b"" if ask.method == "HEAD" else reply.body[: reply.truncate_to]
        self._transport.write(head_of(reply) + body)
        if reply.truncate_to is not None or ask.headers.get("connection", "").lower() == "close":
            self._transport.close()


def head_of(reply: Reply) -> bytes:
    """Write the status line and headers of a reply."""
    headers = {"Content-Type": "text/html; charset=utf-8"} | dict(reply.headers)
    headers["Content-Length"] = str(len(reply.body))
    lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
