"""Comparisons: how far two rankings of cities agree, and which cities they place differently.

A ranking is a mapping from city to rank (1 is best; tied cities share the better rank); it may hold
some of the cities only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Mapping

    Ranks = Mapping[str, int]

DEPTHS = (10, 30)
PERSISTENCE = 0.9
FEWEST = 3


def compare_rankings(ours: Ranks, theirs: Ranks) -> dict[str, Any]:
    """Return how far two rankings agree, and every common city by how far it moved.

    Spearman and Kendall (tau-b, which minds ties) are over the cities in both, None below three or
    where one of the two has all tied. `moved` compares places among the common cities: positive is
    higher in ours.
    """
    common = [city for city in theirs if city in ours]
    left, right = _among(ours, common), _among(theirs, common)
    row: dict[str, Any] = {"ours": len(ours), "theirs": len(theirs), "common": len(common)}
    row["only_theirs"] = sorted(set(theirs) - set(ours))
    row["overlap"] = [overlap(ours, theirs, depth) for depth in DEPTHS if len(theirs) >= depth]
    row["spearman"] = _correlation("spearman", left, right)
    row["kendall"] = _correlation("kendall", left, right)
    row["rank_biased_overlap"] = rank_biased_overlap(ours, theirs)
    row["persistence"] = PERSISTENCE
    row["cities"] = [
        {"city": city, "ours": ours[city], "theirs": theirs[city]}
        | {"ours_among_common": left[city], "theirs_among_common": right[city]}
        | {"moved": right[city] - left[city]}
        for city in sorted(common, key=lambda city: (theirs[city], city))
    ]
    return row


def overlap(ours: Ranks, theirs: Ranks, depth: int) -> dict[str, Any]:
    """Return which cities are among the first `depth` of both; `share` is of the larger of the two.

    Ties at the edge are inside, so that neither of two equal cities is left out by its name.
    """
    first, second = (_first(ranks, depth) for ranks in (ours, theirs))
    both = first & second
    larger = max(len(first), len(second), 1)
    return {
        "depth": depth,
        "common": len(both),
        "share": len(both) / larger,
        "only_ours": sorted(first - second, key=lambda city: ours[city]),
        "only_theirs": sorted(second - first, key=lambda city: theirs[city]),
    }


def rank_biased_overlap(ours: Ranks, theirs: Ranks, p: float = PERSISTENCE) -> float | None:
    """Return the rank-biased overlap, 0 (disjoint) to 1 (same): agreement that minds the top most.

    (1 - p) sum over depths d of p^(d-1) A_d, with A_d = 2 |S n T| / (|S| + |T|) of those of rank d
    or better (so ties count whole), taken to the depth of the shorter ranking and extrapolated with
    its last A_d (Webber, Moffat & Zobel 2010, RBO_EXT). None if one is empty.
    """
    depth = min(len(ours), len(theirs))
    if not depth:
        return None
    agreements = []
    for at in range(1, depth + 1):
        first, second = _first(ours, at), _first(theirs, at)
        both = len(first) + len(second)
        agreements.append(2 * len(first & second) / both if both else 0.0)
    powers = p ** np.arange(depth)
    return float((1 - p) * powers @ np.array(agreements) + p**depth * agreements[-1])


def rank_cities(values: Mapping[str, float]) -> dict[str, int]:
    """Return ranks from values, the largest first; tied cities share the better rank."""
    ordered = stats.rankdata([-value for value in values.values()], method="min")
    return {city: int(rank) for city, rank in zip(values, ordered, strict=True)}


def _first(ranks: Ranks, depth: int) -> set[str]:
    return {city for city, rank in ranks.items() if rank <= depth}


def _among(ranks: Ranks, cities: list[str]) -> dict[str, int]:
    return rank_cities({city: -ranks[city] for city in cities})


def _correlation(kind: str, left: Ranks, right: Ranks) -> float | None:
    first, second = [*left.values()], [*right.values()]
    if len(first) < FEWEST or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    function = stats.spearmanr if kind == "spearman" else stats.kendalltau
    return float(function(first, second).statistic)
