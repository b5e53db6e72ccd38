"""Coverage by city, channel and week, and sources that fell silent."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.corpus import keys
from ccgcii.documents import CHANNELS

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.corpus import Corpus

WEEK = 7
# A silence is told where chance would bring it less than once in a million sources.
CHANCE = 1e-6
SHORTEST_SILENCE = 14
FEWEST_DOCUMENTS = 10


def coverage(corpus: Corpus, since: date) -> dict[str, Any]:
    """Return documents by channel and week, by city and channel, and by all three.

    `weeks` are their first days. A week is `null` where nobody looked, and so is a whole channel:
    unknown, not zero.
    """
    weeks = math.ceil(corpus.days / WEEK)
    frame = corpus.query(
        "SELECT city, channel, day // 7 AS week, count(*) AS n FROM fact GROUP BY ALL"
    )
    table = np.zeros((len(corpus.cities), len(CHANNELS), weeks), dtype=int)
    cities = corpus.cities.get_indexer(keys(frame))
    channels = [CHANNELS.index(str(name)) for name in frame["channel"]]
    table[cities, channels, frame["week"].to_numpy(dtype=int)] = frame["n"].to_numpy(dtype=int)
    looked = corpus.cover.looked
    rows = {
        str(city): {
            name: _known(table[row, column], looked[row, column])
            for column, name in enumerate(CHANNELS)
        }
        for row, city in enumerate(corpus.cities)
    }
    return {
        "weeks": [(since + timedelta(days=WEEK * n)).isoformat() for n in range(weeks)],
        "channels": _by_channel(corpus, weeks),
        "cities": rows,
    }


def silent_sources(corpus: Corpus, since: date) -> list[dict[str, Any]]:
    """Return outlets, accounts and channels that fell silent for good before the window's end.

    One that brought documents at a steady rate on the days of the window up to its last would be
    silent for the rest by chance with probability exp(-rate x days), divided here by how unevenly
    it came (variance over mean of its days); below one in a million it is told.
    """
    found = corpus.query(
        "SELECT source, day, count(*) AS n FROM (SELECT DISTINCT document, day, "
        "unnest([channel::VARCHAR, coalesce('outlet ' || outlet, 'account ' || account)]) "
        "AS source FROM fact) WHERE source IS NOT NULL GROUP BY source, day"
    )
    rows = []
    for source, part in found.groupby("source", sort=True):
        row = _silence(part["day"].to_numpy(dtype=int), part["n"].to_numpy(dtype=int), corpus.days)
        if row is not None:
            last = since + timedelta(days=int(part["day"].max()))
            rows.append({"source": str(source), "last": last.isoformat(), **row})
    return sorted(rows, key=lambda row: (-row["documents"], row["source"]))


def _silence(
    days: np.ndarray[Any, Any], counts: np.ndarray[Any, Any], size: int
) -> dict[str, Any] | None:
    first, last, documents = int(days.min()), int(days.max()), int(counts.sum())
    silent = size - 1 - last
    if documents < FEWEST_DOCUMENTS or silent < SHORTEST_SILENCE or last == first:
        return None
    daily = np.zeros(last - first + 1)
    daily[days - first] = counts
    rate = float(daily.mean())
    unevenness = max(1.0, float(daily.var() / rate))
    chance = math.exp(-rate * silent / unevenness)
    if chance >= CHANCE:
        return None
    return {"documents": documents, "per_day": rate, "silent_days": silent}


def _by_channel(corpus: Corpus, weeks: int) -> dict[str, list[int | None] | None]:
    frame = corpus.query(
        "SELECT channel, day // 7 AS week, count(DISTINCT document) AS n FROM fact GROUP BY ALL"
    )
    found: dict[str, list[int | None] | None] = {}
    for name in CHANNELS:
        part = frame[frame["channel"].astype(str) == name]
        counts = np.zeros(weeks, dtype=int)
        counts[part["week"].to_numpy(dtype=int)] = part["n"].to_numpy(dtype=int)
        found[name] = _known(counts, corpus.cover.looked[:, CHANNELS.index(name)].any(axis=0))
    return found


def _known(counts: Any, looked: Any) -> list[int | None] | None:
    if not looked.any():
        return None
    pairs = zip(counts.tolist(), looked.tolist(), strict=True)
    return [count if seen else None for count, seen in pairs]
