"""Treatments: what is done to long tails before columns are put on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Cells = NDArray[np.float64]


def leave_untreated(matrix: pd.DataFrame, _indicators: pd.DataFrame) -> pd.DataFrame:
    """Leave every value as it was measured."""
    return matrix


def log1p(
    matrix: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    classes: Sequence[str] = ("count", "hours"),
) -> pd.DataFrame:
    """Take ln(1 + x) of counts and hours; ratios, tones, small numbers and growth stay.

    `classes` are the treatment classes that are logged. A negative value is refused: no count has
    one. Zero stays exactly zero.
    """
    chosen = indicators.index[indicators["treatment"].isin(list(classes))]
    for column in chosen:
        if matrix[column].min() < 0:
            raise ScoreError(
                f"treatment log1p: indicator {column!r} has negative values; "
                "give it another class in the tree's `treatment` column"
            )
    treated = matrix.copy()
    treated[chosen] = np.log1p(matrix[chosen])
    if chosen.empty:
        treated.attrs["notes"] = [
            f"log1p touched nothing: the tree's `treatment` column names no {' or '.join(classes)}"
        ]
    return treated


def winsorise(
    matrix: pd.DataFrame,
    _indicators: pd.DataFrame,
    *,
    points: int = 5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    then: str = "none",
) -> pd.DataFrame:
    """Pull in the outliers of columns with |skew| >= 2 and kurtosis >= 3.5.

    The most extreme value on the skewed side (with its ties) takes the next value's place, until
    skew or kurtosis is within its limit or `points` cells were moved (COINr `Treat`, after the
    JRC's COIN Tool; skewness and excess kurtosis as Excel defines them). `then` says what happens
    to a column still outside: `none` keeps it winsorised, `log` takes instead
    ln(x - min + (max - min)/100) of the original column (COINr `log_CT`). Columns with fewer than
    four measured cells, or constant, are left alone, and no column is pulled to a single value.
    """
    if then not in ("none", "log"):
        raise ScoreError(f"treatment winsorise: then={then!r} is neither 'none' nor 'log'")
    limits, treated = (skew, kurtosis), matrix.to_numpy(float, copy=True)
    outside = ~_are_within(treated, limits)
    if outside.any():
        treated[:, outside] = _treat(treated[:, outside], points, limits, then)
    return pd.DataFrame(treated, index=matrix.index, columns=matrix.columns)


def _treat(values: Cells, points: int, limits: tuple[float, float], then: str) -> Cells:
    pulled = _pull_in(values, points, limits)
    if then == "none":
        return pulled
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    logged = np.log(values - low + 0.01 * (high - low))
    return np.where(_are_within(pulled, limits), pulled, logged)


def _pull_in(values: Cells, points: int, limits: tuple[float, float]) -> Cells:
    """Move the extremes of all columns at once, each until it is within or out of points."""
    pulled = values.copy()
    highs, lows = np.zeros(values.shape[1], dtype=int), np.zeros(values.shape[1], dtype=int)
    active = ~_are_within(pulled, limits)
    while active.any():
        is_high = _skew_and_kurtosis(pulled)[0] >= 0
        sign = np.where(is_high, 1.0, -1.0)
        turned = np.where(np.isnan(pulled), -np.inf, pulled * sign)
        extreme = turned == turned.max(axis=0)
        rest = np.where(extreme | np.isnan(pulled), np.nan, turned)
        following = np.nanmax(rest, axis=0)
        active &= np.nanmin(rest, axis=0) < following
        pulled = np.where(extreme & active, sign * following, pulled)
        # As COINr counts: the cells now at the top and bottom, ties of earlier moves included.
        highs = np.where(active & is_high, extreme.sum(axis=0), highs)
        lows = np.where(active & ~is_high, extreme.sum(axis=0), lows)
        active &= (highs + lows < points) & ~_are_within(pulled, limits)
    return pulled


def _are_within(values: Cells, limits: tuple[float, float]) -> NDArray[np.bool_]:
    """Say of each column whether it needs no treatment; NaN statistics mean it cannot have any."""
    skew, kurtosis = _skew_and_kurtosis(values)
    return ~((np.abs(skew) >= limits[0]) & (kurtosis >= limits[1]))


def _skew_and_kurtosis(values: Cells) -> tuple[Cells, Cells]:
    """Return each column's skewness G1 and excess kurtosis G2 (Joanes & Gill 1998, type 2).

    NaN for columns with fewer than four measured cells and for constant ones.
    """
    measured = ~np.isnan(values)
    n = measured.sum(axis=0).astype(float)
    n[n < 4] = np.nan
    filled = np.where(measured, values, 0.0)
    centred = np.where(measured, filled - filled.sum(axis=0) / n, 0.0)
    squares = (centred**2).sum(axis=0)
    # Rounding can leave a constant column a hair off its own mean: the range decides.
    top = np.where(measured, values, -np.inf).max(axis=0)
    squares[top == np.where(measured, values, np.inf).min(axis=0)] = np.nan
    g1 = np.sqrt(n) * (centred**3).sum(axis=0) / squares**1.5
    g2 = n * (centred**4).sum(axis=0) / squares**2 - 3
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


METHODS = (
    Method("treatment", "none", leave_untreated),
    Method("treatment", "log1p", log1p),
    Method("treatment", "winsorise", winsorise),
)
