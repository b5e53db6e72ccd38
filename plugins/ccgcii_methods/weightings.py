"""Weightings from the tree and from the spread of the columns (entropy has a module of its own)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]


def equal(values: Cells, _columns: Columns) -> Cells:
    """Weight all columns alike: 1/k each."""
    count = values.shape[1]
    return np.full(count, 1.0 / count)


def given(_values: Cells, columns: Columns) -> Cells:
    """Take the weights of the tree's `weight` column, scaled to sum one among the siblings."""
    weights = np.array(columns.given)
    lacking = np.isnan(weights)
    if lacking.any():
        raise ScoreError(
            f"weighting given: the tree gives no weight for {columns.called(lacking)}; "
            "fill its `weight` column"
        )
    if weights.sum() == 0:
        raise ScoreError(f"weighting given: the weights of {columns.called(~lacking)} are all 0")
    return np.asarray(weights / weights.sum())


def standard_deviation(values: Cells, columns: Columns) -> Cells:
    """Weight each column by its standard deviation: w = s / sum(s) (Diakoulaki et al. 1995).

    Meant for columns on one scale. Constant columns get weight 0; if all are constant the weights
    are equal, with a warning. Missing cells and a single unit are refused.
    """
    _check(values, columns, "standard_deviation")
    deviations = np.where(np.ptp(values, axis=0) > 0, values.std(axis=0), 0.0)
    return scaled(deviations, columns)


def critic(values: Cells, columns: Columns) -> Cells:
    """Weight by contrast and conflict: w ~ s_j sum_k(1 - r_jk) (Diakoulaki et al. 1995).

    s is the standard deviation of the column after min-max, r Pearson's correlation with each
    other column that varies. Constant columns get weight 0; where no column conflicts with
    another (all correlate perfectly) the standard deviations decide. Missing cells and a single
    unit are refused.
    """
    _check(values, columns, "critic")
    spread = np.ptp(values, axis=0)
    varying = spread > 0
    stretched = (values - values.min(axis=0)) / np.where(varying, spread, 1.0)
    deviations = np.where(varying, stretched.std(axis=0), 0.0)
    both = varying & varying[:, None]
    correlation = _correlations(stretched, varying)
    conflict = np.where(both, np.maximum(1.0 - correlation, 0.0), 0.0).sum(axis=0)
    if conflict.max() < 1e-12:
        return scaled(deviations, columns)
    return scaled(deviations * conflict, columns)


def pca(values: Cells, columns: Columns) -> Cells:
    """Weight each column by its share of the variance that the principal components keep.

    The components of the correlation matrix with eigenvalue L of 1 or more are kept (Kaiser); w_j ~
    sum over them of L times the squared loading: the column's communality, which no rotation
    changes (after Nicoletti, Scarpetta & Boylaud 2000; OECD/JRC Handbook 2008, step 6). A column
    that runs against the first component is named in a warning: its weight has no sign. Constant
    columns get weight 0. Missing cells and a single unit are refused.
    """
    _check(values, columns, "pca")
    varying = np.ptp(values, axis=0) > 0
    shares = np.zeros(values.shape[1])
    if varying.any():
        part = values[:, varying]
        # Stretched first: a column of huge numbers must not overflow its own correlations.
        part = (part - part.min(axis=0)) / np.ptp(part, axis=0)
        lengths, directions = np.linalg.eigh(_correlations(part, np.ones(part.shape[1], bool)))
        kept = lengths >= 1 - 1e-9
        shares[varying] = (directions**2 * lengths)[:, kept].sum(axis=1)
        _warn_of_contrary(directions[:, -1], varying, columns)
    return scaled(shares, columns)


def scaled(shares: Cells, columns: Columns) -> Cells:
    """Scale shares to sum one, naming columns without; equal if there is nothing to share."""
    still = shares == 0
    if still.all():
        columns.warn(f"nothing varies, equal weights: {', '.join(columns.names)}")
        return np.full(len(shares), 1.0 / len(shares))
    if still.any():
        columns.note(f"weight 0, no variation: {columns.called(still)}")
    return np.asarray(shares / shares.sum())


def _correlations(values: Cells, varying: NDArray[np.bool_]) -> Cells:
    """Return Pearson's correlations; 0 with a column that does not vary."""
    centred = np.where(varying, values - values.mean(axis=0), 0.0)
    lengths = np.where(varying, np.sqrt((centred**2).sum(axis=0)), 1.0)
    # Sums of products one by one: equal columns must correlate equally to the last digit.
    products = (centred[:, :, None] * centred[:, None, :]).sum(axis=0)
    return np.asarray(products / lengths / lengths[:, None])


def _warn_of_contrary(first: Cells, varying: NDArray[np.bool_], columns: Columns) -> None:
    sign = np.sign(first.sum()) or 1.0
    contrary = np.zeros(len(varying), dtype=bool)
    contrary[varying] = first * sign < -0.1
    if contrary.any():
        columns.warn(f"against the first principal component: {columns.called(contrary)}")


def _check(values: Cells, columns: Columns, name: str) -> None:
    if len(values) < 2:
        raise ScoreError(
            f"weighting {name}: one unit has no spread to weigh by; "
            "score at least two units, or use weighting equal or given"
        )
    gaps = np.asarray(np.isnan(values).any(axis=0))
    if gaps.any():
        raise ScoreError(
            f"weighting {name}: missing cells in {columns.called(gaps)}; impute them first"
        )


METHODS = (
    Method("weighting", "equal", equal),
    Method("weighting", "given", given),
    Method("weighting", "standard_deviation", standard_deviation),
    Method("weighting", "critic", critic),
    Method("weighting", "pca", pca),
)
