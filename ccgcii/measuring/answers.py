"""Answers: the facts as they are, asked by question or by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import duckdb

from ccgcii.errors import PluginError
from ccgcii.measuring.snapshots import kept_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class FewerFacts(Facts):
    """Those of other facts that meet a condition, seen through views instead of their tables."""

    def __init__(self, facts: Answers, condition: str) -> None:
        # Views of a connection's own stand before the tables that all share.
        self._connection = facts.connection.cursor()
        for statement in _views(facts.connection, condition):
            self._connection.execute(statement)
        self._snapshot = None
        self._kept = {}
        self._known = {}


def _views(connection: duckdb.DuckDBPyConnection, condition: str) -> Iterator[str]:
    [(home,)] = connection.execute("SELECT current_database()").fetchall()
    rows = dict.fromkeys(("fact", "official_post", "before"), condition)
    rows |= {"event_fact": "document IN (SELECT document FROM temp.main.fact)"}
    rows |= dict.fromkeys(("event_list", "own_account", "own_outlet"), "TRUE")
    for table, where in rows.items():
        yield f"CREATE TEMP VIEW {table} AS SELECT * FROM {home}.main.{table} WHERE {where}"  # noqa: S608 - our own
    size = "SELECT count(DISTINCT document) AS documents FROM temp.main.fact"
    yield f"CREATE TEMP VIEW size AS {size}"
