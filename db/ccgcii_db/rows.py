"""Rows through SQLAlchemy Core: an ORM object a row costs ten times as much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection
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
