"""Aggregations: from the children's scores to their node's.

A unit's missing children are left out and the others' weights scaled up to sum one; whether
enough of them are present is the recipe's `minimum_present`, which the engine applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def arithmetic(values: Cells, _columns: Columns, weights: Cells) -> Cells:
    """Take the weighted arithmetic mean, sum(w x): a weak child is made up for by a strong one."""
    return weighted_mean(values, weights)


def geometric(
    values: Cells,
    columns: Columns,
    weights: Cells,
    *,
    floor: float = 1.0,
    negative: str = "refuse",
) -> Cells:
    """Take the weighted geometric mean, exp(sum(w ln x)): weakness in one child costs more.

    Scores below `floor` (in the units of the scores, default 1 of 100) count as `floor`, so that
    one zero does not wipe out a unit. Negative scores are refused, or with `negative` = `floor`
    count as `floor` too: on the scale of another year they are worse than its worst.
    """
    scores = _floored(values, columns, floor, negative, "geometric")
    return np.asarray(np.exp(weighted_mean(np.log(scores), weights)))


def harmonic(
    values: Cells,
    columns: Columns,
    weights: Cells,
    *,
    floor: float = 1.0,
    negative: str = "refuse",
) -> Cells:
    """Take the weighted harmonic mean, 1 / sum(w / x): the weakest child decides most.

    Scores below `floor` (in the units of the scores, default 1 of 100) count as `floor`. Negative
    scores are refused, or with `negative` = `floor` count as `floor` too.
    """
    scores = _floored(values, columns, floor, negative, "harmonic")
    return np.asarray(1.0 / weighted_mean(1.0 / scores, weights))


def weighted_mean(values: Cells, weights: Cells) -> Cells:
    """Return the mean of each row over the cells it has; NaN where it has none that weigh."""
    # One memory order, so that equal rows give equal digits wherever they stand.
    values = np.ascontiguousarray(values)
    gaps = np.isnan(values)
    if not gaps.any():
        return np.asarray((values * weights).sum(axis=1) / weights.sum())
    shares = np.where(gaps, 0.0, weights)
    total = shares.sum(axis=1)
    mean = (np.where(gaps, 0.0, values) * shares).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def _floored(values: Cells, columns: Columns, floor: float, negative: str, name: str) -> Cells:
    if not floor > 0:
        raise ScoreError(f"aggregation {name}: floor must be above 0, not {floor}")
    if negative not in ("refuse", "floor"):
        raise ScoreError(f"aggregation {name}: negative={negative!r} is neither refuse nor floor")
    if negative == "refuse" and (values < 0).any():
        raise ScoreError(
            f"aggregation {name}: negative scores have no {name} mean; "
            "normalise by minmax or rank, or aggregate arithmetically"
        )
    raised = int((values < floor).sum())
    if raised:
        columns.note(f"{raised} scores below {floor:g} counted as {floor:g}")
    return np.asarray(np.maximum(values, floor))


METHODS = (
    Method("aggregation", "arithmetic", arithmetic),
    Method("aggregation", "geometric", geometric),
    Method("aggregation", "harmonic", harmonic),
)
