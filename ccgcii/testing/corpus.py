"""A small synthetic corpus in a real DuckDB, for indicators and their conformance suite."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd

from ccgcii.corpus import Corpus, covered_channels
from ccgcii.documents import CHANNELS
from ccgcii.measuring.answers import Facts
from ccgcii.measuring.covers import Cover
from ccgcii.measuring.facts import build_facts
from ccgcii.measuring.raw import (
    RAW_TABLES,
    Dictionaries,
    EventRow,
    TopicRow,
    Window,
    create_raw_tables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CITIES = {1: "beijing", 2: "wuhan", 3: "dezhou", 4: "sanya", 5: "silent"}
TOPICS = (
    TopicRow(1, "economy", "hard"),
    TopicRow(2, "culture", "soft"),
    TopicRow(3, "events", "soft"),
)
WINDOW = Window(date(2020, 1, 1), date(2020, 3, 31), date(2019, 7, 1))
EVENTS = (
    EventRow(1, "lockdown", "health", True, WINDOW.start + 22 * 86400, WINDOW.end - 1),
    EventRow(2, "games", "sport", False, WINDOW.start + 40 * 86400, WINDOW.start + 47 * 86400 - 1),
)


def make_corpus(
    tables: Mapping[str, pd.DataFrame],
    dictionaries: Dictionaries,
    window: Window = WINDOW,
    covered: pd.DataFrame | None = None,
) -> Corpus:
    """Build a corpus from raw tables (see `ccgcii.measuring.raw`); a missing column is unknown."""
    connection = duckdb.connect()
    create_raw_tables(connection)
    for name, columns in RAW_TABLES.items():
        if name in tables:
            frame = tables[name].reindex(columns=list(columns))
            connection.register("given", frame)
            connection.execute(f"INSERT INTO {name} SELECT * FROM given")  # noqa: S608 - our names
            connection.unregister("given")
    build_facts(connection, dictionaries, window)
    if covered is None:
        covered = covered_channels([*dictionaries.cities.values()], CHANNELS)
    cover = Cover.whole(covered, window.days)
    return Corpus(Facts(connection), dictionaries, window, cover)


def sample_corpus(seed: int = 0, documents: int = 600) -> Corpus:
    """Give five cities, one of them silent, with documents of every channel, tone and voice."""
    return make_corpus(sample_tables(seed, documents), sample_dictionaries())


def sample_dictionaries() -> Dictionaries:
    """Give what the ids of `sample_tables` mean."""
    return Dictionaries(
        cities=CITIES,
        channels=dict(enumerate(CHANNELS, start=1)),
        languages={1: "en", 2: "zh", 3: "fr"},
        countries={1: "CN", 2: "US", 3: "FR"},
        topics=TOPICS,
        events=EVENTS,
    )


def sample_tables(seed: int = 0, documents: int = 600) -> dict[str, pd.DataFrame]:
    """Draw raw tables; the first city is named most, the last never."""
    draw = np.random.default_rng(seed)
    ids = np.arange(1, documents + 1)
    mentions = _mentions(draw, ids)
    return {
        "raw_document": _documents(draw, ids),
        "raw_mention": mentions,
        "raw_topic": _links(draw, ids, "topic_id", len(TOPICS)),
        "raw_event": _links(draw, ids, "event_id", len(EVENTS)),
        "raw_account": _accounts(),
    }


def _documents(draw: np.random.Generator, ids: Any) -> pd.DataFrame:
    size = len(ids)
    channel = draw.integers(1, len(CHANNELS) + 1, size)
    social = channel > 1
    frame = pd.DataFrame(
        {
            "id": ids,
            "channel_id": channel,
            "outlet_id": pd.Series(draw.integers(1, 30, size), dtype="Int64").where(~social),
            "account_id": pd.Series(draw.integers(1, 25, size), dtype="Int64").where(social),
            "language_id": draw.integers(1, 4, size),
            "country_id": draw.integers(1, 4, size),
            "tier": draw.integers(1, 4, size),
            "published_at": draw.integers(WINDOW.start_before or 0, WINDOW.end, size),
            "sentiment": draw.integers(-1000, 1001, size),
        }
    )
    for column in ("likes", "comments", "shares", "views"):
        counts = pd.Series(draw.integers(0, 200, size), dtype="Int64")
        frame[column] = counts.where(social)
    return frame


def _mentions(draw: np.random.Generator, ids: Any) -> pd.DataFrame:
    """Name one city in each document, in every third another one too."""
    named = [*CITIES][:-1]
    first = draw.choice(named, len(ids), p=[0.5, 0.3, 0.15, 0.05])
    pairs = pd.DataFrame({"document_id": ids, "city_id": first})
    second = pairs.iloc[::3].assign(city_id=draw.choice(named, len(pairs.iloc[::3])))
    pairs = pd.concat([pairs, second]).drop_duplicates(ignore_index=True)
    size = len(pairs)
    return pairs.assign(
        count=draw.integers(1, 6, size),
        salience=draw.integers(1, 1001, size),
        in_title=draw.random(size) < 0.3,
        sentiment=pd.Series(draw.integers(-1000, 1001, size), dtype="Int64").where(
            draw.random(size) < 0.7
        ),
    )


def _links(draw: np.random.Generator, ids: Any, column: str, most: int) -> pd.DataFrame:
    some = ids[draw.random(len(ids)) < 0.5]
    return pd.DataFrame({"document_id": some, column: draw.integers(1, most + 1, len(some))})


def _accounts() -> pd.DataFrame:
    """Give 24 accounts; each named city has one official and one affiliated account."""
    number = np.arange(1, 25)
    city = pd.Series(np.where(number <= 8, (number + 1) // 2, 0), dtype="Int64")
    return pd.DataFrame(
        {
            "id": number,
            "channel_id": 2 + number % 4,
            "followers": number * 1000,
            "city_id": city.where(city > 0),
            "official": number % 2 == 1,
        }
    )
