"""Peers: the cities that a city is fairly compared with, and how it stands among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ccgcii.cities import City
    from ccgcii.indicators import Indicator

PEERS = 10
# Below so many peers with a known value there is nothing to compare with.
FEWEST = 5
THIRD = 1 / 3
# A count may differ from another by twice the root of their sum and mean nothing.
CHANCE = 4
# Less than a tenth of the peers' median, or 0.05 of tone (-1 to 1), is no difference worth advice.
SMALL, SMALL_TONE = 0.1, 0.05

Verdict = Literal["strong", "weak", "usual", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A city's value of an indicator among its peers, direction minded.

    `better` and `worse` count the peers that are; `peers` those with a known value. `verdict` is
    `strong` in the best third and above the median, `weak` in the last third and below it.
    """

    indicator: str
    value: float | None
    median: float | None
    better: int
    worse: int
    peers: int
    verdict: Verdict


def nearest_by_gdp(city: City, cities: Sequence[City], size: int = PEERS) -> list[City]:
    """Return the cities next to it by GDP, as many above as below where there are.

    Where its GDP is unknown (a list of one's own), those next to it in the list.
    """
    ordered = [other for other in cities if (other.gdp_2019 is None) == (city.gdp_2019 is None)]
    if city.gdp_2019 is not None:
        ordered.sort(key=lambda other: -(other.gdp_2019 or 0))
    place = ordered.index(city)
    first = max(0, min(place - size // 2, len(ordered) - size - 1))
    return [other for other in ordered[first : first + size + 1] if other.key != city.key]


def stand(
    matrix: pd.DataFrame, city: str, peers: Sequence[str], indicators: Mapping[str, Indicator]
) -> list[Standing]:
    """Return how a city stands in each indicator of a matrix of cities x indicators.

    A count is ahead or behind only if chance would hardly make it so (by twice the root of the sum
    of the city's and its peers' median), anything else if it is by a tenth of the peers' median,
    a tone by 0.05.
    """
    return [_stand(matrix[leaf], city, peers, indicators[leaf]) for leaf in matrix.columns]


def _stand(
    column: pd.Series[float], city: str, peers: Sequence[str], indicator: Indicator
) -> Standing:
    direction = indicator.direction
    name, value = str(column.name), float(column[city])
    others = column[list(peers)].dropna().to_numpy(dtype=float)
    known = None if np.isnan(value) else value
    median = float(np.median(others)) if len(others) else None
    if known is None or median is None or len(others) < FEWEST:
        return Standing(name, known, median, 0, 0, len(others), "unknown")
    lead = (value - others) * direction
    better, worse = int((lead < 0).sum()), int((lead > 0).sum())
    ahead = (value - median) * direction if _matters(value, median, indicator.treatment) else 0.0
    verdict = _verdict(better, worse, ahead, len(others))
    return Standing(name, known, median, better, worse, len(others), verdict)


def _matters(value: float, median: float, treatment: str) -> bool:
    distance = abs(value - median)
    if treatment == "count":
        return distance**2 >= CHANCE * (value + median)
    return distance >= (SMALL_TONE if treatment == "tone" else SMALL * abs(median))


def _verdict(better: int, worse: int, ahead: float, peers: int) -> Verdict:
    if ahead > 0 and better < peers * THIRD:
        return "strong"
    if ahead < 0 and worse < peers * THIRD:
        return "weak"
    return "usual"
