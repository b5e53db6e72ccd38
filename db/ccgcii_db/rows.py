"""Rows through SQLAlchemy Core: an ORM object a row costs ten times as much."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Dialect
    from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """Return the Core table behind a SQLModel class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def insert_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert one row and return its id."""
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    if key is None:
        raise TypeError(f"{table.name} has no id of its own")
    return int(key[0])


def insert_missing(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that leaves out rows that are there already; its `rowcount` counts the rest.

    `rowcount` is kept explicitly: of many rows at once PostgreSQL's driver tells none otherwise.
    """
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert_new: sqlite.Insert | postgresql.Insert = kind.insert(table).on_conflict_do_nothing()
    return insert_new.execution_options(preserve_rowcount=True)


def insert_rows(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert many rows, each a tuple in the order of `columns`.

    A driver that takes tuples (SQLite's) gets them as they are: a dictionary a row costs five times
    as much. Values must be what the driver itself understands (numbers, text, bytes, None).
    """
    if not rows:
        return
    if connection.dialect.paramstyle == "qmark":
        connection.exec_driver_sql(_inserting(connection.dialect, table, columns), list(rows))
    else:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def change_rows(
    connection: Connection, table: Table, column: str, keys: Iterable[int], **values: Any
) -> None:
    """Give each row that has one of these whole numbers in `column` the values.

    A statement for each run of numbers without a gap: to name thousands of them in one costs far
    more than it saves, and what comes in together has numbers in a row.
    """
    runs = [{"first": first, "last": last} for first, last in _runs(keys)]
    if runs:
        within = table.c[column].between(bindparam("first"), bindparam("last"))
        connection.execute(update(table).where(within).values(values), runs)


def _runs(keys: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of numbers that follow each other."""
    runs: list[tuple[int, int]] = []
    for key in sorted(keys):
        if runs and key - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], key)
        else:
            runs.append((key, key))
    return runs


@lru_cache(maxsize=256)
def _inserting(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    order = tuple(getattr(compiled, "positiontup", None) or ())
    if order != columns:
        raise TypeError(f"{table.name}: give the columns in the table's order: {', '.join(order)}")
    return str(compiled)
