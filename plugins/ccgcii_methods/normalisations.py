"""Normalisations: all columns on one scale, larger is better.

Missing cells stay missing. A constant column tells no unit from another and says so in its zeros:
no unit lies above the least of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def minmax(
    matrix: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    lower: float = 0.0,
    upper: float = 100.0,
) -> pd.DataFrame:
    """Stretch each column from its worst unit (`lower`) to its best (`upper`).

    (x - min) / (max - min) where more is better, (max - x) / (max - min) where less is better:
    never a reciprocal (OECD/JRC Handbook 2008, step 5). A constant column is `lower` throughout.
    """
    _require_two_units(matrix, "minmax")
    values = matrix.to_numpy(float)
    low, high = matrix.min().to_numpy(float), matrix.max().to_numpy(float)
    above_worst = np.where(_is_cost(indicators), high - values, values - low)
    share = above_worst / _one_where_zero(high - low)
    return _like(matrix, lower + (upper - lower) * share)


def zscore(
    matrix: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    mean: float = 0.0,
    deviation: float = 1.0,
) -> pd.DataFrame:
    """Count sample standard deviations from the column's mean, with the sign of the direction.

    The result has the given `mean` and standard `deviation` (OECD/JRC Handbook 2008, step 5). A
    constant column is `mean` throughout.
    """
    _require_two_units(matrix, "zscore")
    centred = matrix.to_numpy(float) - matrix.mean().to_numpy(float)
    # Rounding can leave a constant column a hair off its own mean: the range decides.
    constant = (matrix.max() == matrix.min()).to_numpy()
    spread = _one_where_zero(matrix.std(ddof=1).to_numpy(float))
    sign = np.where(_is_cost(indicators), -1.0, 1.0)
    scores = np.where(constant & ~np.isnan(centred), 0.0, sign * centred / spread)
    return _like(matrix, mean + deviation * scores)


def rank(matrix: pd.DataFrame, indicators: pd.DataFrame, *, upper: float = 100.0) -> pd.DataFrame:
    """Give the worst unit 0 and the best `upper`, evenly spaced between; ties share their mean.

    upper * (r - 1) / (n - 1), r the ascending rank among the n units measured (OECD/JRC Handbook
    2008, step 5).
    """
    _require_two_units(matrix, "rank")
    sign = np.where(_is_cost(indicators), -1.0, 1.0)
    ranks = (matrix * sign).rank(method="average").to_numpy(float)
    measured = matrix.count().to_numpy(float)
    return _like(matrix, upper * (ranks - 1) / np.maximum(measured - 1, 1))


def leave_as_is(matrix: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Leave values as they are: for columns that are already on one scale, larger is better.

    An indicator of direction -1 is refused: turning it needs a scale, and there is none.
    """
    costs = [str(column) for column in indicators.index[_is_cost(indicators)]]
    if costs:
        raise ScoreError(
            f"normalisation none: {', '.join(costs)} has direction -1 and cannot be turned "
            "without a scale; use minmax, rank or zscore, or turn the column beforehand"
        )
    return matrix


def _is_cost(indicators: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(indicators["direction"].to_numpy() < 0)


def _one_where_zero(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values == 0, 1.0, values)


def _like(matrix: pd.DataFrame, values: NDArray[Any]) -> pd.DataFrame:
    return pd.DataFrame(values, index=matrix.index, columns=matrix.columns)


def _require_two_units(matrix: pd.DataFrame, name: str) -> None:
    if len(matrix) < 2:
        raise ScoreError(
            f"normalisation {name}: one unit has nobody to be compared with; "
            "score at least two, or use normalisation none"
        )


METHODS = (
    Method("normalisation", "minmax", minmax),
    Method("normalisation", "zscore", zscore),
    Method("normalisation", "rank", rank),
    Method("normalisation", "none", leave_as_is),
)
