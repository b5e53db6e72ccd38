"""Box-Cox: the power that brings a skewed column nearest to the normal curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import boxcox_llf

from ccgcii import Method, ScoreError
from ccgcii_methods.treatments import are_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]

POWERS = (-2.0, 2.0)


def boxcox(
    values: Cells,
    columns: Columns,
    *,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    power: float | None = None,
) -> Cells:
    """Raise the columns with |skew| >= 2 and kurtosis >= 3.5 to a power (Box & Cox 1964).

    (y^p - 1) / p, ln y where p is 0, with y = x / geometric mean, so that no power runs out of
    digits. Without a `power` it is the p from -2 to 2 of the largest likelihood, noted by column. A
    column with zeros or negatives is first moved up: x - min + (max - min) / 100, as COINr's
    `log_CT` does. A `skew` of 0 and a `kurtosis` of -9 treat every column that varies.
    """
    if power is not None and not isinstance(power, int | float):
        raise ScoreError(f"treatment boxcox: power={power!r} is no number")
    treated = values.copy()
    for column in np.flatnonzero(~are_within(values, (skew, kurtosis))):
        positive = _made_positive(values[:, column])
        exponent = _fitted(positive[~np.isnan(positive)]) if power is None else float(power)
        treated[:, column] = _raised(positive, exponent)
        columns.note(f"{columns.names[column]}: Box-Cox power {exponent:.3f}")
    return treated


def _made_positive(column: Cells) -> Cells:
    low, high = np.nanmin(column), np.nanmax(column)
    moved = column if low > 0 else column - low + 0.01 * (high - low)
    return np.asarray(moved / np.exp(np.nanmean(np.log(moved))))


def _fitted(column: Cells) -> float:
    """Return the power of the largest profile likelihood."""
    found = minimize_scalar(lambda p: -boxcox_llf(p, column), bounds=POWERS, method="bounded")
    return float(found.x)


def _raised(column: Cells, power: float) -> Cells:
    if abs(power) < 1e-6:
        return np.asarray(np.log(column))
    # expm1 keeps the digits that y^p - 1 loses at small powers.
    return np.asarray(np.expm1(power * np.log(column)) / power)


METHODS = (Method("treatment", "boxcox", boxcox),)
