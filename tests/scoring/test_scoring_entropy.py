"""Entropy weights: every hard case has one defined answer."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ccgcii import Columns, ScoreError
from ccgcii_methods.entropy import divergences
from ccgcii_methods.entropy import entropy as entropy_of_values

if TYPE_CHECKING:
    from collections.abc import Callable

    Weigh = Callable[..., Any]


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=float)


def textbook(columns: list[list[float]]) -> list[float]:
    """Compute the weights from the formula, with exact shares and 0 ln 0 = 0."""
    diversity = []
    for column in columns:
        total = sum(map(Fraction, column))
        shares = [Fraction(x) / total for x in column]
        entropy = -math.fsum(float(p) * math.log(p) for p in shares if p) / math.log(len(column))
        diversity.append(1 - entropy)
    return [d / math.fsum(diversity) for d in diversity]


def entropy(matrix: pd.DataFrame, **options: str) -> pd.Series[float]:
    columns = Columns.of(*map(str, matrix.columns))
    found = entropy_of_values(matrix.to_numpy(float), columns, **options)
    weights = pd.Series(found, index=matrix.columns)
    weights.attrs["notes"] = [text for text, _ in columns.remarks]
    return weights


def test_one_zero_among_equal_values_does_not_take_the_weight() -> None:
    # pymcdm 1.3.1 gives such a column 0.806 where 0.009 is right.
    tail = np.random.default_rng(1).lognormal(0, 2, 100)
    weights = entropy(table(flat=[1.0] * 99 + [0.0], tail=list(tail)))
    assert weights["flat"] < 0.02
    assert list(weights) == pytest.approx(textbook([[1.0] * 99 + [0.0], list(tail)]), abs=1e-12)


def test_ninety_five_percent_zeros_follow_the_formula_exactly() -> None:
    sparse, dense = [0.0] * 95 + [1.0, 2.0, 3.0, 4.0, 5.0], [float(n) for n in range(100)]
    weights = entropy(table(sparse=sparse, dense=dense))
    assert list(weights) == pytest.approx(textbook([sparse, dense]), abs=1e-13)


@pytest.mark.parametrize("still", [0.0, 7.0, 0.1])
def test_a_column_without_variation_gets_weight_zero_and_is_named(still: float) -> None:
    weights = entropy(table(still=[still] * 3, moving=[1, 2, 3]))
    assert list(weights) == [0.0, 1.0]
    assert weights.attrs["notes"] == ["weight 0, no variation: still"]


def test_where_nothing_varies_the_weights_are_equal_with_a_warning() -> None:
    weights = entropy(table(a=[0, 0], b=[5, 5]))
    assert list(weights) == [0.5, 0.5]
    assert "nothing varies" in weights.attrs["notes"][0]


def test_negative_values_are_refused_with_the_way_out() -> None:
    with pytest.raises(ScoreError, match=r"negative values in tone.*minmax"):
        entropy(table(tone=[-0.2, 0.4], volume=[1, 2]))


def test_missing_cells_are_refused_unless_the_recipe_masks_them() -> None:
    gap = table(a=[1, np.nan, 3], b=[1, 2, 3])
    with pytest.raises(ScoreError, match="missing cells in a"):
        entropy(gap)
    masked = entropy(gap, missing="mask")
    expected = divergences(np.array([[1.0], [3.0]]))[0], divergences(np.array([[1.0], [2], [3]]))[0]
    assert masked["a"] == pytest.approx(expected[0] / sum(expected))


def test_a_masked_cell_is_not_a_zero() -> None:
    gap = table(a=[4, np.nan, 4], b=[1, 2, 3])
    assert entropy(gap, missing="mask")["a"] == 0.0
    assert entropy(gap.fillna(0))["a"] > 0.5


def test_one_unit_is_refused_with_the_reason() -> None:
    with pytest.raises(ScoreError, match="one unit has no spread"):
        entropy(table(a=[1], b=[2]))


def test_huge_and_tiny_columns_weigh_alike() -> None:
    weights = entropy(table(huge=[1e300, 2e300, 3e300], tiny=[1e-300, 2e-300, 3e-300]))
    assert list(weights) == pytest.approx([0.5, 0.5])


def test_nearly_even_columns_do_not_drown_in_rounding() -> None:
    nearly, twice = [1e6, 1e6 + 1, 1e6 + 2], [1e6, 1e6 + 2, 1e6 + 4]
    assert entropy(table(a=nearly, b=twice))["b"] == pytest.approx(0.8, abs=1e-5)


def test_a_word_the_method_does_not_know_is_refused() -> None:
    with pytest.raises(ScoreError, match="neither 'refuse' nor 'mask'"):
        entropy(table(a=[1, 2]), missing="ignore")


matrices = arrays(
    float,
    st.tuples(st.integers(2, 12), st.integers(1, 6)),
    elements=st.integers(0, 1000).map(float),
)


@settings(max_examples=60, deadline=None)
@given(values=matrices)
def test_weights_are_non_negative_and_sum_to_one(weigh: Weigh, values: np.ndarray) -> None:
    for name in ("entropy", "blend"):
        weights = weigh(name, pd.DataFrame(values))
        assert (weights >= 0).all()
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(values=matrices, seed=st.integers(0, 99))
def test_the_order_of_units_and_columns_does_not_matter(
    weigh: Weigh, values: np.ndarray, seed: int
) -> None:
    matrix = pd.DataFrame(values)
    shuffled = matrix.sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
    for name in ("entropy", "blend"):
        again = weigh(name, shuffled)[matrix.columns]
        assert list(again) == pytest.approx(list(weigh(name, matrix)), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(matrices, st.floats(1e-6, 1e6))
def test_the_unit_of_measurement_does_not_matter(values: np.ndarray, factor: float) -> None:
    assert list(entropy(pd.DataFrame(values * factor))) == pytest.approx(
        list(entropy(pd.DataFrame(values))), abs=1e-9
    )
