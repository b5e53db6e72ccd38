"""The pages that a slice kept: one WARC file a slice, written by the worker that read it.

The store learns of the file in the transaction that says the slice is done. A file that no row
knows belongs to a slice that was cut off, and is swept away before the source is read again.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from typing import IO, TYPE_CHECKING

from sqlalchemy import select

from ccgcii.crawling.archive import FILES, GZIP_LEVEL, RawResponse, record_bytes
from ccgcii.durable import sync_names

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from ccgcii.crawling.bulk.sources import BulkPage

PREFIX = "slice-"


class SliceArchive:
    """The WARC file of one slice; there is none as long as no page is written."""

    def __init__(self, folder: Path, source: str, name: str) -> None:
        self.name = f"{source}/{PREFIX}{name}.warc.gz"
        self.length = 0
        self._path = folder / self.name
        self._stream: IO[bytes] | None = None

    def write(self, kept: BulkPage) -> int:
        """Append a page; return its offset. Raises `OSError`."""
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("wb")
        response = RawResponse(kept.page.url, kept.status, kept.headers, kept.body, kept.fetched_at)
        member = zlib.compress(record_bytes(response), GZIP_LEVEL, 31)
        offset = self.length
        self._stream.write(member)
        self.length += len(member)
        return offset

    def finish(self) -> None:
        """Force the file to the disk: rows that point into it may come now."""
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            sync_names(self._path)

    def give_up(self) -> None:
        """Remove the file."""
        if self._stream is not None:
            # On a full disk, what is still in the buffer finds no room either.
            with contextlib.suppress(OSError):
                self._stream.close()
            self._path.unlink(missing_ok=True)


def sweep(engine: Engine, folder: Path, source: str) -> None:
    """Remove the files of slices that were cut off; hold the source's lock while you do."""
    query = select(FILES.c.path).where(FILES.c.path.startswith(f"{source}/", autoescape=True))
    with engine.connect() as connection:
        known = set(connection.execute(query).scalars())
    for path in (folder / source).glob(f"{PREFIX}*.warc.gz"):
        if f"{source}/{path.name}" not in known:
            path.unlink()
