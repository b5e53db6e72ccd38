"""Imputations: what stands in a cell that was not measured.

A column or group without a single measured cell stays missing: nothing is made from nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def leave_missing(values: Cells, _columns: Columns) -> Cells:
    """Leave missing cells missing: a node is then the mean over the children it has."""
    return values


def column_mean(values: Cells, _columns: Columns) -> Cells:
    """Fill a missing cell with the mean of its indicator (OECD/JRC Handbook 2008, step 3)."""
    return _filled(values, np.nanmean)


def column_median(values: Cells, _columns: Columns) -> Cells:
    """Fill a missing cell with the median of its indicator (OECD/JRC Handbook 2008, step 3)."""
    return _filled(values, np.nanmedian)


def group_mean(values: Cells, columns: Columns, *, by: str = "group") -> Cells:
    """Fill a missing cell with its indicator's mean over the unit's group.

    `by` names the column of the matrix that holds the groups (COINr `i_mean_grp`). Units without
    a group, and groups without a measured cell, stay missing.
    """
    return _filled_by_group(values, columns, by, np.nanmean)


def group_median(values: Cells, columns: Columns, *, by: str = "group") -> Cells:
    """Fill a missing cell with its indicator's median over the unit's group.

    `by` names the column of the matrix that holds the groups (COINr `i_median_grp`). Units
    without a group, and groups without a measured cell, stay missing.
    """
    return _filled_by_group(values, columns, by, np.nanmedian)


def _filled(values: Cells, statistic: Callable[..., Cells]) -> Cells:
    gaps = np.isnan(values)
    chosen = gaps.any(axis=0) & ~gaps.all(axis=0)
    if not chosen.any():
        return values
    middle = np.full(values.shape[1], np.nan)
    middle[chosen] = statistic(values[:, chosen], axis=0)
    return np.where(gaps, middle, values)


def _filled_by_group(
    values: Cells, columns: Columns, by: str, statistic: Callable[..., Cells]
) -> Cells:
    units = columns.units
    if units is None or by not in units.columns:
        there = "none" if units is None else ", ".join(map(str, units.columns)) or "none"
        raise ScoreError(
            f"imputation by group: the matrix has no column {by!r} beside the indicators "
            f"(there: {there}); add it or set imputation.by"
        )
    filled = values.copy()
    for members in units.groupby(by).indices.values():
        filled[members] = _filled(values[members], statistic)
    return filled


METHODS = (
    Method("imputation", "none", leave_missing),
    Method("imputation", "mean", column_mean),
    Method("imputation", "median", column_median),
    Method("imputation", "group_mean", group_mean),
    Method("imputation", "group_median", group_median),
)
