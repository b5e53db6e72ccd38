"""Opening files for bulk sources: local paths and URLs alike, through fsspec, within limits."""

from __future__ import annotations

import asyncio
import io
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import aiohttp
import fsspec
from fsspec.exceptions import FSTimeoutError

from ccgcii.crawling.bulk.network import READ_SIZE, AddressRefusedError, http_files
from ccgcii.crawling.failures import BUSY, seconds_to_wait
from ccgcii.crawling.redaction import redact
from ccgcii.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from ccgcii.config import CrawlSettings

MAX_BYTES = 8 << 30
LONGEST_PAUSE = 60.0  # seconds
GONE = frozenset({404, 410})
_BROKEN = (aiohttp.ClientError, FSTimeoutError, TimeoutError, ConnectionError, asyncio.TimeoutError)


class StoppedError(Exception):
    """The crawl is to end: the file under way is given up and read again by the next one."""


class Files:
    """Opens files for one worker; `stopped` is asked before each read."""

    def __init__(self, crawl: CrawlSettings, stopped: Callable[[], bool]) -> None:
        self.bytes_read = 0
        self._crawl = crawl
        self._stopped = stopped
        self._asked: dict[str, float] = {}

    def open(
        self, address: str, *, start: int = 0, max_bytes: int | None = None
    ) -> io.BufferedReader:
        """Open a path or URL at an offset (bytes); see `BulkSource.open`."""
        if is_web(address):
            source: _Local | _Web = _Web(self, address, start)
        else:
            source = _Local(address, start)
        return io.BufferedReader(_Counted(self, source, max_bytes or MAX_BYTES), READ_SIZE)

    @property
    def retries(self) -> int:
        """How often a broken connection is taken up again."""
        return self._crawl.retries

    @cached_property
    def web(self) -> Any:
        """Files over http(s)."""
        return http_files(self._crawl)

    def check(self) -> None:
        """Raise `StoppedError` if the crawl is to end."""
        if self._stopped():
            raise StoppedError

    def take_turn(self, host: str) -> None:
        """Wait until `[crawl] delay` has passed since this worker last asked a host."""
        due = self._asked.get(host, 0.0) + self._crawl.delay
        self.pause(due - time.monotonic())
        self._asked[host] = time.monotonic()

    def pause(self, seconds: float) -> None:
        """Sleep, awake enough to be stopped."""
        until = time.monotonic() + seconds
        self.check()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
            self.check()


def is_web(address: str) -> bool:
    """Say whether an address is fetched over http(s)."""
    return address.startswith(("http://", "https://"))


class _Counted(io.RawIOBase):
    """A file as a stream that counts its bytes and ends where it may not go on."""

    def __init__(self, files: Files, source: _Local | _Web, most: int) -> None:
        self._files, self._source, self._left = files, source, most
        self._place = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place  # counted from where it was opened

    def readinto(self, buffer: Any, /) -> int:
        self._files.check()
        data = self._source.read(len(buffer))
        self._files.bytes_read += len(data)
        self._left -= len(data)
        self._place += len(data)
        if self._left < 0:
            raise SourceError(f"{self._source.name}: larger than the source allows; it is left out")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


class _Local:
    """A path, or an address of any file system that fsspec knows (s3://, gs://, memory://)."""

    def __init__(self, address: str, start: int) -> None:
        self.name = redact(address)
        try:
            system, path = fsspec.url_to_fs(address)
            self._stream = cast("BinaryIO", system.open(path, "rb"))
            self._stream.seek(start)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, ImportError) as error:
            raise SourceError(f"{self.name}: cannot be opened ({error})") from error

    def read(self, number: int) -> bytes:
        try:
            return self._stream.read(number)
        except OSError as error:
            raise SourceError(f"{self.name}: cannot be read ({error})") from error

    def close(self) -> None:
        self._stream.close()


class _Web:
    """A file over HTTP; a connection that breaks is taken up again where it broke."""

    def __init__(self, files: Files, address: str, start: int) -> None:
        self.name = redact(address)
        self._files, self._address, self._position = files, address, start
        self._attempts = 0
        self._stream: Any = None
        self._connect()

    def read(self, number: int) -> bytes:
        while True:
            try:
                data: bytes = self._stream.read(number)
            except _BROKEN as error:
                self._again(error)
                self._connect()
                continue
            self._position += len(data)
            if data:
                self._attempts = 0
            return data

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def _connect(self) -> None:
        self.close()
        while True:
            self._files.take_turn(urlsplit(self._address).hostname or "")
            try:
                self._stream = self._request()
            except AddressRefusedError as error:
                raise SourceError(str(error)) from error
            except aiohttp.ClientResponseError as error:
                self._judge(error)
            except _BROKEN as error:
                refused = _refusal(error)
                if refused is not None:
                    raise SourceError(str(refused)) from error
                self._again(error)
            else:
                return

    def _request(self) -> Any:
        headers = {"Range": f"bytes={self._position}-"} if self._position else {}
        # With a size given and no blocks, fsspec sends this one request and no HEAD before it.
        stream = self._files.web.open(self._address, size=1, block_size=0, headers=headers)
        if self._position and stream.r.status != 206:
            stream.close()
            raise SourceError(
                f"{self.name}: broke off at byte {self._position}, and the server cannot go on "
                "from there; the next crawl reads it from the beginning"
            )
        return stream

    def _judge(self, error: aiohttp.ClientResponseError) -> None:
        if error.status in GONE:
            raise FileNotFoundError(self.name) from error
        if error.status not in BUSY:
            raise SourceError(f"{self.name}: HTTP {error.status}") from error
        told = str(error.headers.get("Retry-After", "")) if error.headers else ""
        self._again(error, seconds_to_wait(told))

    def _again(self, error: BaseException, wait: float | None = None) -> None:
        if self._attempts >= self._files.retries:
            what = f"HTTP {error.status}" if isinstance(error, aiohttp.ClientResponseError) else ""
            what = what or redact(str(error)) or type(error).__name__
            raise SourceError(
                f"{self.name}: {what}, {self._attempts + 1} times; run the same command later"
            ) from error
        self._attempts += 1
        self._files.pause(min(LONGEST_PAUSE, 2.0**self._attempts / 2 if wait is None else wait))


def _refusal(error: BaseException | None) -> AddressRefusedError | None:
    while error is not None and not isinstance(error, AddressRefusedError):
        error = error.__cause__ or error.__context__
    return error
