"""Responsiveness: whether, how fast and how long a city is heard when the world's events happen.

A city joins an event with 3 documents that speak of it inside the event's window. Without an event
in the window, all of this is unknown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii import indicator
from ccgcii_indicators.penetration import SOCIAL
from ccgcii_indicators.shares import plain, shrunk_negatives, shrunk_tone

if TYPE_CHECKING:
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
    return plain(corpus.city_event.groupby("city", observed=True)["documents"].sum())


@participation("R04", unit="share", empty=0)
def share_of_voice(corpus: Corpus) -> pd.Series[float]:
    """Mean over events (that any city is heard in) of the city's share of the mentions."""
    table = _grid(corpus, "documents").fillna(0)
    if table.empty:
        return corpus.unknown()
    return (table / table.sum()).mean(axis=1)


@participation("R05", unit="share", channels=SOCIAL, empty=0)
def official_response_rate(corpus: Corpus) -> pd.Series[float]:
    """Share of the joined events with a post by an official account; needs a list of them."""
    if corpus.events.empty or not corpus.has_official:
        return corpus.unknown()
    joined = _joined(corpus)
    return plain((joined["official"] > 0).groupby(joined["city"], observed=True).mean())


@speed("R06", unit="hours", treatment="hours", direction=-1)
def first_mention_latency(corpus: Corpus) -> pd.Series[float]:
    """Median hours from an event's start to the first document; absent: the window's length."""
    return _latency(corpus, "first_hours")


@speed("R07", unit="hours", treatment="hours", direction=-1, channels=SOCIAL)
def official_latency(corpus: Corpus) -> pd.Series[float]:
    """Median hours from an event's start to the first official post; absent: the window's length.

    Needs a list of official accounts.
    """
    return _latency(corpus, "official_first_hours") if corpus.has_official else corpus.unknown()


@speed("R08", unit="share")
def early_share(corpus: Corpus) -> pd.Series[float]:
    """Share of the event documents that appear in the first 24 hours; 5 or more documents."""
    sums = corpus.city_event.groupby("city", observed=True)[["early", "documents"]].sum()
    return plain((sums["early"] / sums["documents"]).where(sums["documents"] >= 5))


@speed("R09", unit="log ratio", treatment="growth")
def surge(corpus: Corpus) -> pd.Series[float]:
    """Median over joined events of ln((daily documents in the window + 1) / (baseline + 1)).

    The baseline is the daily mean of the up to 28 days before the event, at least 7 of which must
    lie in the measured window: the first days of a study have no before.
    """
    table = corpus.city_day.pivot_table(
        index="city", columns="day", values="documents", observed=True, fill_value=0
    ).reindex(columns=range(corpus.days), fill_value=0)
    totals = table.cumsum(axis=1)
    totals.insert(0, -1, 0)
    totals.columns = pd.Index(range(corpus.days + 1))
    rows = [
        {"city": city, "surge": _surge(totals.loc[city], corpus.events.loc[event])}
        for city, event in _joined(corpus)[["city", "event"]].itertuples(index=False)
    ]
    frame = pd.DataFrame(rows, columns=["city", "surge"])
    return plain(frame.groupby("city", observed=True)["surge"].median())


@speed("R10", unit="days", treatment="count", empty=0)
def persistence(corpus: Corpus) -> pd.Series[float]:
    """Median over joined events of the days from the peak until attention halves.

    It has halved when the mean of three days falls below half of the peak; an event's last day
    ends the count.
    """
    if corpus.events.empty:
        return corpus.unknown()
    days = corpus.city_event_day
    rows = []
    for city, event in _joined(corpus)[["city", "event"]].itertuples(index=False):
        own = days[(days["city"] == city) & (days["event"] == event)]
        length = corpus.events.loc[event, "hours"] / 24
        rows.append({"city": city, "days": _half_life(own, length)})
    frame = pd.DataFrame(rows, columns=["city", "days"])
    return plain(frame.groupby("city", observed=True)["days"].median())


@speed("R11", unit="share")
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

    An event counts with 5 or more documents of known tone in either third.
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
    found = corpus.city_event
    return found[found["documents"] >= JOINED]


def _grid(corpus: Corpus, column: str) -> pd.DataFrame:
    """Lay a column out as cities x events that anyone is heard in; NaN where nothing is."""
    found = corpus.city_event.astype({"city": str, "event": str})
    table = found.set_index(["city", "event"])[column].unstack()  # noqa: PD010 - nothing to sum
    return table.reindex(corpus.cities)


def _latency(corpus: Corpus, column: str) -> pd.Series[float]:
    if corpus.events.empty:
        return corpus.unknown()
    hours = _grid(corpus, column).reindex(columns=corpus.events.index)
    return hours.fillna(corpus.events["hours"]).astype(float).median(axis=1)


def _surge(totals: pd.Series[float], event: pd.Series[float]) -> float:
    starts, ends = int(event["starts"]), int(np.ceil(event["ends"]))
    first = max(0, starts - BASELINE_DAYS)
    if starts - first < SHORTEST_BASELINE:
        return float("nan")
    within = (totals[ends] - totals[starts]) / (ends - starts)
    baseline = (totals[starts] - totals[first]) / (starts - first)
    return float(np.log((within + 1) / (baseline + 1)))


def _half_life(days: pd.DataFrame, length: float) -> int:
    counts = np.zeros(int(np.ceil(length)))
    counts[days["day"]] = days["documents"]
    peak = int(counts.argmax())
    for day in range(peak + 1, len(counts)):
        if counts[day : day + 3].mean() < counts[peak] / 2:
            return day - peak
    return len(counts) - 1 - peak
