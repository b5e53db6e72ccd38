"""Treatments: what is done to long tails before columns are put on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii import Method, ScoreError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]

NOTHING: Mapping[str, Any] = {}


def leave_untreated(values: Cells, _columns: Columns) -> Cells:
    """Leave every value as it was measured."""
    return values


def log1p(values: Cells, columns: Columns, *, classes: Sequence[str] = ("count", "hours")) -> Cells:
    """Take ln(1 + x) of counts and hours; ratios, tones, small numbers and growth stay.

    `classes` are the treatment classes that are logged. A negative value is refused: no count has
    one. Zero stays exactly zero.
    """
    chosen = np.isin(columns.treatments, list(classes))
    below = chosen & (values < 0).any(axis=0)
    if below.any():
        raise ScoreError(
            f"treatment log1p: negative values in {columns.called(below)}; "
            "give it another class in the tree's `treatment` column"
        )
    if not chosen.any():
        columns.note(
            f"log1p touched nothing: the tree's `treatment` column names no {' or '.join(classes)}"
        )
    treated = values.copy()
    treated[:, chosen] = np.log1p(values[:, chosen])
    return treated


def winsorise(
    values: Cells,
    _columns: Columns,
    *,
    points: int = 5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    then: str = "none",
) -> Cells:
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
    limits = (skew, kurtosis)
    outside = ~are_within(values, limits)
    if not outside.any():
        return values
    treated = values.copy()
    treated[:, outside] = _treat(values[:, outside], points, limits, then)
    return treated


def cut(
    values: Cells,
    columns: Columns,
    *,
    low: Mapping[str, float] = NOTHING,
    high: Mapping[str, float] = NOTHING,
) -> Cells:
    """Cut values to fixed limits: whatever is beyond one becomes the limit.

    `low` and `high` give it by indicator, on the scale that the treatments before it leave; other
    indicators stay as they are. `Ranking.freeze()` writes those to which `winsorise` cut a year.
    """
    for name, limits in (("low", low), ("high", high)):
        for key, limit in limits.items():
            if key not in columns.names:
                raise ScoreError(
                    f"treatment cut: {name}.{key} is no indicator of the tree that is treated so"
                    f"{suggest(key, columns.names)}"
                )
            if isinstance(limit, bool) or not isinstance(limit, int | float):
                raise ScoreError(f"treatment cut: {name}.{key} = {limit!r} is no number")
    least = np.array([low.get(name, -np.inf) for name in columns.names])
    most = np.array([high.get(name, np.inf) for name in columns.names])
    return np.asarray(np.minimum(np.maximum(values, least), most))


def _treat(values: Cells, points: int, limits: tuple[float, float], then: str) -> Cells:
    pulled = _pull_in(values, points, limits)
    if then == "none":
        return pulled
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    logged = np.log(values - low + 0.01 * (high - low))
    return np.where(are_within(pulled, limits), pulled, logged)


def _pull_in(values: Cells, points: int, limits: tuple[float, float]) -> Cells:
    """Move the extremes of columns that are outside, each until it is within or out of points."""
    pulled = values.copy()
    # The columns still at work, and how many cells each has moved at the top and at the bottom.
    work, moved = np.arange(values.shape[1]), np.zeros((2, values.shape[1]), dtype=int)
    skew = _skew_and_kurtosis(values)[0]
    while len(work):
        is_high = skew >= 0
        sign = np.where(is_high, 1.0, -1.0)
        turned = pulled[:, work] * sign
        gaps = np.isnan(turned)
        turned[gaps] = -np.inf
        extreme = turned == turned.max(axis=0)
        following = np.where(extreme, -np.inf, turned).max(axis=0)
        # Never to a single value: below the next one there must be another.
        goes_on = np.where(extreme | gaps, np.inf, turned).min(axis=0) < following
        work, extreme, turned = work[goes_on], extreme[:, goes_on], turned[:, goes_on]
        sign, following, is_high = sign[goes_on], following[goes_on], is_high[goes_on]
        column = np.where(extreme, following, turned) * sign
        column[gaps[:, goes_on]] = np.nan
        pulled[:, work] = column
        # As COINr counts: the cells now at the top and bottom, ties of earlier moves included.
        moved[np.where(is_high, 0, 1), work] = extreme.sum(axis=0)
        skew, kurtosis = _skew_and_kurtosis(column)
        goes_on = (moved[:, work].sum(axis=0) < points) & ~_within(skew, kurtosis, limits)
        work, skew = work[goes_on], skew[goes_on]
    return pulled


def are_within(values: Cells, limits: tuple[float, float]) -> NDArray[np.bool_]:
    """Say of each column whether it needs no treatment; NaN statistics mean it cannot have any."""
    return _within(*_skew_and_kurtosis(values), limits)


def _within(skew: Cells, kurtosis: Cells, limits: tuple[float, float]) -> NDArray[np.bool_]:
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
    # By a power of two, which changes no digit: no cube is too large or too small for a float.
    centred = np.ldexp(centred, -np.frexp(np.abs(centred).max(axis=0))[1])
    squared = centred * centred
    squares = squared.sum(axis=0)
    # Rounding can leave a constant column a hair off its own mean: the range decides.
    top = np.where(measured, values, -np.inf).max(axis=0)
    squares[top == np.where(measured, values, np.inf).min(axis=0)] = np.nan
    g1 = np.sqrt(n) * (squared * centred).sum(axis=0) / squares**1.5
    g2 = n * (squared * squared).sum(axis=0) / squares**2 - 3
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


METHODS = (
    Method("treatment", "none", leave_untreated),
    Method("treatment", "log1p", log1p),
    Method("treatment", "winsorise", winsorise),
    Method("treatment", "cut", cut),
)
