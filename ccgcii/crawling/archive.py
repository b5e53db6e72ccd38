"""Writing the archive: responses as they were received, one gzip member each, in WARC files.

The store knows how much of each file is committed; what stands beyond (a crash between the bytes
and the row) is cut off before a source crawls again. Reading is `ccgcii.archive`.
"""

from __future__ import annotations

import logging
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING

from sqlalchemy import select, update
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ccgcii.crawling.redaction import redact, redact_headers
from ccgcii.durable import sync_names
from ccgcii_db import insert_row, table_of, tables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

logger = logging.getLogger(__name__)

FILES = table_of(tables.WarcFile)
ROTATE_AT = 1 << 30  # bytes
# Level 1 costs half the processor time of level 6 for a tenth more disk.
GZIP_LEVEL = 1


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A response as it came over the wire: `body` still encoded as `headers` say."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime

    @property
    def content_type(self) -> str | None:
        """The Content-Type, None if the server named none."""
        return next((v for name, v in self.headers if name.lower() == "content-type"), None)


class ArchiveWriter:
    """The WARC file that one source of one process writes."""

    def __init__(self, engine: Engine, folder: Path, source: str) -> None:
        self._engine = engine
        self._folder = folder
        self._source = source
        self._stream: IO[bytes] | None = None
        self._file_id = 0
        self._length = 0

    def write(self, response: RawResponse) -> tuple[int, int]:
        """Append a response; return the id of its file and its offset. Raises `OSError`."""
        member = zlib.compress(record_bytes(response), GZIP_LEVEL, 31)
        stream = self._open()
        offset = self._length
        stream.write(member)
        self._length += len(member)
        return self._file_id, offset

    def flush(self) -> None:
        """Force what was written to the disk: the rows that point to it may come now."""
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def commit(self, connection: Connection) -> None:
        """Write how much of the file is committed, in the transaction of its rows."""
        if self._stream is not None:
            connection.execute(
                update(FILES).where(FILES.c.id == self._file_id).values(committed=self._length)
            )

    def rotate(self) -> None:
        """Close a file that has grown enough; call it between two commits."""
        if self._length >= ROTATE_AT:
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._length = 0

    def _open(self) -> IO[bytes]:
        if self._stream is None:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}.warc.gz"
            path = self._folder / self._source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # The row comes first: a file that no row knows would never be found again.
            with self._engine.begin() as connection:
                self._file_id = insert_row(
                    connection, FILES, {"path": f"{self._source}/{name}", "committed": 0}
                )
            self._stream = path.open("xb")
            # Before any row points into it: after a power cut there would be no such file.
            sync_names(path)
        return self._stream


def cut_uncommitted(engine: Engine, folder: Path, source: str) -> None:
    """Cut a source's files to what is committed; hold the source's lock while you do."""
    query = select(FILES.c.path, FILES.c.committed).where(
        FILES.c.path.startswith(f"{source}/", autoescape=True)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    for name, committed in rows:
        path = folder / name
        size = path.stat().st_size if path.exists() else 0
        if size > committed:
            os.truncate(path, committed)
        elif size < committed:
            logger.warning(
                "%s holds %d bytes, the store counts on %d: pages of it cannot be cleaned again; "
                "put the whole file back",
                path,
                size,
                committed,
            )


def record_bytes(response: RawResponse) -> bytes:
    """Return a response as a WARC record, without credentials, not compressed."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    headers = redact_headers(response.headers)
    status = StatusAndHeaders(str(response.status), headers, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        redact(response.url),
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=status,
        warc_headers_dict={"WARC-Date": f"{response.fetched_at:%Y-%m-%dT%H:%M:%S.%fZ}"},
    )
    writer.write_record(record)
    return out.getvalue()
