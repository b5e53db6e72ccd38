"""Generated stores of any size: what ten million cleaned documents look like to scoring.

The skew is that of real crawls: ten of a hundred cities hold 90 % of the mentions, 5,000 outlets
and an account for every five documents write in long tails, one document in six names a second
city, one in five speaks of an event, one in a hundred is a city's own. `size` documents lie in
the year that is measured, a twentieth as many in the year before.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from adbc_driver_sqlite import dbapi
from sqlalchemy import insert, select

from ccgcii.catalogues import default_cities, default_events
from ccgcii.cities import Study
from ccgcii.store import fill_lists
from ccgcii_db import open_engine, table_of, tables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

Column = Any  # a numpy array of one dimension
Rows = dict[str, Any]

CITIES = default_cities()
STUDY = Study("bench", "2019-01-01", "2020-12-31", CITIES)
CHUNK = 1_000_000
DAY = 86_400
BEFORE, START, END = 1_546_300_800, 1_577_836_800, 1_609_459_200  # 1 January 2019, 2020, 2021
OUTLETS, TOPICS = 5_000, 17
WORDS = {
    tables.Language: ("en", "zh", "fr"),
    tables.Country: ("CN", "US", "GB", "FR", "DE", "JP", "RU", "BR"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What every chunk of a store shares."""

    size: int
    people: int
    events: Column  # rows of id, first and last second
    languages: Column
    countries: Column


@dataclass(frozen=True, slots=True)
class Drafts:
    """What is known of the documents of a chunk."""

    ids: Column
    channel: Column
    city: Column
    published: Column


def generate(path: Path, size: int) -> Engine:
    """Write a store and return its engine."""
    engine = open_engine(f"sqlite:///{path}", create=True)
    fill_lists(engine, CITIES, {}, default_events())
    shape = _write_lists(engine, size)
    engine.dispose()
    total = size + size // 20
    with closing(dbapi.connect(str(path))) as store:
        with closing(store.cursor()) as cursor:
            cursor.adbc_ingest("account", _accounts(shape), mode="append")
        for first in range(1, total + 1, CHUNK):
            ids = np.arange(first, min(first + CHUNK, total + 1))
            with closing(store.cursor()) as cursor:
                for name, rows in _chunk(shape, ids).items():
                    cursor.adbc_ingest(name, pa.table(rows), mode="append")
            store.commit()
    return engine


def _write_lists(engine: Engine, size: int) -> Shape:
    with engine.begin() as connection:
        connection.execute(insert(table_of(tables.Source)), [{"id": 1, "name": "bench"}])
        topics = [
            {"id": n, "name": f"topic{n}", "power": "hard" if n % 2 else "soft"}
            for n in range(1, TOPICS + 1)
        ]
        connection.execute(insert(table_of(tables.Topic)), topics)
        outlets = [{"id": n, "domain": f"o{n}.example"} for n in range(1, OUTLETS + 1)]
        connection.execute(insert(table_of(tables.Outlet)), outlets)
        for model, words in WORDS.items():
            table = table_of(model)
            known = set(connection.execute(select(table.c.code)).scalars())
            new = [{"code": word} for word in words if word not in known]
            if new:
                connection.execute(insert(table), new)
        event = table_of(tables.Event)
        events = connection.execute(select(event.c.id, event.c.starts_at, event.c.ends_at))
        inside = [row for row in events if row.starts_at >= START and row.ends_at < END]
        ids = {
            model: np.array(connection.execute(select(table_of(model).c.id)).scalars().all())
            for model in WORDS
        }
    people = max(size // 5, 1000)
    return Shape(size, people, np.array(inside), ids[tables.Language], ids[tables.Country])


def _accounts(shape: Shape) -> pa.Table:
    """Write accounts: the first eight hundred are the cities' own, half of them official."""
    draw = np.random.default_rng(1)
    number = np.arange(1, shape.people + 1)
    own = number <= 8 * len(CITIES)
    city = pa.array((number - 1) // 8 + 1, mask=~own)
    role = pa.array(np.where(number % 2 == 1, "official", "affiliated"), mask=~own)
    return pa.table(
        {
            "id": number,
            "channel_id": (number - 1) % 8 // 2 + 2,
            "handle": [f"a{n}" for n in number],
            "followers": draw.integers(0, 100_000, shape.people),
            "city_id": city,
            "role": role,
        }
    )


def _chunk(shape: Shape, ids: Column) -> dict[str, Rows]:
    """Draw some documents with all that hangs on them."""
    draw = np.random.default_rng((7, int(ids[0])))
    channel = draw.choice([1, 2, 3, 4, 5], len(ids), p=[0.45, 0.2, 0.15, 0.1, 0.1])
    city = _cities(draw, len(ids))
    published = np.where(
        ids <= shape.size,
        START + draw.integers(0, END - START, len(ids)),
        BEFORE + draw.integers(0, START - BEFORE, len(ids)),
    )
    spoken = (draw.random(len(ids)) < 0.2) & (ids <= shape.size)
    event = shape.events[draw.integers(0, len(shape.events), len(ids))]
    late = draw.random(len(ids)) ** 2  # attention fades
    inside = event[:, 1] + (late * (event[:, 2] - event[:, 1])).astype(int)
    published = np.where(spoken, inside, published)
    return {
        "capture": _captures(ids, channel),
        "document": _documents(shape, draw, Drafts(ids, channel, city, published)),
        "mention": _mentions(draw, ids, city),
        "document_topic": {
            "document_id": ids[::2],
            "topic_id": draw.integers(1, TOPICS + 1, len(ids[::2])),
        },
        "document_event": {"document_id": ids[spoken], "event_id": event[spoken, 0]},
    }


def _cities(draw: np.random.Generator, size: int) -> Column:
    weights = np.r_[np.full(10, 0.09), np.full(len(CITIES) - 10, 0.1 / (len(CITIES) - 10))]
    return draw.choice(np.arange(1, len(CITIES) + 1), size, p=weights)


def _captures(ids: Column, channel: Column) -> Rows:
    """Write a record a document, as wide as real ones."""
    one = np.ones_like(ids)
    return {
        "id": ids,
        "source_id": one,
        "channel_id": channel,
        "kind": pa.array(["record"] * len(ids)),
        "identity": pa.array([b"%d" % n for n in ids]),
        "url": pa.array(
            [f"https://news.example/2020/{n:08d}/a-title-of-usual-length" for n in ids]
        ),
        "fetched_at": one * END,
        "hints": pa.array(['{"title": "A title of usual length", "language": "en"}'] * len(ids)),
        "cleaned": one,
    }


def _documents(shape: Shape, draw: np.random.Generator, drafts: Drafts) -> Rows:
    ids, channel = drafts.ids, drafts.channel
    size, social = len(ids), channel > 1
    anyone = draw.zipf(1.2, size) % shape.people + 1
    own = (drafts.city - 1) * 8 + (channel - 2) * 2 + draw.integers(1, 3, size)
    account = np.where(draw.random(size) < 0.01, own, anyone)
    one = np.ones_like(ids)
    rows = {
        "id": ids,
        "capture_id": ids,
        "source_id": one,
        "channel_id": channel,
        "outlet_id": pa.array(draw.zipf(1.3, size) % OUTLETS + 1, mask=social),
        "account_id": pa.array(account, mask=~social),
        "language_id": draw.choice(shape.languages, size),
        "country_id": draw.choice(shape.countries, size),
        "tier": draw.integers(1, 4, size),
        "published_at": drafts.published,
        "fetched_at": one * END,
        "is_share": np.zeros_like(ids),
        "sentiment": draw.integers(-1000, 1001, size),
    }
    for name, rate in {"likes": 0.02, "comments": 0.1, "shares": 0.2, "views": 0.001}.items():
        rows[name] = pa.array(draw.geometric(rate, size) - 1, mask=~social)
    return rows


def _mentions(draw: np.random.Generator, ids: Column, city: Column) -> Rows:
    """Name the city of each document and, in every sixth, another one."""
    second = _cities(draw, len(ids))
    also = (ids % 6 == 0) & (second != city)
    document, named = np.r_[ids, ids[also]], np.r_[city, second[also]]
    order = np.lexsort((named, document))
    size = len(order)
    return {
        "document_id": document[order],
        "city_id": named[order],
        "count": draw.integers(1, 9, size),
        "salience": draw.integers(1, 1001, size),
        "in_title": draw.integers(0, 2, size),
        "sentiment": pa.array(draw.integers(-1000, 1001, size), mask=draw.random(size) < 0.2),
    }
