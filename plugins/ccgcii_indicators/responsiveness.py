"""Responsiveness: whether, how fast and how long a city is heard when the world's events happen.

A city joins an event with 3 documents that speak of it inside the event's window. Events of weeks
that nobody looked at do not count; without any other, all of this is unknown.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii import indicator
from ccgcii_indicators.penetration import SOCIAL
from ccgcii_indicators.shares import plain, shrunk_negatives, shrunk_tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ccgcii import Corpus

JOINED = 3
BASELINE_DAYS = 28
SHORTEST_BASELINE = 7

participation = partial(indicator, dimension="responsiveness", pillar="participation")
speed = partial(indicator, dimension="responsiveness", pillar="speed and persistence")
tone = partial(indicator, dimension="responsiveness", pillar="tone")


@participation("R01", unit="share", empty=0)
def participation_rate(corpus: Corpus) -> pd.Series[float]:
    """Share of the events in the window that the city joins (3 or more documents)."""
    if corpus.events.empty:
        return corpus.unknown()
    return plain(_joined(corpus).groupby("city", observed=True).size() / len(corpus.events))


@participation("R02", unit="types", treatment="number", empty=0)
def event_type_range(corpus: Corpus) -> pd.Series[float]:
    """Distinct categories of the events that the city joins."""
    if corpus.events.empty:
        return corpus.unknown()
    joined = _joined(corpus)
    kinds = joined["event"].astype(str).map(corpus.events["category"])
    return plain(kinds.groupby(joined["city"], observed=True).nunique())


@participation("R03", unit="documents", treatment="count", empty=0)
def event_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents that name the city and speak of an event in its window, summed over events."""
    if corpus.events.empty:
        return corpus.unknown()
    return plain(_of_events(corpus).groupby("city", observed=True)["documents"].sum())


@participation("R04", unit="share", empty=0)
def share_of_voice(corpus: Corpus) -> pd.Series[float]:
    """Mean over events (that any city is heard in) of the city's share of the mentions."""
    if corpus.events.empty:
        return corpus.unknown()
    documents = pd.DataFrame(np.nan_to_num(_grid(corpus, "documents")), index=corpus.cities)
    # Of an event that nobody is heard in there is no share.
    shares = [own / corpus.across(own).replace(0, np.nan) for _, own in documents.items()]
    return pd.concat(shares, axis=1).mean(axis=1)


@participation("R05", unit="share", channels=SOCIAL, empty=0)
def official_response_rate(corpus: Corpus) -> pd.Series[float]:
    """Share of the joined events with a post by an official account; needs a list of them."""
    if corpus.events.empty or not corpus.has_official:
        return corpus.unknown()
    joined = _joined(corpus)
    answered = (joined["official"] > 0).groupby(joined["city"], observed=True).mean()
    return corpus.of_listed(plain(answered))


@speed("R06", unit="hours", treatment="hours", direction=-1)
def first_mention_latency(corpus: Corpus) -> pd.Series[float]:
    """Median hours from an event's start to the first document; absent: the window's length."""
    return _latency(corpus, "first_hours")


@speed("R07", unit="hours", treatment="hours", direction=-1, channels=SOCIAL)
def official_latency(corpus: Corpus) -> pd.Series[float]:
    """Median hours from an event's start to the first official post; absent: the window's length.

    Needs a list of official accounts.
    """
    if corpus.events.empty or not corpus.has_official:
        return corpus.unknown()
    return corpus.of_listed(_latency(corpus, "official_first_hours"), empty=math.nan)


@speed("R08", unit="share", minimum=5)
def early_share(corpus: Corpus) -> pd.Series[float]:
    """Share of the event documents that appear in the first 24 hours; 5 or more documents."""
    sums = _of_events(corpus).groupby("city", observed=True)[["early", "documents"]].sum()
    return plain((sums["early"] / sums["documents"]).where(sums["documents"] >= 5))


@speed("R09", unit="log ratio", treatment="growth")
def surge(corpus: Corpus) -> pd.Series[float]:
    """Median over joined events of ln((daily documents in the window + 1) / (baseline + 1)).

    The baseline is the daily mean of the up to 28 days before the event. Days of weeks in which
    nobody looked for the city count on neither side, and at least 7 others must lie before the
    event in the measured window: the first days of a study have no before.
    """
    seen = corpus.cover.days_seen()
    counts = _days(corpus.city_day, corpus.cities, corpus.days) * seen
    documents, days = (_up_to_each_day(table) for table in (counts, seen))
    surges = [_surge(documents, days, event) for _, event in corpus.events.iterrows()]
    return _median_over_joined(corpus, surges)


@speed("R10", unit="days", treatment="count", empty=0)
def persistence(corpus: Corpus) -> pd.Series[float]:
    """Median over joined events of the days from the peak until attention halves.

    It has halved when the mean of three days falls below half of the peak; an event's last day
    ends the count.
    """
    if corpus.events.empty:
        return corpus.unknown()
    days = {str(key): own for key, own in corpus.city_event_day.groupby("event", observed=False)}
    lives = [
        _half_life(_days(days[str(key)], corpus.cities, math.ceil(hours / 24)))
        for key, hours in corpus.events["hours"].items()
    ]
    return _median_over_joined(corpus, lives)


@speed("R11", unit="share", minimum=5)
def tail_share(corpus: Corpus) -> pd.Series[float]:
    """Share of documents after day 7, in events longer than 7 days; 5 or more documents."""
    long = corpus.events.index[corpus.events["hours"] > 7 * 24]
    frame = corpus.city_event[corpus.city_event["event"].isin(long)]
    sums = frame.groupby("city", observed=True)[["late", "documents"]].sum()
    return plain((sums["late"] / sums["documents"]).where(sums["documents"] >= 5))


@speed("R12", unit="interactions", treatment="count", channels=SOCIAL, empty=0)
def event_engagement(corpus: Corpus) -> pd.Series[float]:
    """Likes, comments and shares of the social documents that speak of an event."""
    if corpus.events.empty:
        return corpus.unknown()
    return corpus.total("sum(interactions)", "event AND channel <> 'media'")


@tone("R13", unit="-1..1", treatment="tone")
def event_tone(corpus: Corpus) -> pd.Series[float]:
    """Mean tone towards the city in event documents, weighted by salience, shrunk (k = 30)."""
    return shrunk_tone(corpus, "event")


@tone("R14", unit="-2..2", treatment="tone")
def tone_recovery(corpus: Corpus) -> pd.Series[float]:
    """Mean tone in the last third of an event's window minus the first, averaged over events.

    An event counts with 5 or more documents of known tone in each of the two thirds.
    """
    thirds = corpus.event_thirds
    enough = thirds[(thirds["first_count"] >= 5) & (thirds["last_count"] >= 5)]
    first = enough["first_tone"] / enough["first_count"]
    last = enough["last_tone"] / enough["last_count"]
    return plain(((last - first) / 1000).groupby(enough["city"], observed=True).mean())


@tone("R15", unit="share", direction=-1)
def crisis_negativity(corpus: Corpus) -> pd.Series[float]:
    """Share of documents on crises with a tone below -0.2 towards the city, shrunk (k = 30)."""
    return shrunk_negatives(corpus, "crisis")


def _joined(corpus: Corpus) -> pd.DataFrame:
    found = _of_events(corpus)
    return found[found["documents"] >= JOINED]


def _of_events(corpus: Corpus) -> pd.DataFrame:
    """Give what cities say of the events that count: a search may bring a week nobody looked at."""
    found = corpus.city_event
    return found[found["event"].isin(corpus.events.index)]


def _grid(corpus: Corpus, column: str) -> NDArray[np.float64]:
    """Lay a column out as cities x events (in the order of `corpus.events`); NaN for nothing."""
    found = _of_events(corpus)
    table = np.full((len(corpus.cities), len(corpus.events)), np.nan)
    place = corpus.events.index.get_indexer(found["event"].cat.categories)
    table[found["city"].cat.codes, place[found["event"].cat.codes]] = found[column]
    return table


def _latency(corpus: Corpus, column: str) -> pd.Series[float]:
    if corpus.events.empty:
        return corpus.unknown()
    hours = _grid(corpus, column)
    absent = corpus.events["hours"].to_numpy(dtype=float)
    return pd.Series(np.median(np.where(np.isnan(hours), absent, hours), axis=1), corpus.cities)


def _days(frame: pd.DataFrame, cities: pd.Index[Any], length: int) -> NDArray[np.float64]:
    """Lay documents out as cities x days."""
    table = np.zeros((len(cities), length))
    table[frame["city"].cat.codes, frame["day"]] = frame["documents"]
    return table


def _median_over_joined(corpus: Corpus, values: Sequence[NDArray[np.float64]]) -> pd.Series[float]:
    """Give the median over the events that each city joined; `values` are events x cities."""
    if not values:
        return corpus.unknown().dropna()
    joined = _grid(corpus, "documents") >= JOINED
    some = np.flatnonzero(joined.any(axis=1))
    known = pd.DataFrame(np.where(joined, np.column_stack(values), np.nan), index=corpus.cities)
    return known.iloc[some].median(axis=1)


def _up_to_each_day(table: NDArray[Any]) -> NDArray[np.float64]:
    """Sum cities x days up to the beginning of each day, and to the end of the last."""
    return np.pad(np.cumsum(table, axis=1, dtype=float), ((0, 0), (1, 0)))


def _surge(
    documents: NDArray[np.float64], days: NDArray[np.float64], event: pd.Series[Any]
) -> NDArray[np.float64]:
    starts, ends = int(event["starts"]), int(np.ceil(event["ends"]))
    first = max(0, starts - BASELINE_DAYS)
    length, before = days[:, ends] - days[:, starts], days[:, starts] - days[:, first]
    known = (length > 0) & (before >= SHORTEST_BASELINE)
    within = (documents[:, ends] - documents[:, starts]) / np.where(known, length, 1)
    baseline = (documents[:, starts] - documents[:, first]) / np.where(known, before, 1)
    surge = np.log((within + 1) / (baseline + 1))
    return np.asarray(np.where(known, surge, np.nan))


def _half_life(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the days from each row's peak until the mean of three days is below half of it."""
    length = counts.shape[1]
    sums = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
    day = np.arange(length)
    ends = np.minimum(day + 3, length)
    means = (sums[:, ends] - sums[:, day]) / (ends - day)
    peak = counts.argmax(axis=1)[:, None]
    half = (day > peak) & (means < counts.max(axis=1, keepdims=True) / 2)
    reached = np.where(half.any(axis=1), half.argmax(axis=1), length - 1)
    return np.asarray(reached - peak[:, 0], dtype=float)
