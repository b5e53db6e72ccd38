"""What a purge is to remove: a choice of documents, and the captures that it names."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.cleaning.storing import handle_hash
from ccgcii.crawling.redaction import redact
from ccgcii.errors import ConfigError, SourceError, StoreError, suggest
from ccgcii.store import day_starts

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection

    from ccgcii.workspace import Workspace

_URL = (
    "(c.url IN (:url, :plain)"
    " OR c.id IN (SELECT d.capture_id FROM document d JOIN document_text t ON t.document_id = d.id"
    " WHERE :url IN (t.url, t.canonical_url) OR :plain IN (t.url, t.canonical_url))"
    " OR (c.kind = 'page' AND c.request_id IN"
    " (SELECT id FROM request WHERE url IN (:url, :plain))))"
)
_AUTHOR = (
    "(c.id IN (SELECT d.capture_id FROM document d JOIN account a ON a.id = d.account_id"
    " WHERE a.handle = :hash) OR c.id IN (SELECT value FROM json_each(:written)))"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents to purge: all that is given must hold of a document at once.

    `expired` means past the time that the terms of its API allow; `before` that it was fetched
    before that day (UTC).
    """

    expired: bool = False
    author: str | None = None
    url: str | None = None
    source: str | None = None
    before: date | None = None

    def arguments(self) -> dict[str, Any]:
        """Return what may be written into the log: by what it chose, without personal data."""
        chosen: dict[str, Any] = {
            "by": [name for name in self.__slots__ if getattr(self, name)],
        }
        if self.source:
            chosen["source"] = self.source
        if self.before:
            chosen["before"] = self.before.isoformat()
        return chosen


@dataclass(frozen=True, slots=True)
class Doomed:
    """The captures that a purge would remove, and what comes with them."""

    captures: tuple[int, ...]
    documents: int
    pages: int
    records: int
    sources: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {
            "captures": len(self.captures),
            "pages": self.pages,
            "records": self.records,
            "documents": self.documents,
            "sources": self.sources,
        }


def find_doomed(workspace: Workspace, choice: Choice) -> Doomed:
    """Return what a purge would remove; nothing is changed.

    Raises `ConfigError` if nothing is chosen by, `SourceError` for a source that brought nothing,
    `StoreError` for a store that is no SQLite file.
    """
    if not choice.arguments()["by"]:
        raise ConfigError(
            "say what to purge: --expired, --author, --url, --source or --before (all that is "
            "given must hold)"
        )
    if workspace.engine.dialect.name != "sqlite":
        raise StoreError("purge overwrites SQLite files only; use your database's own tools")
    with workspace.engine.connect() as connection:
        where, values = _conditions(workspace, connection, choice)
        query = (
            "SELECT c.id, c.kind, s.name, d.id IS NOT NULL AS made FROM capture c "  # noqa: S608 - our own conditions; values are bound
            "JOIN source s ON s.id = c.source_id LEFT JOIN document d ON d.capture_id = c.id "
            f"WHERE {' AND '.join(where)} ORDER BY c.id"
        )
        rows = connection.execute(text(query), values).all()
    sources: dict[str, int] = {}
    for row in rows:
        sources[row.name] = sources.get(row.name, 0) + 1
    pages = sum(row.kind == "page" for row in rows)
    documents = sum(row.made for row in rows)
    return Doomed(tuple(r.id for r in rows), documents, pages, len(rows) - pages, sources)


def plain_handle(author: str) -> str:
    """Return a handle as it is compared: no leading @, no case."""
    return author.strip().removeprefix("@").casefold()


def _conditions(
    workspace: Workspace, connection: Connection, choice: Choice
) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {}
    if choice.expired:
        where.append("c.expires_at <= :now")
        values["now"] = int(time.time())
    if choice.before:
        where.append("c.fetched_at < :before")
        values["before"] = day_starts(choice.before)
    if choice.source:
        where.append("s.name = :source")
        values["source"] = _known_source(connection, choice.source)
    if choice.url:
        where.append(_URL)
        values |= {"url": choice.url, "plain": redact(choice.url)}
    if choice.author:
        if not plain_handle(choice.author):
            raise ConfigError("--author is empty; give a handle, with or without its @")
        where.append(_AUTHOR)
        key = workspace.settings.secrets.get("account_key")
        secret = key.get_secret_value().encode()[:64] if key else b""
        values["hash"] = handle_hash(choice.author, secret)
        values["written"] = json.dumps(_written_by(connection, choice.author))
    return where, values


def _known_source(connection: Connection, name: str) -> str:
    known = [row.name for row in connection.execute(text("SELECT name FROM source"))]
    if name not in known:
        raise SourceError(f"no source {name!r} has brought anything{suggest(name, known)}")
    return name


def _written_by(connection: Connection, author: str) -> list[int]:
    """Return the record captures whose payload names the author, cleaned or not."""
    handle = plain_handle(author)
    rows = connection.execute(
        text("SELECT capture_id, json_extract(payload, '$.author') AS author FROM capture_record")
    )
    return [
        row.capture_id for row in rows if row.author and plain_handle(str(row.author)) == handle
    ]
