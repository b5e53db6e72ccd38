"""Records into the store, in chunks, each in one transaction, none twice."""

from __future__ import annotations

import time
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ccgcii.records import record_to_json, to_iso
from ccgcii_db import Dictionary, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine, Table
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
RAW_LIMIT = 200
# SQLite takes 32,766 values in a statement.
LOOKED_UP_AT_ONCE = 10_000


def store_records(engine: Engine, records: Sequence[Record], source: str, run_id: int) -> int:
    """Store what is new among the records, in one transaction; return how many that were."""
    now = int(time.time())
    unique = {record_identity(record): record for record in records}
    with engine.begin() as connection:
        source_id = Dictionary(connection, tables.Source).id(source)
        channels = Dictionary(connection, tables.Channel)
        known = _ids(connection, source_id, list(unique))
        new = {key: record for key, record in unique.items() if key not in known}
        if not new:
            return 0
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
            for key, record in new.items()
        ]
        insert_rows(connection, CAPTURE, CAPTURE_COLUMNS, captures)
        ids = _ids(connection, source_id, list(new))
        payloads = [(ids[key], _clean(record_to_json(record))) for key, record in new.items()]
        insert_rows(connection, PAYLOAD, ("capture_id", "payload"), payloads)
    return len(new)


def store_rejected(engine: Engine, rows: Sequence[BadRow], file: str, run_id: int) -> None:
    """Keep the rows of a file that could not be read, each once however often it is imported."""
    with engine.begin() as connection:
        query = select(REJECTED.c.line, REJECTED.c.reason).where(REJECTED.c.file == file)
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


def insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Insert tuples, past SQLAlchemy's work on each value (which costs more than SQLite's)."""
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=columns)
    order = compiled.positiontup
    if order is None:
        values: Any = [dict(zip(columns, row, strict=True)) for row in rows]
    elif tuple(order) == columns:
        values = rows
    else:
        places = [columns.index(name) for name in order]
        values = [tuple(row[place] for place in places) for row in rows]
    connection.exec_driver_sql(str(compiled), values)


def _ids(
    connection: Connection, source_id: int | None, identities: list[bytes]
) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for start in range(0, len(identities), LOOKED_UP_AT_ONCE):
        some = identities[start : start + LOOKED_UP_AT_ONCE]
        query = select(CAPTURE.c.identity, CAPTURE.c.id).where(
            CAPTURE.c.source_id == source_id, CAPTURE.c.identity.in_(some)
        )
        found.update((identity, number) for identity, number in connection.execute(query))
    return found


def _clean(text: str) -> str:
    """Replace halves of characters (JSON allows them, no database does)."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def rejected_rows(engine: Engine, file: str) -> list[dict[str, Any]]:
    """Return what was refused of a file, by line."""
    query = select(REJECTED).where(REJECTED.c.file == file).order_by(REJECTED.c.line)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
