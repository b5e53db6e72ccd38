"""Pages out of WARC files: those of a window's cities only, judged by their bytes first."""

from __future__ import annotations

import re
from datetime import UTC
from typing import IO, TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from ccgcii import BulkPage, Page, outlet_domain, prefilter_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import City

LARGEST = 16 << 20  # bytes of a page, unpacked
_HTML = re.compile(rb"\r\ncontent-type:[^\r]*(?:text/html|application/xhtml\+xml)", re.IGNORECASE)
_ENCODED = re.compile(rb"\r\n(?:content|transfer)-encoding:", re.IGNORECASE)
# What `body` no longer is once it is unpacked, and what was true of the wire only.
_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class DamagedError(Exception):
    """A WARC file that cannot be read to its end."""


class ResponseReader:
    """Reads the HTML pages of WARC files that name one of a study's cities.

    `seen` counts responses, `damaged` those that could not be read; `last` is where the record
    begins that was read last (bytes from the beginning of the stream).
    """

    def __init__(self, cities: tuple[City, ...]) -> None:
        self.seen = 0
        self.damaged = 0
        self.last = 0
        self._prefilter = prefilter_for(cities)

    def read(self, stream: IO[bytes], end: int | None = None) -> Iterator[BulkPage]:
        """Yield pages in the order of the file, until a record begins at `end` or after it.

        Raises `DamagedError` where the file breaks off or is damaged.
        """
        records = ArchiveIterator(
            stream,
            record_types=WarcRecordType.any_type,
            parse_http=False,
            max_content_length=LARGEST,
        )
        try:
            for record in records:
                if end is not None and record.stream_pos >= end:
                    return
                self.last = record.stream_pos
                if record.record_type == WarcRecordType.response:
                    page = self._page(record)
                    if page is not None:
                        yield page
        except OSError as error:
            raise DamagedError(f"damaged after {self.seen} responses ({error})") from error

    def _page(self, record: WarcRecord) -> BulkPage | None:
        self.seen += 1
        raw = record.reader.read()
        if len(raw) < record.content_length:
            raise DamagedError(f"breaks off in response {self.seen}")
        head, _, body = raw.partition(b"\r\n\r\n")
        if not _is_html(head):
            return None
        encoded = _ENCODED.search(head) is not None
        # Most pages end here: they were not parsed, and their headers not even split.
        if not encoded and not self._prefilter.names_a_city(body):
            return None
        headers = _headers(head)
        if encoded:
            try:
                body = _unpacked(raw)
            except (OSError, ValueError):
                self.damaged += 1
                return None
            if not self._prefilter.names_a_city(body):
                return None
        return _kept(record, int(head[9:12]), headers, body)


def _is_html(head: bytes) -> bool:
    """Say whether these HTTP headers are those of a page that was served."""
    return head[9:10] == b"2" and _HTML.search(head) is not None


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = [line.partition(":") for line in lines if ":" in line]
    return tuple(
        (name.strip(), value.strip())
        for name, _, value in pairs
        if name.strip().lower() not in _OF_THE_WIRE
    )


def _unpacked(raw: bytes) -> bytes:
    """Undo the encodings of an HTTP message; raises `OSError` if they are not what it says."""
    wrapped = (
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(raw), raw)
    )
    record = WarcRecord.from_bytes(wrapped)
    record.parse_http(auto_decode="all")
    body: bytes = record.reader.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ValueError("larger than any page")
    return body


def _kept(
    record: WarcRecord, status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> BulkPage | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(("http://", "https://")) or record.record_date is None:
        return None
    return BulkPage(
        Page(url, outlet=outlet_domain(url)),
        body,
        record.record_date.astimezone(UTC),
        status,
        headers,
        record.record_id or "",
    )
