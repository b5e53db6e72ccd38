"""From the store to a corpus: narrow tables through ADBC into DuckDB, then facts.

ADBC reads ten million rows in the time pandas reads one (`scoring-at-scale.md`). Where it cannot
read a store (see `doors`), SQLAlchemy does: slower, with the same result.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from sqlalchemy import func, select, text

from ccgcii.corpus import Corpus
from ccgcii.errors import ScoreError
from ccgcii.measuring.answers import Facts, FewerFacts
from ccgcii.measuring.coverage import read_cover, read_looks
from ccgcii.measuring.doors import BATCH, door_of
from ccgcii.measuring.facts import add_facts, begin_facts, end_facts
from ccgcii.measuring.leftout import LeftOut
from ccgcii.measuring.raw import (
    RAW_TABLES,
    Dictionaries,
    EventRow,
    OutletRow,
    TopicRow,
    Window,
    create_raw_tables,
)
from ccgcii.measuring.snapshots import WORTH_KEEPING, find_snapshot
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cities import Study
    from ccgcii.measuring.doors import Door
    from ccgcii.measuring.leftout import Absent

# How many ids of documents are read at a time: memory is that of the facts, not of the store.
PART = 2_000_000
THREADS = 2
NOTHING = LeftOut()

Job = tuple[str, str]  # a raw table and the query that fills it

_ACCOUNTS = (
    "SELECT id, channel_id, followers, city_id, CASE WHEN role = 'official' THEN 1 ELSE 0 END "
    "FROM account"
)
_QUERIES = {
    "raw_document": (
        "SELECT id, channel_id, outlet_id, account_id, language_id, country_id, tier, "
        "published_at, likes, comments, shares, views, followers, sentiment, source_id "
        "FROM document "
        "WHERE dropped IS NULL AND published_at >= {first} AND published_at < {end} "
        "AND id >= {low} AND id < {high} "
        "AND source_id NOT IN (SELECT id FROM source WHERE withheld)"
    ),
    "raw_mention": (
        "SELECT document_id, city_id, count, salience, CASE WHEN in_title THEN 1 ELSE 0 END, "
        "sentiment FROM mention WHERE document_id >= {low} AND document_id < {high}"
    ),
    "raw_untitled": (
        "SELECT document_id FROM document_text "
        "WHERE title = '' AND document_id >= {low} AND document_id < {high}"
    ),
    "raw_topic": (
        "SELECT document_id, topic_id FROM document_topic "
        "WHERE document_id >= {low} AND document_id < {high}"
    ),
    "raw_event": (
        "SELECT document_id, event_id FROM document_event "
        "WHERE document_id >= {low} AND document_id < {high}"
    ),
}


def open_corpus(
    engine: Engine,
    study: Study,
    *,
    since: date | None = None,
    until: date | None = None,
    keep_from: int = WORTH_KEEPING,
    left_out: LeftOut = NOTHING,
) -> Corpus:
    """Read the kept documents of a window (default: the study's) from the store.

    The facts of a store of `keep_from` documents and more come from the snapshot beside it if that
    is of today, and `Corpus.keep` makes one; not so if anything is left out. Raises `ScoreError`
    if the window is empty or outside the study.
    """
    window = make_window(study, since, until)
    with engine.connect() as store:
        dictionaries = _read_dictionaries(store, study)
        dictionaries, window = left_out.apply(dictionaries, window)
        looks = read_looks(store)
        last = store.execute(select(func.max(table_of(tables.Document).c.id))).scalar() or 0
    # What is written while we read must make the snapshot stale: so its version comes first.
    worth = last >= keep_from and not left_out
    snapshot = find_snapshot(engine, dictionaries, window) if worth else None
    kept = snapshot.open() if snapshot else None
    connection = kept or _read_facts(engine, dictionaries, window, last)
    facts = Facts(connection, snapshot, kept=kept is not None)
    cover = read_cover(engine, looks, facts, dictionaries.cities, window)
    return Corpus(facts, dictionaries, window, cover)


def corpus_without(engine: Engine, corpus: Corpus, absent: Absent) -> Corpus:
    """Return a corpus as if documents of some origins had never come in.

    The facts of the corpus are looked at through a filter. Of the store only what was asked for is
    read again: weeks in which nobody else was heard were not looked at.
    """
    facts = FewerFacts(corpus.facts, absent.condition)
    with engine.connect() as store:
        looks = read_looks(store, absent.sources)
    cover = read_cover(engine, looks, facts, corpus.dictionaries.cities, corpus.window)
    return Corpus(facts, corpus.dictionaries, corpus.window, cover.without(absent.channels))


def _read_facts(
    engine: Engine, dictionaries: Dictionaries, window: Window, last: int
) -> duckdb.DuckDBPyConnection:
    """Read the store part by part; `last` is the highest id of a document."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    create_raw_tables(connection)
    _load(connection, engine, [("raw_account", _ACCOUNTS)])
    begin_facts(connection, dictionaries, window)
    for first in range(0, last + 1, PART):
        jobs = _jobs(window, first, min(first + PART, last + 1))
        _load(connection, engine, jobs)
        add_facts(connection, window)
    end_facts(connection)
    return connection


def make_window(study: Study, since: date | None, until: date | None) -> Window:
    """Return the days to measure; they must lie inside the study."""
    earliest, latest = date.fromisoformat(study.since), date.fromisoformat(study.until)
    first, last = since or earliest, until or latest
    if first > last:
        raise ScoreError(f"--since {first} is after --until {last}; swap them")
    if first < earliest or last > latest:
        raise ScoreError(
            f"{first} to {last} is not inside the study ({earliest} to {latest}); "
            "change [study] since and until in ccgcii.toml and crawl what is missing"
        )
    return Window(first, last, earliest)


def _jobs(window: Window, low: int, high: int) -> list[Job]:
    """Return the queries for the documents of a range of ids, in two halves."""
    first = window.start if window.start_before is None else window.start_before
    middle = (low + high) // 2
    fixed = {"first": first, "end": window.end}
    return [
        (table, query.format(**fixed, low=begin, high=end))
        for table, query in _QUERIES.items()
        for begin, end in ((low, middle), (middle, high))
    ]


def _load(connection: duckdb.DuckDBPyConnection, engine: Engine, jobs: Sequence[Job]) -> None:
    """Fill the raw tables, two jobs at a time."""
    door = door_of(engine)
    if door is None:
        for job in jobs:
            _load_by_sqlalchemy(connection, engine, *job)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(_load_by_adbc, connection, door, *job) for job in jobs]:
            done.result()


def _load_by_sqlalchemy(
    connection: duckdb.DuckDBPyConnection, engine: Engine, table: str, query: str
) -> None:
    with engine.connect() as store:
        for batch in _batches(store, table, query):
            _insert(connection, table, batch)


def _load_by_adbc(
    connection: duckdb.DuckDBPyConnection, door: Door, table: str, query: str
) -> None:
    """Read one query in a thread of its own, over a connection of its own."""
    with door() as cursor:
        cursor.execute(query)
        _insert(connection.cursor(), table, cursor.fetch_record_batch())


def _insert(duck: duckdb.DuckDBPyConnection, table: str, rows: Any) -> None:
    duck.register(f"{table}_rows", rows)
    duck.execute(f"INSERT INTO {table} SELECT * FROM {table}_rows")  # noqa: S608 - our names
    duck.unregister(f"{table}_rows")


def _batches(store: Connection, table: str, query: str) -> Iterator[pa.Table]:
    """Read a query through SQLAlchemy as Arrow tables of 64-bit integers."""
    schema = pa.schema([(name, pa.int64()) for name in RAW_TABLES[table]])
    rows = store.execution_options(yield_per=BATCH).execute(text(query))
    for part in rows.partitions():
        columns = [pa.array(column, type=pa.int64()) for column in zip(*part, strict=True)]
        yield pa.table(columns, schema=schema)


def _read_dictionaries(store: Connection, study: Study) -> Dictionaries:
    topic, event = table_of(tables.Topic), table_of(tables.Event)
    topics = store.execute(select(topic.c.id, topic.c.name, topic.c.power).order_by(topic.c.name))
    columns = (event.c[name] for name in EventRow.__dataclass_fields__)
    events = store.execute(select(*columns).order_by(event.c.key))
    return Dictionaries(
        cities={city.id: city.key for city in study.cities},
        channels=_words(store, tables.Channel, "name"),
        languages=_words(store, tables.Language, "code"),
        countries=_words(store, tables.Country, "code"),
        topics=[TopicRow(*row) for row in topics],
        events=[EventRow(*row) for row in events],
        outlets=_own_outlets(store, study),
    )


def _own_outlets(store: Connection, study: Study) -> list[OutletRow]:
    """Return the outlets of the store that are a city's own by the study's catalogue."""
    cities = {city.key: city.id for city in study.cities}
    own = {
        outlet.domain: (cities[outlet.city], outlet.role == "official")
        for outlet in study.outlets.values()
        if outlet.city in cities and outlet.role is not None
    }
    table = table_of(tables.Outlet)
    rows = store.execute(select(table.c.id, table.c.domain).where(table.c.domain.in_(own)))
    return sorted(
        (OutletRow(number, *own[domain]) for number, domain in rows), key=lambda row: row.id
    )


def _words(store: Connection, model: Any, column: str) -> dict[int, str]:
    table = table_of(model)
    rows = store.execute(select(table.c.id, table.c[column]).order_by(table.c[column]))
    return {int(number): str(word) for number, word in rows}
