"""Outcomes into the store: a batch is one transaction, and a document's id is its capture's."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlmodel import SQLModel

from ccgcii.cleaning.rows import COLUMNS
from ccgcii_db import Dictionary, change_rows, insert_rows, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cleaning.rows import Row, Rows


class OutcomeStore:
    """Writes the rows that workers made; gives words their numbers."""

    def __init__(self, engine: Engine, powers: Mapping[str, str], secret: str) -> None:
        self._engine = engine
        self._powers = powers
        self._secret = secret.encode()[:64]

    def write(self, rows: Rows) -> None:
        """Write a batch in one transaction: documents, drops, and that the captures are done."""
        with self._engine.begin() as connection:
            _Batch(connection, self._powers, self._secret).write(rows)


class _Batch:
    """One transaction of rows."""

    def __init__(self, connection: Connection, powers: Mapping[str, str], secret: bytes) -> None:
        self._connection = connection
        self._powers = powers
        self._secret = secret

    def write(self, rows: Rows) -> None:
        """Write everything."""
        forget_documents(self._connection, rows.captures)
        written = rows.tables | {
            "document": list(self._documents(rows.tables["document"])),
            "document_topic": list(self._topics(rows.tables["document_topic"])),
            "document_event": list(self._events(rows.tables["document_event"])),
        }
        for name, columns in COLUMNS.items():
            # In the order of their keys, as they lie in the table.
            ordered = sorted(written[name], key=_number)
            insert_rows(self._connection, SQLModel.metadata.tables[name], columns, ordered)
        capture = table_of(tables.Capture)
        change_rows(self._connection, capture, "id", rows.captures, cleaned=1, clean_from=None)

    def _documents(self, rows: Iterable[Row]) -> Iterator[Row]:
        rows = list(rows)
        sources = self._numbers(tables.Source, "name", {row[2] for row in rows})
        channels = self._numbers(tables.Channel, "name", {row[3] for row in rows})
        outlets = self._numbers(tables.Outlet, "domain", {row[4] for row in rows})
        accounts = self._accounts({(channels[row[3]], row[5]) for row in rows if row[5]})
        languages = self._numbers(tables.Language, "code", {row[6] for row in rows})
        countries = self._numbers(tables.Country, "code", {row[8] for row in rows})
        for row in rows:
            yield (
                *row[:2],
                sources[row[2]],
                channels[row[3]],
                outlets[row[4]],
                accounts[channels[row[3]], row[5]] if row[5] else None,
                languages[row[6]],
                row[7],
                countries[row[8]],
                *row[9:],
            )

    def _topics(self, rows: Iterable[Row]) -> Iterator[Row]:
        known = Dictionary(self._connection, tables.Topic)
        for number, topic in rows:
            yield number, known.id(topic, power=self._powers.get(topic, ""))

    def _events(self, rows: Iterable[Row]) -> Iterator[Row]:
        known = Dictionary(self._connection, tables.Event, "key").words()
        for number, event in rows:
            yield number, known[event]

    def _numbers(
        self, table: type[SQLModel], column: str, words: set[str | None]
    ) -> dict[str | None, int | None]:
        known = Dictionary(self._connection, table, column)
        return {word: known.id(word) for word in sorted(words, key=str)}

    def _accounts(self, authors: set[tuple[int | None, str]]) -> dict[tuple[int | None, str], int]:
        wanted = {
            (channel or 0, handle_hash(author, self._secret)): (channel, author)
            for channel, author in authors
        }
        hashed = {
            (channel, author): (channel or 0, handle_hash(author, self._secret))
            for channel, author in authors
        }
        known = self._known_accounts(wanted)
        new = [
            {"channel_id": channel, "handle": handle}
            for channel, handle in sorted(wanted)
            if (channel, handle) not in known
        ]
        if new:
            self._connection.execute(insert(table_of(tables.Account)), new)
            known = self._known_accounts(wanted)
        return {author: known[key] for author, key in hashed.items()}

    def _known_accounts(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
        handles = sorted({handle for _, handle in wanted})
        if not handles:
            return {}
        columns = table_of(tables.Account).c
        rows = self._connection.execute(
            select(columns.channel_id, columns.handle, columns.id).where(
                columns.handle.in_(handles)
            )
        )
        return {(channel, handle): number for channel, handle, number in rows}


def forget_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Delete what cleaning made of these captures, if anything: they are judged anew.

    Rows of a document's own tables go with it (foreign keys cascade).
    """
    document, drop = table_of(tables.Document), table_of(tables.Drop)
    for table, column in ((drop, drop.c.capture_id), (document, document.c.id)):
        # To name a thousand numbers costs more than this look, and mostly there is nothing.
        near = select(column).where(column.between(min(ids), max(ids))).limit(1)
        if connection.execute(near).first() is not None:
            connection.execute(delete(table).where(column.in_(ids)))


@lru_cache(maxsize=4096)
def handle_hash(author: str, secret: bytes = b"") -> str:
    """Return the keyed hash under which an author is kept: names stay out of the store.

    Case and a leading @ do not matter. `secret` is CCGCII__SECRETS__ACCOUNT_KEY; without it the
    hash hides a name from a glance, not from someone who guesses it.
    """
    name = author.strip().removeprefix("@").casefold()
    return blake2b(name.encode("utf-8", "replace"), key=secret, digest_size=12).hexdigest()


def _number(row: Row) -> Any:
    return row[0]
