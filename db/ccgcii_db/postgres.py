"""What PostgreSQL needs to be told so that a store there behaves as the one in a file does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# The first half of the keys of our locks, so that no other program's are ours.
FAMILY = crc32(b"ccgcii") & 0x7FFFFFFF


def is_postgres(connection: Any) -> bool:
    """Say whether a connection or an engine leads to PostgreSQL."""
    return bool(connection.dialect.name == "postgresql")


def one_at_a_time(connection: Connection, what: str) -> None:
    """Let no other process do this before our transaction ends.

    A writer of a SQLite file is alone with it anyway.
    """
    if is_postgres(connection):
        connection.execute(select(func.pg_advisory_xact_lock(FAMILY, _key(what))))


def hold(connection: Connection, what: str) -> bool:
    """Hold this until the connection closes, however it closes; False if another one holds it."""
    query = select(func.pg_try_advisory_lock(FAMILY, _key(what)))
    held = bool(connection.execute(query).scalar_one())
    connection.commit()
    return held


def accept_nul(connection: Any, _record: Any) -> None:
    """Leave out NUL characters, which PostgreSQL keeps in no text and pages and exports contain."""
    from psycopg.types.string import StrDumper, StrDumperUnknown  # noqa: PLC0415 - an extra

    def without_nul(base: Any) -> Any:
        class WithoutNul(base):  # type: ignore[misc]
            def dump(self, obj: str) -> Any:
                return super().dump(obj.replace("\0", "") if "\0" in obj else obj)

        return WithoutNul

    # In this order: the driver takes the last one that fits.
    for base in (StrDumperUnknown, StrDumper):
        connection.adapters.register_dumper(str, without_nul(base))


def _key(what: str) -> int:
    return crc32(what.encode()) & 0x7FFFFFFF
