"""Copeland and TOPSIS: a unit among the others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ccgcii import Columns, ScoreError
from ccgcii_methods.comparisons import copeland, topsis

AB = Columns.of("a", "b")
EVEN = np.array([0.5, 0.5])


def test_who_beats_all_has_a_hundred_and_who_beats_none_has_zero() -> None:
    values = np.array([[9.0, 9], [5, 6], [1, 2]])
    assert copeland(values, AB, EVEN).tolist() == [100.0, 50.0, 0.0]


def test_draws_count_half_and_weights_decide() -> None:
    crossed = np.array([[9.0, 1], [1, 9]])
    assert copeland(crossed, AB, EVEN).tolist() == [50.0, 50.0]
    assert copeland(crossed, AB, np.array([0.6, 0.4])).tolist() == [100.0, 0.0]


def test_strength_makes_up_for_nothing() -> None:
    values = np.array([[1000.0, 1, 1], [0, 2, 2]])
    columns, even = Columns.of("a", "b", "c"), np.ones(3) / 3
    assert copeland(values, columns, even).tolist() == [0.0, 100.0]


def test_only_what_both_have_is_compared() -> None:
    values = np.array([[9.0, np.nan], [5, 6], [np.nan, 7]])
    scores = copeland(values, AB, EVEN)
    # The first and the last have nothing in common: each meets the second only.
    assert scores.tolist() == [100.0, 0.0, 100.0]
    assert np.isnan(copeland(values[[0, 2]], AB, EVEN)).all()


@settings(max_examples=40, deadline=None)
@given(arrays(float, (5, 3), elements=st.integers(0, 4).map(float)))
def test_copeland_is_the_count_of_pairs(values: np.ndarray) -> None:
    weights = np.array([0.5, 0.3, 0.2])
    expected = []
    for a in range(5):
        won = 0.0
        for b in range(5):
            if a != b:
                balance = float(weights @ np.sign(values[a] - values[b]))
                won += 0.5 if abs(balance) < 1e-12 else float(balance > 0)
        expected.append(25.0 * won)
    columns = Columns.of("a", "b", "c")
    assert copeland(values, columns, weights).tolist() == pytest.approx(expected)


def test_topsis_places_between_the_worst_and_the_best() -> None:
    values = np.array([[100.0, 100], [0, 0], [50, 50]])
    assert topsis(values, AB, EVEN).tolist() == pytest.approx([100.0, 0.0, 50.0])


def test_topsis_is_that_of_hwang_and_yoon() -> None:
    # Their fighter aircraft (1981), the two benefit columns speed and range, by hand.
    values = np.array([[2.0, 1500], [2.5, 2700], [1.8, 2000], [2.2, 1800]])
    lengths = np.sqrt((values**2).sum(axis=0))
    v = values / lengths * EVEN
    up = np.sqrt(((v.max(axis=0) - v) ** 2).sum(axis=1))
    down = np.sqrt(((v - v.min(axis=0)) ** 2).sum(axis=1))
    scores = topsis(values, AB, EVEN, scale="vector", upper=1.0)
    assert scores.tolist() == pytest.approx((down / (up + down)).tolist())


def test_topsis_of_equal_units_is_zero_and_missing_children_leave_their_weight() -> None:
    assert topsis(np.full((3, 2), 7.0), AB, EVEN).tolist() == [0.0, 0.0, 0.0]
    values = np.array([[100.0, np.nan], [0, 0], [50, 100], [np.nan, np.nan]])
    scores = topsis(values, AB, EVEN)
    assert scores[0] == pytest.approx(100.0)
    assert np.isnan(scores[3])


def test_a_scale_that_is_none_is_refused() -> None:
    with pytest.raises(ScoreError, match="neither 'none' nor 'vector'"):
        topsis(np.ones((2, 2)), AB, EVEN, scale="sum")
