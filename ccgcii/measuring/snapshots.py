"""Snapshots: the facts of a large store, kept beside it, so that scoring again takes a second.

A snapshot is one DuckDB file a window in the folder `<store>.snapshots`. It carries the version of
all that it was made from (store, lists, window, code) and is used only while that is the version
of what is there; else it is made again. Deleting it loses nothing but time.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from sqlalchemy import text

from ccgcii.measuring.facts import recipe_of_facts
from ccgcii.scoring import Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from sqlalchemy import Engine

    from ccgcii.measuring.raw import Dictionaries, Window

# Below so many documents, reading the store takes less time than looking whether it changed.
WORTH_KEEPING = 200_000
# Snapshots kept in one folder: this year, the year before, and two that someone looks at.
KEPT = 4
THREADS = 2

# Every command that changes documents leaves its mark in `run`. These sums also see what was
# changed by hand: any row that came or went, any document or account that is another. A mention or
# topic that was edited in place is not seen: summing them up takes as long as all the rest.
_DOCUMENTS = "SELECT count(*), count(dropped), sum(published_at), sum(sentiment) FROM document"
_ACCOUNTS = "SELECT count(*), sum(city_id), sum(followers), count(role), sum(role = 'official')"
_SUMS = (
    f"{_DOCUMENTS} WHERE id <= {{middle}}",
    f"{_DOCUMENTS} WHERE id > {{middle}}",
    "SELECT count(*) FROM mention",
    "SELECT count(*) FROM document_topic",
    "SELECT count(*) FROM document_event",
    f"{_ACCOUNTS} FROM account",
    "SELECT count(*), sum(id) FROM source WHERE withheld",
)
# Scores and reports come from documents and change none.
_RUNS = (
    "SELECT id, kind, state, started_at, finished_at FROM run "
    "WHERE kind IN ('crawl', 'import', 'clean') ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where the facts of a window are kept, and the version that they must have."""

    path: Path
    version: str

    def open(self) -> duckdb.DuckDBPyConnection | None:
        """Return the kept facts; None if there are none, or none of this version."""
        if not self.path.exists():
            return None
        # Attached, not opened: one process would share an opened file, and its locks, with itself.
        connection = duckdb.connect()
        with suppress(duckdb.Error, OSError):
            connection.execute(f"ATTACH {_quoted(self.path)} AS kept (READ_ONLY)")
            connection.execute("USE kept")
            if connection.execute("SELECT version FROM snapshot").fetchall() == [(self.version,)]:
                self.path.touch()
                return connection
        connection.close()
        return None

    @property
    def part(self) -> Path:
        """Where this process writes before what it wrote takes the snapshot's place."""
        return self.path.with_suffix(f".{os.getpid()}.part")

    def keep(
        self, connection: duckdb.DuckDBPyConnection, answers: Mapping[str, pd.DataFrame]
    ) -> tuple[Note, ...]:
        """Write the facts of a connection in memory, and answers by their query.

        What prevents it (a full disk, say) is a warning, no failure.
        """
        part = self.part
        try:
            self.path.parent.mkdir(exist_ok=True)
            part.unlink(missing_ok=True)
            _copy(connection, part, self.version, answers)
            part.replace(self.path)
            _prune(self.path.parent)
        except (duckdb.Error, OSError) as error:
            for leftover in (part, part.with_name(f"{part.name}.wal")):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
            reason = str(error).splitlines()[0]
            said = f"not kept, the next score reads the store again: {reason}"
            return (Note("snapshot", said, warning=True),)
        return ()


def find_snapshot(engine: Engine, dictionaries: Dictionaries, window: Window) -> Snapshot | None:
    """Return where a store's facts belong; None for a store that is not one file."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    folder = Path(f"{Path(name).resolve()}.snapshots")
    path = folder / f"{window.since}_{window.until}.duckdb"
    return Snapshot(path, _version(engine, dictionaries, window))


def _version(engine: Engine, dictionaries: Dictionaries, window: Window) -> str:
    """Return a digest of all that the facts depend on."""
    parts = [
        duckdb.__version__,
        recipe_of_facts(window),
        json.dumps(asdict(dictionaries), default=str),
        _store_version(engine),
    ]
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _store_version(engine: Engine) -> str:
    with engine.connect() as store:
        last = store.execute(text("SELECT max(id) FROM document")).scalar() or 0
        runs = [tuple(row) for row in store.execute(text(_RUNS))]

    def total(query: str) -> tuple[int | None, ...]:
        with engine.connect() as store:
            return tuple(store.execute(text(query.format(middle=last // 2))).one())

    with ThreadPoolExecutor(THREADS) as pool:
        return json.dumps([runs, *pool.map(total, _SUMS)])


def kept_answers(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the tables of a snapshot that hold answers, by the query that they answer."""
    return dict(connection.execute("SELECT query, place FROM answer").fetchall())


def _copy(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    version: str,
    answers: Mapping[str, pd.DataFrame],
) -> None:
    connection.execute(f"ATTACH {_quoted(path)} AS kept")
    try:
        connection.execute("COPY FROM DATABASE memory TO kept")
        connection.execute("CREATE TABLE kept.answer (query VARCHAR, place VARCHAR)")
        for number, (query, frame) in enumerate(answers.items()):
            place = f"answer_{number}"
            connection.register("given", frame)
            connection.execute(f"CREATE TABLE kept.{place} AS SELECT * FROM given")  # noqa: S608
            connection.unregister("given")
            connection.execute("INSERT INTO kept.answer VALUES (?, ?)", [query, place])
        connection.execute("CREATE TABLE kept.snapshot (version VARCHAR)")
        connection.execute("INSERT INTO kept.snapshot VALUES (?)", [version])
    finally:
        connection.execute("DETACH kept")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _prune(folder: Path) -> None:
    newest = sorted(folder.glob("*.duckdb"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[KEPT:]:
        file.unlink(missing_ok=True)
