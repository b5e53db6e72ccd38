"""A server of files that can be told to fail: missing, busy, broken off, without ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.platforms.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("busy", "broken", "forbidden")
_RANGE = re.compile(r"bytes=(\d+)-$")


class FileServer:
    """Files by `host/path`; a broken answer ends at half of what it promised."""

    def __init__(self, files: Mapping[str, bytes], *, ranges: bool = True) -> None:
        """Serve these files, parts of them too unless `ranges` is false."""
        self.files = dict(files)
        self.faults = Faults(KINDS)
        self.asked: list[tuple[str, str]] = []  # path and Range
        self._ranges = ranges

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        path = ask.host + ask.path
        told = ask.headers.get("range", "")
        self.asked.append((path, told))
        fault = self.faults.next()
        if fault == "busy":
            return Reply(b"slow down", 503, {"Retry-After": "0"})
        if fault == "forbidden":
            return Reply(b"no", 403)
        if path not in self.files:
            return Reply(b"", 404)
        return self._file(self.files[path], told, broken=fault == "broken")

    def _file(self, data: bytes, told: str, *, broken: bool) -> Reply:
        part = _RANGE.match(told) if self._ranges else None
        start = int(part[1]) if part else 0
        headers = {"Content-Type": "application/octet-stream"}
        if part:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        body = data[start:]
        cut = len(body) // 2 if broken else None
        return Reply(body, 206 if part else 200, headers, truncate_to=cut)
