"""A corpus written out by hand, and one indicator measured over it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import ccgcii_indicators
from ccgcii.corpus import covered_channels
from ccgcii.documents import CHANNELS
from ccgcii.measuring.matrix import measure
from ccgcii.measuring.raw import Dictionaries, EventRow, OutletRow, TopicRow, Window
from ccgcii.testing.corpus import make_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = 86_400
WINDOW = Window(date(2020, 1, 1), date(2020, 2, 29), date(2019, 11, 2))
CITIES = ["a", "b", "c"]
TOPICS = [("economy", "hard"), ("trade", "hard"), ("culture", "soft"), ("festivals", "soft")]
# name: (category, crisis, first day of the window, length in days)
EVENTS = {"quake": ("disaster", True, 30, 9), "games": ("sport", False, 40, 3)}
INDICATORS = {thing.id: thing for thing in ccgcii_indicators.ccgcii_indicators()}

Row = dict[str, Any]


def _tables(documents: Sequence[Row], accounts: Sequence[Row]) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[Row]] = {"document": [], "mention": [], "topic": [], "event": []}
    rows["untitled"] = []
    for number, given in enumerate(documents, start=1):
        seconds = WINDOW.start + int(given.get("day", 0) * DAY)
        names: Row = {
            "channel": CHANNELS,
            "language": ["en", "zh", "fr"],
            "country": ["CN", "US", "FR"],
        }
        codes: Row = {
            f"{name}_id": [*words].index(given.get(name, words[0])) + 1
            for name, words in names.items()
            if given.get(name, "") is not None
        }
        codes |= {f"{key}_id": given[key] for key in ("outlet", "account") if key in given}
        rows["document"].append({"id": number, "published_at": seconds, **codes, **given})
        if given.get("title") == "":
            rows["untitled"].append({"document_id": number})
        for city in given.get("cities", "a"):
            mention: Row = {"city_id": CITIES.index(city) + 1, "count": 1}
            mention |= {"salience": given.get("salience", 1000), "sentiment": given.get("tone")}
            mention |= {"in_title": given.get("in_title", False), "document_id": number}
            rows["mention"].append(mention)
        names_of = [name for name, _ in TOPICS]
        for topic in given.get("topics", ()):
            rows["topic"].append({"document_id": number, "topic_id": names_of.index(topic) + 1})
        for event in given.get("events", ()):
            rows["event"].append({"document_id": number, "event_id": [*EVENTS].index(event) + 1})
    tables = {f"raw_{name}": pd.DataFrame(found) for name, found in rows.items() if found}
    return tables | {"raw_account": pd.DataFrame(accounts)} if accounts else tables


def _dictionaries(
    events: Sequence[str], topics: Sequence[tuple[str, str]], outlets: Sequence[OutletRow]
) -> Dictionaries:
    listed = []
    for number, (name, (category, crisis, first, length)) in enumerate(EVENTS.items(), start=1):
        if name in events:
            starts = WINDOW.start + first * DAY
            ends = starts + length * DAY - 1
            listed.append(EventRow(number, name, category, crisis, starts, ends))
    return Dictionaries(
        cities=dict(enumerate(CITIES, start=1)),
        channels=dict(enumerate(CHANNELS, start=1)),
        languages={1: "en", 2: "zh", 3: "fr"},
        countries={1: "CN", 2: "US", 3: "FR"},
        topics=[TopicRow(n, *topic) for n, topic in enumerate(topics, start=1)],
        events=listed,
        outlets=outlets,
    )


@pytest.fixture
def value() -> Callable[..., dict[str, float]]:
    """Measure one indicator over documents: `value("P01", [{"cities": "ab", "day": 3}])`."""

    def measured(
        key: str,
        documents: Sequence[Row],
        *,
        accounts: Sequence[Row] = (),
        channels: Sequence[str] = CHANNELS,
        events: Sequence[str] = tuple(EVENTS),
        topics: Sequence[tuple[str, str]] = TOPICS,
        outlets: Sequence[OutletRow] = (),
        window: Window = WINDOW,
        unseen_weeks: Sequence[int] = (),
    ) -> dict[str, float]:
        corpus = make_corpus(
            _tables(documents, accounts),
            _dictionaries(events, topics, outlets),
            window,
            covered_channels(CITIES, channels),
        )
        corpus.cover.looked[:, :, list(unseen_weeks)] = False
        matrix = measure(corpus, [INDICATORS[key]])
        failed = [note for note in matrix.notes if "failed" in note.text]
        assert not failed, failed
        return {str(city): number for city, number in matrix.cells[key].items()}

    return measured
