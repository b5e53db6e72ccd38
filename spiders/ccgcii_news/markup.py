"""Before any parser sees it: XML of strangers, unpacked within bounds and free of entities."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from functools import lru_cache

from ccgcii import SourceError

MAX_BYTES = 64 * 1024 * 1024  # the standard allows a sitemap 50 MiB


def unpack(body: bytes, limit: int = MAX_BYTES) -> tuple[bytes, str | None]:
    """Return a body, unpacked if it is a gzip file, and what was wrong with it (None: nothing).

    Of a truncated file or one of more than `limit` bytes, what can be read is returned.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body[:limit], f"it has more than {limit} bytes" if len(body) > limit else None
    plain = bytearray()
    while body.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(31)
        try:
            plain += stream.decompress(body, limit + 1 - len(plain))
        except zlib.error as error:
            return bytes(plain), f"the gzip file is damaged ({error})"
        if len(plain) > limit:
            return bytes(plain[:limit]), f"the gzip file unpacks to more than {limit} bytes"
        if not stream.eof:
            return bytes(plain), "the gzip file is truncated"
        body = stream.unused_data
    return bytes(plain), None


def refuse_entities(body: bytes) -> None:
    """Raise `SourceError` for XML that declares entities: it may grow without bound or read files.

    Null bytes are left out first, so that UTF-16 hides nothing.
    """
    if b"<!ENTITY" in body.replace(b"\x00", b"").upper():
        raise SourceError("the XML declares entities and is not read")


@lru_cache(maxsize=1_000)
def parse_moment(text: str | None) -> datetime | None:
    """Return a W3C date or moment in UTC (a day is its first second), None if it is neither."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
