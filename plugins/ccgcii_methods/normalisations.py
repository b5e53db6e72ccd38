"""Normalisations: all columns on one scale, larger is better.

Missing cells stay missing. A constant column tells no unit from another: all get the same score,
the least of the scale by min-max, its middle by ranks and z-scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def minmax(values: Cells, columns: Columns, *, lower: float = 0.0, upper: float = 100.0) -> Cells:
    """Stretch each column from its worst unit (`lower`) to its best (`upper`).

    (x - min) / (max - min) where more is better, (max - x) / (max - min) where less is better:
    never a reciprocal (OECD/JRC Handbook 2008, step 5). A constant column is `lower` throughout.
    """
    require_two_units(values, "minmax")
    low, high = ends(values)
    above_worst = np.where(are_costs(columns), high - values, values - low)
    return np.asarray(lower + (upper - lower) * (above_worst / one_where_zero(high - low)))


def zscore(values: Cells, columns: Columns, *, mean: float = 0.0, deviation: float = 1.0) -> Cells:
    """Count sample standard deviations from the column's mean, with the sign of the direction.

    The result has the given `mean` and standard `deviation` (OECD/JRC Handbook 2008, step 5). A
    constant column is `mean` throughout.
    """
    require_two_units(values, "zscore")
    gaps = np.isnan(values)
    measured = (~gaps).sum(axis=0)
    centred = values - np.where(gaps, 0.0, values).sum(axis=0) / np.maximum(measured, 1)
    squares = np.where(gaps, 0.0, centred**2).sum(axis=0)
    spread = one_where_zero(np.sqrt(squares / np.maximum(measured - 1, 1)))
    low, high = ends(values)
    # Rounding can leave a constant column a hair off its own mean: the range decides.
    scores = np.where((low == high) & ~gaps, 0.0, np.where(are_costs(columns), -1, 1) * centred)
    return np.asarray(mean + deviation * scores / spread)


def rank(values: Cells, columns: Columns, *, upper: float = 100.0) -> Cells:
    """Give the worst unit 0 and the best `upper`, evenly spaced between; ties share their mean.

    upper * (r - 1) / (n - 1), r the ascending rank among the n units measured (OECD/JRC Handbook
    2008, step 5). A column measured for one unit alone gives it the middle.
    """
    require_two_units(values, "rank")
    gaps = np.isnan(values)
    turned = np.where(gaps, np.inf, values * np.where(are_costs(columns), -1.0, 1.0))
    ranks = np.where(gaps, np.nan, rankdata(turned, axis=0))
    measured = (~gaps).sum(axis=0)
    places = np.where(measured > 1, (ranks - 1) / np.maximum(measured - 1, 1), 0.5 * ranks)
    return np.asarray(upper * places)


def leave_as_is(values: Cells, columns: Columns) -> Cells:
    """Leave values as they are: for columns that are already on one scale, larger is better.

    An indicator of direction -1 is refused: turning it needs a scale, and there is none.
    """
    costs = are_costs(columns)
    if costs.any():
        raise ScoreError(
            f"normalisation none: {columns.called(costs)} has direction -1 and cannot be turned "
            "without a scale; use minmax, rank or zscore, or turn the column beforehand"
        )
    return values


def are_costs(columns: Columns) -> NDArray[np.bool_]:
    """Say of each column whether less is better."""
    return np.array(columns.directions) < 0


def ends(values: Cells) -> tuple[Cells, Cells]:
    """Return least and greatest measured cell of each column; NaN where there is none."""
    gaps = np.isnan(values)
    low = np.where(gaps, np.inf, values).min(axis=0)
    high = np.where(gaps, -np.inf, values).max(axis=0)
    empty = gaps.all(axis=0)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def one_where_zero(values: Cells) -> Cells:
    """Return divisors that leave a zero numerator zero."""
    return np.where(values == 0, 1.0, values)


def require_two_units(values: Cells, name: str) -> None:
    """Refuse a comparison with nobody."""
    if len(values) < 2:
        raise ScoreError(
            f"normalisation {name}: one unit has nobody to be compared with; "
            "score at least two, or use normalisation none or goalposts"
        )


METHODS = (
    Method("normalisation", "minmax", minmax),
    Method("normalisation", "zscore", zscore),
    Method("normalisation", "rank", rank),
    Method("normalisation", "none", leave_as_is),
)
