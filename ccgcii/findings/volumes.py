"""Volumes: how many documents, by year and month, how they grow, and when their level changed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.documents import CHANNELS
from ccgcii.findings.changepoints import change_points

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.findings.scopes import Scope

    Counts = NDArray[np.int64]
    Flags = NDArray[np.bool_]

# A level that differs less than this from the one before is no watershed, however sure.
SMALLEST_CHANGE = 0.25
FEWEST_MONTHS = 4
WEEK = 7


def years(scope: Scope, daily: pd.DataFrame) -> list[dict[str, Any]]:
    """Return documents by calendar year, and the growth over the year before.

    `daily` is `scope.daily()`.

    Two years are compared on the days of the calendar that lie in the window in both and were
    looked at in both: how many `days`, `from` and `to` which, what was counted in each, and `times`
    = this year / the year before (None where the year before has none). `channels` says the same of
    each channel: one that was not looked at the year before makes growth of its own.
    """
    days = _days(scope)
    total = daily.sum(axis=1).to_numpy()
    channels = {name: daily[name].to_numpy() for name in CHANNELS}
    seen = _seen(scope, total)
    rows = []
    for year in range(days[0].year, days[-1].year + 1):
        inside = [day for day in days if day.year == year]
        row: dict[str, Any] = {"year": year, "days": len(inside)}
        row["documents"] = int(sum(total[(day - days[0]).days] for day in inside))
        row["growth"] = _growth(scope, year, seen, total, channels)
        rows.append(row)
    return rows


def months(scope: Scope, daily: pd.DataFrame) -> list[dict[str, Any]]:
    """Return documents by month of the window, with the days of it that lie inside.

    `seen_days` are those of weeks in which anything was looked at; `per_day` is over them, and all
    counts of a month without any are None: nobody looked, which is not silence. So are those of a
    month without a document into which less than a week that was looked at reaches.
    """
    counts = {"documents": daily.sum(axis=1).to_numpy(), "media": daily["media"].to_numpy()}
    seen = _seen(scope, counts["documents"])
    rows: dict[str, dict[str, Any]] = {}
    for place, day in enumerate(_days(scope)):
        empty = {"month": f"{day:%Y-%m}", "days": 0, "seen_days": 0, "documents": 0, "media": 0}
        row = rows.setdefault(f"{day:%Y-%m}", empty)
        row["days"] += 1
        row["seen_days"] += int(seen[place])
        for name, series in counts.items():
            row[name] += int(series[place])
    return [row | _sides(row) for row in rows.values()]


def _sides(month: dict[str, Any]) -> dict[str, Any]:
    if month["seen_days"] < WEEK and not month["documents"]:
        return {"seen_days": 0} | dict.fromkeys(("documents", "media", "social", "per_day"))
    social = month["documents"] - month["media"]
    return {"social": social, "per_day": month["documents"] / month["seen_days"]}


def watersheds(scope: Scope, series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the months at which the daily volume changed by a quarter or more and stayed so.

    `before` and `after` are documents a day of the neighbouring levels; `times` their ratio, None
    from nothing. `from_new_sources` is the share of the documents after that come from outlets and
    accounts not heard before: where it is high, the crawl may have changed and not the world.
    Months that nobody looked at are passed over: the first one seen is no watershed.
    """
    seen = [number for number, row in enumerate(series) if row["seen_days"]]
    if len(seen) < FEWEST_MONTHS:
        return []
    counts = np.array([series[n]["documents"] for n in seen], dtype=float)
    lengths = np.array([series[n]["seen_days"] for n in seen], dtype=float)
    found = change_points(counts, lengths)
    edges = [0, *found, len(seen)]
    rates = [counts[a:b].sum() / lengths[a:b].sum() for a, b in pairwise(edges)]
    # The day on which each month that was seen begins, and on which the last of them ends.
    days = np.concatenate([[0], np.cumsum([row["days"] for row in series])])
    starts = [int(days[number]) for number in [*seen, seen[-1] + 1]]
    rows = []
    for number, place in enumerate(found):
        before, after = rates[number], rates[number + 1]
        if abs(after - before) < SMALLEST_CHANGE * max(before, 1e-9):
            continue
        row = {"month": series[seen[place]]["month"], "before": before, "after": after}
        row["times"] = after / before if before else None
        row["from_new_sources"] = _from_new_sources(scope, starts[place], starts[edges[number + 2]])
        rows.append(row)
    return rows


def _seen(scope: Scope, total: Counts) -> Flags:
    """Say of each day whether anything was looked at: its week, or something is there."""
    return np.asarray(scope.corpus.cover.days_seen().any(axis=0) | (total > 0))


def _days(scope: Scope) -> list[date]:
    return [scope.since + timedelta(days=n) for n in range(scope.corpus.days)]


def _growth(
    scope: Scope, year: int, seen: Flags, total: Counts, channels: dict[str, Counts]
) -> dict[str, Any] | None:
    """Compare with the year before on the calendar days seen in both; None if there are none."""
    places = {day: place for place, day in enumerate(_days(scope)) if seen[place]}
    # Of two years in a row one at least has no 29 February.
    days = [day for day in places if day.year == year and (day.month, day.day) != (2, 29)]
    both = [day for day in days if day.replace(year=year - 1) in places]
    if not both:
        return None
    stretches = (
        [places[day.replace(year=year - 1)] for day in both],
        [places[day] for day in both],
    )
    growth = _compared(total, stretches) | {"days": len(both)}
    growth |= {"from": f"{both[0]:%m-%d}", "to": f"{both[-1]:%m-%d}"}
    growth["channels"] = {name: _compared(series, stretches) for name, series in channels.items()}
    return growth


def _compared(daily: Counts, stretches: tuple[list[int], ...]) -> dict[str, Any]:
    before, now = (int(daily[places].sum()) for places in stretches)
    return {"before": before, "now": now, "times": now / before if before else None}


def _from_new_sources(scope: Scope, start: int, end: int) -> float | None:
    """Return the share of a stretch's documents by sources without a document before it."""
    frame = scope.query(
        "SELECT count(*) AS known, count(*) FILTER (first.day >= "  # noqa: S608 - our numbers
        f"{start}) AS new FROM (SELECT *, coalesce('o' || outlet, 'a' || account) AS source "
        "FROM pieces) AS piece JOIN (SELECT coalesce('o' || outlet, 'a' || account) AS source, "
        "min(day) AS day FROM pieces GROUP BY source) AS first USING (source) "
        f"WHERE piece.day >= {start} AND piece.day < {end}"
    ).iloc[0]
    return float(frame["new"] / frame["known"]) if frame["known"] else None
