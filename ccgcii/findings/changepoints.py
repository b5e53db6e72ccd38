"""Change points: where the level of a series of counts changes for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# The median of a chi-square variable with one degree of freedom.
MEDIAN_CHI2 = 0.4549


def change_points(counts: Numbers, exposure: Numbers, *, shortest: int = 2) -> list[int]:
    """Return the places at which a new level begins, by optimal partitioning.

    The split of the series into levels of at least `shortest` places that minimises the Poisson
    deviance, divided by the overdispersion, plus 3 ln n for each level (Jackson et al. 2005; the
    exact minimum that PELT finds faster, for series of tens of places). `exposure` is the length of
    each place, so that a month of 28 days is no fall.
    """
    size = len(counts)
    if size < 2 * shortest:
        return []
    cost = _Cost(counts, exposure)
    penalty = 3 * np.log(size) * overdispersion(counts, exposure)
    best = np.full(size + 1, np.inf)
    best[0] = -penalty
    before = np.zeros(size + 1, dtype=int)
    for end in range(shortest, size + 1):
        for start in range(end - shortest + 1):
            total = best[start] + cost.of(start, end) + penalty
            if total < best[end] - 1e-9:
                best[end], before[end] = total, start
    return _walk_back(before, size)


def overdispersion(counts: Numbers, exposure: Numbers) -> float:
    """Return how much more neighbouring counts differ than Poisson counts would; at least 1.

    The median over neighbours of (difference of rates)^2 / its Poisson variance, over the median
    of a chi-square variable: a few changes of level do not move it.
    """
    rates = counts / exposure
    pooled = (counts[1:] + counts[:-1]) / (exposure[1:] + exposure[:-1])
    variance = pooled * (1 / exposure[1:] + 1 / exposure[:-1])
    known = variance > 0
    if not known.any():
        return 1.0
    ratio = np.diff(rates)[known] ** 2 / variance[known]
    return max(1.0, float(np.median(ratio)) / MEDIAN_CHI2)


class _Cost:
    """Twice the negative Poisson log likelihood of a stretch at one rate, but for a constant."""

    def __init__(self, counts: Numbers, exposure: Numbers) -> None:
        self._counts = np.concatenate([[0.0], np.cumsum(counts)])
        self._exposure = np.concatenate([[0.0], np.cumsum(exposure)])

    def of(self, start: int, end: int) -> float:
        total = self._counts[end] - self._counts[start]
        length = self._exposure[end] - self._exposure[start]
        return float(-2 * total * np.log(total / length)) if total > 0 else 0.0


def _walk_back(before: NDArray[np.int64], size: int) -> list[int]:
    found = []
    end = size
    while before[end] > 0:
        end = int(before[end])
        found.append(end)
    return found[::-1]
