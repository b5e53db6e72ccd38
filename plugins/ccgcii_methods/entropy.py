"""The entropy weight method, with one defined answer for each hard case.

Published packages shift zeros, divide by zero or let negatives through; here 0 ln 0 is 0 exactly,
columns that do not vary get no weight, and what cannot be answered is refused with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError
from ccgcii_methods.weightings import scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def entropy(values: Cells, columns: Columns, *, missing: str = "refuse") -> Cells:
    """Weight each column by its divergence from an even spread (Shannon entropy weights).

    p = x / sum(x); H = -sum(p ln p) / ln n with 0 ln 0 = 0; w = (1 - H) / sum(1 - H), after Hwang
    & Yoon 1981 and Zeleny 1982. No shift, no epsilon. A column that is constant or all zero gets
    weight 0; if all are, the weights are equal, with a warning. Negative values and a single unit
    are refused. `missing` says what becomes of missing cells: `refuse`, or `mask`: H of a column
    is then taken over the units it has (n is their number), never over zeros in their place.
    """
    _check(values, columns, missing)
    gaps = np.asarray(np.isnan(values).any(axis=0))
    if gaps.any():
        columns.note(f"missing cells masked, weighed by the units measured: {columns.called(gaps)}")
    return scaled(divergences(values), columns)


def divergences(values: Cells) -> Cells:
    """Return 1 - H per column of units x columns, missing cells left out: 0 to 1, no rounding dust.

    1 - H = mean((1 + e) ln(1 + e) - e) / ln n with e = x / mean(x) - 1: the same number as the
    textbook's, but every term is non-negative, so nearly even columns do not drown in rounding.
    """
    measured = ~np.isnan(values)
    present = measured.sum(axis=0)
    top = np.where(measured, values, -np.inf).max(axis=0)
    bottom = np.where(measured, values, np.inf).min(axis=0)
    # Relative to the column's largest, so that no sum overflows.
    relative = np.where(measured, values, 0.0) / np.where(top > 0, top, 1.0)
    mean = relative.sum(axis=0) / np.maximum(present, 1)
    excess = relative / np.where(mean > 0, mean, 1.0) - 1.0
    logs = np.log1p(np.where(excess > -1.0, excess, 0.0))
    terms = np.where(excess > -1.0, (1.0 + excess) * logs - excess, 1.0)
    mean_term = np.where(measured, terms, 0.0).sum(axis=0) / np.maximum(present, 1)
    divergence = np.maximum(mean_term / np.log(np.maximum(present, 2)), 0.0)
    varies = (present >= 2) & (top > bottom)
    return np.asarray(np.where(varies, divergence, 0.0))


def _check(values: Cells, columns: Columns, missing: str) -> None:
    if missing not in ("refuse", "mask"):
        raise ScoreError(f"weighting entropy: missing={missing!r} is neither 'refuse' nor 'mask'")
    if len(values) < 2:
        raise ScoreError(
            "weighting entropy: one unit has no spread to weigh by (ln 1 = 0); "
            "score at least two units, or use weighting equal or given"
        )
    gaps = np.asarray(np.isnan(values).any(axis=0))
    if missing == "refuse" and gaps.any():
        raise ScoreError(
            f"weighting entropy: missing cells in {columns.called(gaps)}; "
            "impute them, or set weighting.missing to 'mask'"
        )
    below = np.asarray((values < 0).any(axis=0))
    if below.any():
        raise ScoreError(
            f"weighting entropy: negative values in {columns.called(below)}; entropy needs shares "
            "of a whole: normalise by minmax or rank"
        )


METHODS = (Method("weighting", "entropy", entropy),)
