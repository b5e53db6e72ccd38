"""Records into the store, in chunks, each in one transaction, none twice."""

from __future__ import annotations

import time
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, insert, select

from ccgcii.records import record_to_json, to_iso
from ccgcii_db import Dictionary, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine, Insert
    from sqlalchemy.engine import Connection

    from ccgcii.documents import Record
    from ccgcii.readers import BadRow

CAPTURE = table_of(tables.Capture)
PAYLOAD = table_of(tables.CaptureRecord)
REJECTED = table_of(tables.RejectedRow)
CAPTURE_COLUMNS = (
    "source_id",
    "channel_id",
    "run_id",
    "kind",
    "identity",
    "url",
    "fetched_at",
    "hints",
    "cleaned",
)
# The database finds the capture's number by itself: asking for it costs more than the inserts.
PAYLOAD_OF_CAPTURE = insert(PAYLOAD).from_select(
    ["capture_id", "payload"],
    select(CAPTURE.c.id, bindparam("payload", type_=Text)).where(
        CAPTURE.c.source_id == bindparam("source"), CAPTURE.c.identity == bindparam("key")
    ),
)
RAW_LIMIT = 200


def store_records(engine: Engine, records: Sequence[Record], source: str, run_id: int) -> int:
    """Store what is new among the records, in one transaction; return how many that were."""
    now = int(time.time())
    unique: dict[bytes, Record] = {}
    for record in records:
        unique.setdefault(record_identity(record), record)
    with engine.begin() as connection:
        source_id = Dictionary(connection, tables.Source).id(source)
        channels = Dictionary(connection, tables.Channel)
        captures = [
            (
                source_id,
                channels.id(record.channel),
                run_id,
                "record",
                key,
                _clean(record.url),
                now,
                "{}",
                0,
            )
            for key, record in unique.items()
        ]
        new = _insert_new(connection, insert(CAPTURE).inline(), CAPTURE_COLUMNS, captures)
        if new:
            payloads = [
                (_clean(record_to_json(record)), source_id, key) for key, record in unique.items()
            ]
            _insert_new(connection, PAYLOAD_OF_CAPTURE, ("payload", "source", "key"), payloads)
    return new


def store_rejected(engine: Engine, rows: Sequence[BadRow], file: str, run_id: int) -> None:
    """Keep the rows of a file that could not be read, each once however often it is imported."""
    lines = [row.line for row in rows]
    with engine.begin() as connection:
        query = select(REJECTED.c.line, REJECTED.c.reason).where(
            REJECTED.c.file == file, REJECTED.c.line.between(min(lines), max(lines))
        )
        known = {(line, reason) for line, reason in connection.execute(query)}
        new = {(row.line, _clean(row.reason)): row for row in rows}
        values = [
            {
                "run_id": run_id,
                "file": file,
                "line": line,
                "reason": reason,
                "raw": _clean(row.raw[:RAW_LIMIT]),
            }
            for (line, reason), row in new.items()
            if (line, reason) not in known
        ]
        if values:
            connection.execute(insert(REJECTED), values)


def record_identity(record: Record) -> bytes:
    """Return what makes a record the same one: its channel and platform id, else what it says.

    The ids of articles are only unique within their file, so articles go by their content too.
    """
    parts = [record.channel, record.id]
    if record.channel == "media" or not record.id:
        moment = record.published_at
        parts += [record.url, record.title, record.text, to_iso(moment) if moment else ""]
        if not record.text and not record.url:
            parts += [record.outlet or "", record.author or ""]
    return sha1("\0".join(parts).encode("utf-8", "replace"), usedforsecurity=False).digest()


def _insert_new(
    connection: Connection,
    statement: Insert,
    names: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> int:
    """Insert the rows that are not there yet and return how many those were.

    Goes past SQLAlchemy's work on each value, which costs more than SQLite's.
    """
    columns = None if statement.select is not None else names
    compiled = statement.compile(dialect=connection.dialect, column_keys=columns)
    order = compiled.positiontup
    values: Any = rows
    if order is None:
        values = [dict(zip(names, row, strict=True)) for row in rows]
    elif tuple(order) != names:
        places = [names.index(name) for name in order]
        values = [tuple([row[place] for place in places]) for row in rows]
    query = f"{compiled} ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(query, values).rowcount


def _clean(text: str) -> str:
    """Replace halves of characters (JSON allows them, no database does); leave out NUL."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def rejected_rows(engine: Engine, file: str) -> list[dict[str, Any]]:
    """Return what was refused of a file, by line."""
    query = select(REJECTED).where(REJECTED.c.file == file).order_by(REJECTED.c.line)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
