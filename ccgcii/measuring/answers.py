"""Answers: the facts as they are, asked by question or by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import duckdb

from ccgcii.errors import PluginError
from ccgcii.measuring.snapshots import kept_answers

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii.measuring.questions import Question, SourceQuestion
    from ccgcii.measuring.snapshots import Snapshot
    from ccgcii.scoring import Note

# Rows of an answer that is kept; what is larger is asked of the facts again.
SMALL = 200_000


class Answers(Protocol):
    """What a corpus reads from: the facts of a study, or a resample of them."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the facts."""
        ...

    def answer(self, question: Question | SourceQuestion) -> pd.DataFrame:
        """Answer a question, sorted by its keys; the frame is the asker's own."""
        ...

    def query(self, sql: str) -> pd.DataFrame:
        """Run SQL over the tables of the corpus, sorted by its columns."""
        ...

    def listing(self, sql: str) -> pd.DataFrame:
        """Run SQL over lists that no document changes: events, accounts."""
        ...

    def keep(self) -> tuple[Note, ...]:
        """Keep what was read and asked, where there is a place for it; say what prevents it."""
        ...


class Facts:
    """The facts in a DuckDB connection; whoever asks reaches no file through it.

    `snapshot` is where they may be kept; `kept` says that they come from there.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        snapshot: Snapshot | None = None,
        *,
        kept: bool = False,
    ) -> None:
        if snapshot and not kept:
            # Not only the file: DuckDB puts logs of its own beside it.
            connection.execute("SET allowed_directories = ?", [[str(snapshot.path.parent)]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        self._connection = connection
        self._snapshot = None if kept else snapshot
        self._kept = kept_answers(connection) if kept else {}
        self._known: dict[str, pd.DataFrame] = {}

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection."""
        return self._connection

    def answer(self, question: Question | SourceQuestion) -> pd.DataFrame:
        """Answer a question, at the second time from memory."""
        sql = question.sql
        if sql not in self._known:
            place = self._kept.get(sql)
            self._known[sql] = self.query(f"SELECT * FROM {place}" if place else sql)  # noqa: S608
        return self._known[sql].copy(deep=False)

    def query(self, sql: str) -> pd.DataFrame:
        """Run SQL; raises `PluginError` with the query if it is wrong."""
        try:
            return self._connection.execute(f"{sql} ORDER BY ALL").df()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise PluginError(f"the corpus cannot answer {sql!r}: {reason}") from error

    def listing(self, sql: str) -> pd.DataFrame:
        """Run SQL over lists."""
        return self.query(sql)

    def keep(self) -> tuple[Note, ...]:
        """Keep facts and answers as a snapshot, where there is a place for one and none is."""
        if self._snapshot is None:
            return ()
        small = {sql: found for sql, found in self._known.items() if len(found) <= SMALL}
        return self._snapshot.keep(self._connection, small)
