"""Reading the archive: the bytes of a page as they were fetched, found by file and offset.

Writing is `ccgcii.crawling.archive`. This module imports no crawler, so that cleaning workers
start fast; a WARC file is readable by any tool that knows the format (ISO 28500).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

from ccgcii.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from fastwarc.warc import WarcRecord

# The crawl refuses larger bodies long before; this only bounds a damaged or foreign archive.
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A response out of the archive: header names in lower case, `body` free of its encoding."""

    url: str
    status: int
    content_type: str | None
    headers: dict[str, str]
    body: bytes


def read_page(path: Path, offset: int) -> ArchivedPage:
    """Return the response that starts at `offset` (bytes) of a WARC file.

    Raises `StoreError` naming the file and offset where there is none, or a damaged one.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream)), None)
            if record is None or record.record_type != WarcRecordType.response:
                raise StoreError(f"{path}: no response at offset {offset}; is the file whole?")
            return _page(record, path, offset)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read at offset {offset} ({error})") from error


def _page(record: WarcRecord, path: Path, offset: int) -> ArchivedPage:
    if record.http_headers is None:
        raise StoreError(f"{path}: breaks off at offset {offset}; put the whole file back")
    headers = {name.lower(): value for name, value in record.http_headers.items()}
    body = record.reader.read()
    # The reader gives what there is of a record, and says nothing of the rest.
    if len(body) < record.content_length:
        raise StoreError(f"{path}: breaks off at offset {offset}; put the whole file back")
    try:
        body = decode(body, headers.get("content-encoding", ""))
    except (zlib.error, ValueError) as error:
        raise StoreError(f"{path}: the body at offset {offset} is damaged ({error})") from error
    return ArchivedPage(
        url=record.headers["WARC-Target-URI"],
        status=record.http_headers.status_code or 0,
        content_type=headers.get("content-type"),
        headers=headers,
        body=body,
    )


def decode(body: bytes, encoding: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Undo a Content-Encoding, salvaging what a truncated body still holds.

    We only ever ask for gzip and deflate. Raises `ValueError` for any other encoding and for a
    body that grows past `max_bytes`, `zlib.error` for one that was never compressed.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        if name in ("gzip", "x-gzip"):
            body = _inflate(body, 31, max_bytes)
        elif name == "deflate":
            body = _deflated(body, max_bytes)
        elif name != "identity":
            raise ValueError(f"Content-Encoding {name!r} is not one that we ask for")
    return body


def _deflated(body: bytes, max_bytes: int) -> bytes:
    try:
        return _inflate(body, 15, max_bytes)
    except zlib.error:
        # Some servers send the bare stream, without zlib's two bytes of header.
        return _inflate(body, -15, max_bytes)


def _inflate(body: bytes, window_bits: int, max_bytes: int) -> bytes:
    plain = bytearray()
    while body:
        stream = zlib.decompressobj(window_bits)
        plain += stream.decompress(body, max_bytes + 1 - len(plain))
        if len(plain) > max_bytes:
            raise ValueError(f"larger than {max_bytes} bytes when decompressed")
        # A gzip body may consist of several members; deflate has one.
        body = stream.unused_data if window_bits == 31 and _is_gzip(stream.unused_data) else b""
    return bytes(plain)


def _is_gzip(rest: bytes) -> bool:
    return rest.startswith(b"\x1f\x8b")
