"""Aggregations: from the children's scores to their node's.

A unit's missing children are left out and the others' weights scaled up to sum one; whether
enough of them are present is the recipe's `minimum_present`, which the engine applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def arithmetic(matrix: pd.DataFrame, weights: pd.Series[float]) -> pd.Series[float]:
    """Take the weighted arithmetic mean, sum(w x): a weak child is made up for by a strong one."""
    return _weighted_mean(matrix, matrix.to_numpy(float), weights)


def geometric(
    matrix: pd.DataFrame, weights: pd.Series[float], *, floor: float = 1.0
) -> pd.Series[float]:
    """Take the weighted geometric mean, exp(sum(w ln x)): weakness in one child costs more.

    Scores below `floor` (in the units of the scores, default 1 of 100) count as `floor`, so that
    one zero does not wipe out a unit. Negative scores are refused.
    """
    scores = _floored(matrix, floor, "geometric")
    logs = _weighted_mean(matrix, np.log(scores), weights)
    mean = pd.Series(np.exp(logs.to_numpy()), index=matrix.index)
    return _with_floor_note(mean, matrix, floor)


def harmonic(
    matrix: pd.DataFrame, weights: pd.Series[float], *, floor: float = 1.0
) -> pd.Series[float]:
    """Take the weighted harmonic mean, 1 / sum(w / x): the weakest child decides most.

    Scores below `floor` (in the units of the scores, default 1 of 100) count as `floor`. Negative
    scores are refused.
    """
    scores = _floored(matrix, floor, "harmonic")
    mean = 1.0 / _weighted_mean(matrix, 1.0 / scores, weights)
    return _with_floor_note(mean, matrix, floor)


def _weighted_mean(
    matrix: pd.DataFrame, values: NDArray[np.float64], weights: pd.Series[float]
) -> pd.Series[float]:
    # One memory order, so that equal rows give equal digits wherever they stand.
    values = np.ascontiguousarray(values)
    shares = np.where(np.isnan(values), 0.0, weights.to_numpy(float))
    total = shares.sum(axis=1)
    mean = (np.nan_to_num(values) * shares).sum(axis=1) / np.where(total > 0, total, 1.0)
    return pd.Series(np.where(total > 0, mean, np.nan), index=matrix.index)


def _floored(matrix: pd.DataFrame, floor: float, name: str) -> NDArray[np.float64]:
    if not floor > 0:
        raise ScoreError(f"aggregation {name}: floor must be above 0, not {floor}")
    values = matrix.to_numpy(float)
    if (values < 0).any():
        raise ScoreError(
            f"aggregation {name}: negative scores have no {name} mean; "
            "normalise by minmax or rank, or aggregate arithmetically"
        )
    return np.asarray(np.maximum(values, floor))


def _with_floor_note(
    mean: pd.Series[float], matrix: pd.DataFrame, floor: float
) -> pd.Series[float]:
    raised = int((matrix < floor).to_numpy().sum())
    if raised:
        mean.attrs["notes"] = [f"{raised} scores below {floor:g} counted as {floor:g}"]
    return mean


METHODS = (
    Method("aggregation", "arithmetic", arithmetic),
    Method("aggregation", "geometric", geometric),
    Method("aggregation", "harmonic", harmonic),
)
