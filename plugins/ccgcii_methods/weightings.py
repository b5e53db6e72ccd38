"""Weightings: how much each child counts for its node (entropy has a module of its own)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ccgcii import Method, ScoreError
from ccgcii_methods import entropy


def equal(matrix: pd.DataFrame) -> pd.Series[float]:
    """Weight all columns alike: 1/k each."""
    count = matrix.shape[1]
    return pd.Series(np.full(count, 1.0 / count), index=matrix.columns)


def given(matrix: pd.DataFrame, *, given: pd.Series[float]) -> pd.Series[float]:
    """Take the weights of the tree's `weight` column, scaled to sum one among the siblings."""
    weights = given.reindex(matrix.columns)
    lacking = [str(column) for column in weights.index[weights.isna()]]
    if lacking:
        raise ScoreError(
            f"weighting given: the tree gives no weight for {', '.join(lacking)}; "
            "fill its `weight` column"
        )
    if weights.sum() == 0:
        raise ScoreError(
            f"weighting given: the weights of {', '.join(map(str, weights.index))} are all 0"
        )
    return weights / weights.sum()


def standard_deviation(matrix: pd.DataFrame) -> pd.Series[float]:
    """Weight each column by its standard deviation: w = s / sum(s) (Diakoulaki et al. 1995).

    Meant for columns on one scale. Constant columns get weight 0; if all are constant the weights
    are equal, with a warning. Missing cells and a single unit are refused.
    """
    _check(matrix, "standard_deviation")
    return _scaled(matrix, _deviations(matrix))


def critic(matrix: pd.DataFrame) -> pd.Series[float]:
    """Weight by contrast and conflict: w ~ s_j sum_k(1 - r_jk) (Diakoulaki et al. 1995).

    s is the standard deviation of the column after min-max, r Pearson's correlation with each
    other column that varies. Constant columns get weight 0; where no column conflicts with
    another (all correlate perfectly) the standard deviations decide. Missing cells and a single
    unit are refused.
    """
    _check(matrix, "critic")
    values = matrix.to_numpy(float)
    spread = np.ptp(values, axis=0)
    varying = spread > 0
    scaled = (values - values.min(axis=0)) / np.where(varying, spread, 1.0)
    deviations = np.where(varying, scaled.std(axis=0), 0.0)
    centred = np.where(varying, scaled - scaled.mean(axis=0), 0.0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    products = (centred[:, :, None] * centred[:, None, :]).sum(axis=0)
    correlation = (
        products / np.where(varying, lengths, 1.0) / np.where(varying, lengths, 1.0)[:, None]
    )
    both = varying & varying[:, None]
    conflict = np.where(both, np.maximum(1.0 - correlation, 0.0), 0.0).sum(axis=0)
    if conflict.max() < 1e-12:
        return _scaled(matrix, deviations)
    return _scaled(matrix, deviations * conflict)


def _deviations(matrix: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = matrix.to_numpy(float)
    return np.where(np.ptp(values, axis=0) > 0, values.std(axis=0), 0.0)


def _scaled(
    matrix: pd.DataFrame, shares: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> pd.Series[float]:
    if not shares.any():
        weights = equal(matrix)
        weights.attrs["warnings"] = [
            f"nothing varies, equal weights: {', '.join(map(str, matrix.columns))}"
        ]
        return weights
    weights = pd.Series(shares / shares.sum(), index=matrix.columns)
    still = matrix.columns[shares == 0]
    if len(still):
        weights.attrs["notes"] = [f"weight 0, no variation: {', '.join(map(str, still))}"]
    return weights


def _check(matrix: pd.DataFrame, name: str) -> None:
    if len(matrix) < 2:
        raise ScoreError(
            f"weighting {name}: one unit has no spread to weigh by; "
            "score at least two units, or use weighting equal or given"
        )
    gaps = matrix.columns[matrix.isna().any()]
    if len(gaps):
        raise ScoreError(
            f"weighting {name}: missing cells in {', '.join(map(str, gaps))}; impute them first"
        )


METHODS = (
    Method("weighting", "equal", equal),
    Method("weighting", "given", given),
    Method("weighting", "standard_deviation", standard_deviation),
    Method("weighting", "critic", critic),
    *entropy.METHODS,
)
