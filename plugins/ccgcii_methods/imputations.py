"""Imputations: what stands in a cell that was not measured.

A column or group without a single measured cell stays missing: nothing is made from nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    import pandas as pd


def leave_missing(matrix: pd.DataFrame, _indicators: pd.DataFrame) -> pd.DataFrame:
    """Leave missing cells missing: a node is then the mean over the children it has."""
    return matrix


def column_mean(matrix: pd.DataFrame, _indicators: pd.DataFrame) -> pd.DataFrame:
    """Fill a missing cell with the mean of its indicator (OECD/JRC Handbook 2008, step 3)."""
    return matrix.fillna(matrix.mean())


def column_median(matrix: pd.DataFrame, _indicators: pd.DataFrame) -> pd.DataFrame:
    """Fill a missing cell with the median of its indicator (OECD/JRC Handbook 2008, step 3)."""
    return matrix.fillna(matrix.median())


def group_mean(
    matrix: pd.DataFrame, _indicators: pd.DataFrame, *, units: pd.DataFrame, by: str = "group"
) -> pd.DataFrame:
    """Fill a missing cell with its indicator's mean over the unit's group.

    `by` names the column of the matrix that holds the groups (COINr `i_mean_grp`). Units without
    a group, and groups without a measured cell, stay missing.
    """
    return _fill_by_group(matrix, units, by, "mean")


def group_median(
    matrix: pd.DataFrame, _indicators: pd.DataFrame, *, units: pd.DataFrame, by: str = "group"
) -> pd.DataFrame:
    """Fill a missing cell with its indicator's median over the unit's group.

    `by` names the column of the matrix that holds the groups (COINr `i_median_grp`). Units
    without a group, and groups without a measured cell, stay missing.
    """
    return _fill_by_group(matrix, units, by, "median")


def _fill_by_group(
    matrix: pd.DataFrame, units: pd.DataFrame, by: str, statistic: Literal["mean", "median"]
) -> pd.DataFrame:
    if by not in units.columns:
        there = ", ".join(map(str, units.columns)) or "none"
        raise ScoreError(
            f"imputation by group: the matrix has no column {by!r} beside the indicators "
            f"(there: {there}); add it or set imputation.by"
        )
    return matrix.fillna(matrix.groupby(units[by]).transform(statistic))


METHODS = (
    Method("imputation", "none", leave_missing),
    Method("imputation", "mean", column_mean),
    Method("imputation", "median", column_median),
    Method("imputation", "group_mean", group_mean),
    Method("imputation", "group_median", group_median),
)
