"""Dictionary tables: a word becomes a small integer once, and is looked up in memory after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii_db.rows import insert_missing, table_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlmodel import SQLModel


class Dictionary:
    """The ids of a table's words, made where they are missing.

    It belongs to one transaction: after a rollback, make a new one.
    """

    def __init__(self, connection: Connection, table: type[SQLModel], column: str = "name") -> None:
        self._connection = connection
        self._table = table_of(table)
        self._column = column
        rows = connection.execute(select(self._table.c[column], self._table.c.id))
        self._ids: dict[str, int] = {str(word): int(number) for word, number in rows}

    def id(self, word: str | None, **values: Any) -> int | None:
        """Return the id of a word, inserting it with `values` if it is new; None for None."""
        if word is None:
            return None
        known = self._ids.get(word)
        if known is not None:
            return known
        row = {self._column: word, **values}
        self._ids[word] = number = self._insert(row)
        return number

    def _insert(self, row: dict[str, Any]) -> int:
        # Another process may have brought the word since we read them all.
        columns = self._table.c
        new = insert_missing(self._connection, self._table).returning(columns.id)
        there = select(columns.id).where(columns[self._column] == row[self._column])
        number = self._connection.execute(new, row).scalar()
        return int(self._connection.execute(there).scalar_one() if number is None else number)

    def words(self) -> dict[str, int]:
        """Return a copy of what is known."""
        return dict(self._ids)
