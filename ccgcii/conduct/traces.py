"""Traces: the addresses, ids and handles by which what is purged could still be recognised."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from ccgcii.conduct.choosing import plain_handle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

PURGED = "purged"
# Shorter ids ("17") are also counts, pages and years.
SHORTEST_ID = 6
_ADDRESS = re.compile(r"https?:(?:\\?/){2}[^\s\"<>]+")
_WORD = re.compile(r"[\w.-]+")
_CLOSING = ").,;'\\]}"
# An answer of an API is asked for by an address that is nobody's: it is no trace.
_URLS = """
SELECT c.url FROM capture c JOIN doomed USING (id)
UNION SELECT r.url FROM request r JOIN capture c ON c.request_id = r.id AND c.kind = 'page'
  JOIN doomed ON doomed.id = c.id
UNION SELECT t.url FROM document d JOIN doomed ON doomed.id = d.capture_id
  JOIN document_text t ON t.document_id = d.id
UNION SELECT t.canonical_url FROM document d JOIN doomed ON doomed.id = d.capture_id
  JOIN document_text t ON t.document_id = d.id
UNION SELECT coalesce(json_extract(r.payload, '$.url'), '') FROM capture_record r
  JOIN doomed ON doomed.id = r.capture_id
"""


class Traces:
    """Finds and replaces traces in texts; a whole address or handle counts, never a part."""

    def __init__(self, urls: Iterable[str], ids: Iterable[str], author: str | None) -> None:
        self.urls = {url for url in urls if url}
        self.ids = {each for each in ids if len(each) >= SHORTEST_ID}
        self._handle = _handle_pattern(plain_handle(author)) if author else None

    def found_in(self, said: str) -> bool:
        """Say whether a text holds a trace."""
        return self.replaced(said) != said or not self.ids.isdisjoint(_WORD.findall(said))

    def replaced(self, said: str) -> str:
        """Return a text with addresses and handles replaced."""
        if "http" in said:
            said = _ADDRESS.sub(self._address, said)
        return self._handle.sub(PURGED, said) if self._handle else said

    def _address(self, match: re.Match[str]) -> str:
        written = match.group()
        for candidate in (written, written.rstrip(_CLOSING)):
            if _unescaped(candidate) in self.urls:
                return PURGED + written[len(candidate) :]
        return written


def read_traces(connection: Connection, author: str | None) -> Traces:
    """Collect the traces of the captures in the temporary table `doomed`."""
    urls = connection.execute(text(_URLS)).scalars().all()
    ids = connection.execute(
        text(
            "SELECT CAST(json_extract(r.payload, '$.id') AS TEXT) FROM capture_record r "
            "JOIN doomed ON doomed.id = r.capture_id "
            "WHERE json_extract(r.payload, '$.id') IS NOT NULL"
        )
    ).scalars()
    return Traces(urls, ids, author)


def _unescaped(written: str) -> str:
    if "\\" not in written:
        return written
    try:
        return str(json.loads(f'"{written}"'))
    except ValueError:
        return written.replace("\\/", "/")


def _handle_pattern(handle: str) -> re.Pattern[str]:
    """Match a handle where it stands alone, also as JSON escapes it and addresses quote it."""
    spellings = {handle, json.dumps(handle)[1:-1]}
    either = "|".join(re.escape(each) for each in sorted(spellings))
    return re.compile(rf"(?:(?<![\w.-])|(?<=%40)|(?<=%3A))@?(?:{either})(?![\w-])", re.IGNORECASE)
