"""Aggregations that compare: a unit's score is its place among the others, not a mean.

A unit's missing children are left out of its comparisons and the others' weights scaled up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def copeland(values: Cells, _columns: Columns, weights: Cells, *, upper: float = 100.0) -> Cells:
    """Count whom a unit beats: one for each unit below it in most of the weight, half for a draw.

    Unit a outranks b if the children in which it is higher weigh more than those in which it is
    lower; ties give half their weight to each (Copeland 1951, after Munda & Nardo 2009 and COINr
    `a_copeland`). Score = `upper` x (wins + draws / 2) / (units compared with): only the order of
    the children's scores counts, a strength in one makes up for nothing in another. A single unit,
    or one without a child in common with any other, has no score.
    """
    gaps = np.isnan(values)
    balance = np.zeros((len(values), len(values)))
    shared = np.zeros_like(balance, dtype=bool)
    for child in np.flatnonzero(weights > 0):
        column = values[:, child]
        both = ~gaps[:, child] & ~gaps[:, child, None]
        # Differences as signs: NaN compares as neither, and weighs nothing.
        ahead = (column[:, None] > column).astype(float) - (column[:, None] < column)
        balance += weights[child] * ahead
        shared |= both
    np.fill_diagonal(shared, val=False)
    # A hair of tolerance: three tenths and seven tenths need not cancel to the last digit.
    wins = (balance > 1e-12) + 0.5 * (np.abs(balance) <= 1e-12)
    met = shared.sum(axis=1)
    won = np.where(shared, wins, 0.0).sum(axis=1)
    return np.where(met > 0, upper * won / np.maximum(met, 1), np.nan)


def topsis(
    values: Cells,
    _columns: Columns,
    weights: Cells,
    *,
    scale: str = "none",
    upper: float = 100.0,
) -> Cells:
    """Place a unit between the worst and the best there is: `upper` x d- / (d+ + d-).

    d+ and d- are the Euclidean distances, over w x, to the best and the worst value of each child
    (TOPSIS, Hwang & Yoon 1981). `scale` = `vector` first divides each child by its length, as they
    do with raw values; `none` takes normalised scores as they are. Larger is better throughout.
    Where best and worst are the same for every child there is no distance, and every score is 0.
    """
    if scale not in ("none", "vector"):
        raise ScoreError(f"aggregation topsis: scale={scale!r} is neither 'none' nor 'vector'")
    gaps = np.isnan(values)
    filled = np.where(gaps, 0.0, values)
    if scale == "vector":
        lengths = np.sqrt((filled**2).sum(axis=0))
        filled = filled / np.where(lengths > 0, lengths, 1.0)
    empty = gaps.all(axis=0)
    best = np.where(empty, 0.0, np.where(gaps, -np.inf, filled).max(axis=0))
    worst = np.where(empty, 0.0, np.where(gaps, np.inf, filled).min(axis=0))
    shares = np.where(gaps, 0.0, weights)
    total = shares.sum(axis=1, keepdims=True)
    shares = shares / np.where(total > 0, total, 1.0)
    below = np.sqrt((np.where(gaps, 0.0, shares * (best - filled)) ** 2).sum(axis=1))
    above = np.sqrt((np.where(gaps, 0.0, shares * (filled - worst)) ** 2).sum(axis=1))
    way = below + above
    scores = upper * above / np.where(way > 0, way, 1.0)
    return np.where(total[:, 0] > 0, scores, np.nan)


METHODS = (
    Method("aggregation", "copeland", copeland),
    Method("aggregation", "topsis", topsis),
)
