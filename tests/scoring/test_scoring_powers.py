"""Box-Cox: powers that bring tails in."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import boxcox as scipys
from scipy.stats import skew

from ccgcii import Columns, ScoreError
from ccgcii_methods.powers import boxcox

TAIL = np.random.default_rng(3).lognormal(2, 1.2, 80)
ONE = Columns.of("a")


def test_the_power_is_that_of_scipy_and_is_noted() -> None:
    columns = Columns.of("a")
    treated = boxcox(TAIL[:, None], columns)[:, 0]
    theirs, power = scipys(TAIL)
    assert columns.remarks == [(f"a: Box-Cox power {power:.3f}", False)]
    slope, offset = np.polyfit(theirs, treated, 1)
    assert np.allclose(slope * theirs + offset, treated, atol=1e-6)


def test_a_skewed_column_is_no_longer_skewed() -> None:
    assert skew(TAIL) > 2
    assert abs(skew(boxcox(TAIL[:, None], ONE)[:, 0])) < 0.3


def test_tame_and_constant_columns_are_left_alone() -> None:
    values = np.column_stack([np.arange(8.0), np.full(8, 3.0)])
    assert (boxcox(values, Columns.of("a", "b")) == values).all()


def test_zeros_and_gaps_are_no_obstacle_and_order_is_kept() -> None:
    column = np.r_[0.0, np.nan, TAIL]
    treated = boxcox(column[:, None], ONE)[:, 0]
    assert np.isnan(treated[1])
    kept = ~np.isnan(column)
    assert (np.argsort(treated[kept]) == np.argsort(column[kept])).all()


def test_a_power_can_be_given() -> None:
    logged = boxcox(TAIL[:, None], ONE, power=0.0)[:, 0]
    assert np.allclose(logged - logged[0], np.log(TAIL) - np.log(TAIL[0]))
    with pytest.raises(ScoreError, match="'best' is no number"):
        boxcox(TAIL[:, None], ONE, power="best")  # type: ignore[arg-type]  # as a recipe could


def test_huge_numbers_keep_their_digits() -> None:
    treated = boxcox((TAIL * 1e12)[:, None], ONE, power=-2.0)[:, 0]
    assert len(np.unique(treated)) == len(TAIL)
