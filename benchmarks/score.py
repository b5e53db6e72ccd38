"""Seconds and memory from a cold store to a ranking, by stage, beside pandas reading the same rows.

    .venv/bin/python benchmarks/score.py [DOCUMENTS]

The store is generated: 100 cities of which ten hold 90 % of the mentions, 5,000 outlets, one
account in five social documents, events and topics.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.catalogues import default_cities, default_events
from ccgcii.cities import Study
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.study import save_score, score_corpus
from ccgcii.plugins import Plugins
from ccgcii.scoring import Recipe
from ccgcii.store import fill_lists
from ccgcii_db import insert_row, open_engine, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

Column = Any  # a numpy array of one dimension
COUNTRIES = ("CN", "US", "GB", "FR", "DE", "JP", "RU", "BR")
YEAR = 366 * 86_400
START = 1_577_836_800  # 2020-01-01
CITIES = default_cities()
STUDY = Study("bench", "2020-01-01", "2020-12-31", CITIES)


def fill(path: Path, size: int) -> None:
    """Write a store of `size` documents."""
    draw = np.random.default_rng(7)
    ids = np.arange(1, size + 1)
    channel = draw.choice([1, 2, 3, 4, 5], size, p=[0.45, 0.2, 0.15, 0.1, 0.1])
    store = sqlite3.connect(path)
    store.execute("PRAGMA foreign_keys = OFF")
    store.execute("PRAGMA synchronous = OFF")
    store.execute("INSERT INTO source (id, name) VALUES (1, 'bench')")
    topics = [(n, f"topic{n}", "hard" if n % 2 else "soft") for n in range(1, 18)]
    store.executemany("INSERT INTO topic VALUES (?, ?, ?)", topics)
    fill_captures(store, ids, channel)
    fill_documents(store, draw, ids, channel)
    fill_mentions(store, draw, ids)
    store.commit()
    store.close()


def fill_captures(store: sqlite3.Connection, ids: Column, channel: Column) -> None:
    """Write a record a document, as wide as real ones."""
    one = np.ones_like(ids)
    rows = {
        "id": ids,
        "source_id": one,
        "channel_id": channel,
        "kind": ["record"] * len(ids),
        "identity": [str(n).encode() for n in ids],
        "url": [f"https://news.example/2020/{n:08d}/a-title-of-usual-length" for n in ids],
        "fetched_at": one * START,
        "hints": ['{"title": "A title of usual length", "language": "en"}'] * len(ids),
        "cleaned": one,
    }
    insert(store, "capture", rows)


def fill_documents(
    store: sqlite3.Connection, draw: np.random.Generator, ids: Column, channel: Column
) -> None:
    """Write documents and accounts: outlets and accounts in long tails."""
    size, social = len(ids), channel > 1
    people = max(size // 5, 1)
    rows = {
        "id": ids,
        "capture_id": ids,
        "source_id": np.ones_like(ids),
        "channel_id": channel,
        "outlet_id": only(~social, draw.zipf(1.3, size) % 5000 + 1),
        "account_id": only(social, draw.zipf(1.2, size) % people + 1),
        "language_id": draw.integers(1, 4, size),
        "country_id": draw.integers(1, 9, size),
        "tier": draw.integers(1, 4, size),
        "published_at": START + draw.integers(0, YEAR, size),
        "fetched_at": np.full_like(ids, START),
        "is_share": np.zeros_like(ids),
        "sentiment": draw.integers(-1000, 1001, size),
    }
    for name in ("likes", "comments", "shares", "views"):
        rows[name] = only(social, draw.geometric(0.02, size) - 1)
    insert(store, "document", rows)
    accounts = {
        "id": np.arange(1, people + 1),
        "channel_id": draw.integers(2, 6, people),
        "handle": [f"a{n}" for n in range(people)],
        "followers": draw.integers(0, 100_000, people),
    }
    insert(store, "account", accounts)


def fill_mentions(store: sqlite3.Connection, draw: np.random.Generator, ids: Column) -> None:
    """Name cities, ten of them in 90 % of the cases; give topics and events."""
    weights = np.r_[np.full(10, 0.09), np.full(90, 0.1 / 90)]
    documents = np.r_[ids, ids[: len(ids) // 6]]
    cities = draw.choice(np.arange(1, 101), len(documents), p=weights)
    pairs = pd.DataFrame({"document_id": documents, "city_id": cities}).drop_duplicates()
    pairs = pairs.sort_values(["document_id", "city_id"])
    size = len(pairs)
    rows = {
        "document_id": pairs["document_id"],
        "city_id": pairs["city_id"],
        "count": draw.integers(1, 9, size),
        "salience": draw.integers(1, 1001, size),
        "in_title": draw.integers(0, 2, size),
        "sentiment": draw.integers(-1000, 1001, size),
    }
    insert(store, "mention", rows)
    half, fifth = ids[::2], ids[::5]
    topics = draw.integers(1, 18, len(half))
    insert(store, "document_topic", {"document_id": half, "topic_id": topics})
    events = draw.integers(1, 30, len(fifth))
    insert(store, "document_event", {"document_id": fifth, "event_id": events})


def only(where: Column, values: Column) -> Column:
    """Keep values where they apply, None elsewhere."""
    kept = values.astype(object)
    kept[~where] = None
    return kept


def insert(store: sqlite3.Connection, table: str, rows: dict[str, Any]) -> None:
    """Write columns as rows."""
    marks = ", ".join("?" * len(rows))
    columns = [c.tolist() if hasattr(c, "tolist") else c for c in rows.values()]
    statement = f"INSERT INTO {table} ({', '.join(rows)}) VALUES ({marks})"
    store.executemany(statement, zip(*columns, strict=True))


def timed(label: str, work: Callable[[], Any]) -> Any:
    """Run, print seconds of clock and processor, and the peak of memory so far."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{label:38} {clock:7.2f} s  {processor:7.2f} s of processor  peak {peak:.2f} GB")
    return result


def read_with_pandas(engine: Engine) -> None:
    """Read the two big tables as a plain script would."""
    document, mention = table_of(tables.Document), table_of(tables.Mention)
    with engine.connect() as store:
        documents = pd.read_sql(document.select().where(document.c.dropped.is_(None)), store)
        mentions = pd.read_sql(mention.select(), store)
    mentions.merge(documents, left_on="document_id", right_on="id")


def main() -> None:
    """Measure every stage for one size."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    plugins = Plugins.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        engine = open_engine(f"sqlite:///{path}", create=True)
        fill_lists(engine, CITIES, {}, default_events())
        add_words(engine)
        engine.dispose()
        # In a process of its own, so that the peak of memory is that of scoring.
        child = get_context("spawn").Process(target=fill, args=(path, size))
        child.start()
        child.join()
        print(f"{size:,} documents, {path.stat().st_size / 1e6:,.0f} MB")
        corpus = timed("store to corpus", lambda: open_corpus(engine, STUDY))
        recipe = Recipe.load("ccgcii-2020")
        indicators, methods = plugins.indicators(), plugins.methods()
        scored = timed(
            "sixty indicators and a ranking",
            lambda: score_corpus(corpus, indicators, recipe, methods),
        )
        row = {"kind": "score", "started_at": 0}
        with engine.begin() as connection:
            run = insert_row(connection, table_of(tables.Run), row)
        timed("saving", lambda: save_score(engine, run, STUDY, scored))
        timed("peer: pandas reads and joins two tables", lambda: read_with_pandas(engine))
        engine.dispose()


def add_words(engine: Engine) -> None:
    """Name the languages and countries that the documents point at."""
    with engine.begin() as connection:
        for model, words in ((tables.Language, ("en", "zh", "fr")), (tables.Country, COUNTRIES)):
            connection.execute(table_of(model).insert(), [{"code": word} for word in words])


if __name__ == "__main__":
    main()
