from __future__ import annotations

import numpy as np
import pytest

from ccgcii.findings.changepoints import change_points, overdispersion


def ones(size: int) -> np.ndarray:
    return np.ones(size)


def test_a_step_is_found_at_its_place() -> None:
    counts = np.array([10, 9, 11, 10, 12, 9, 70, 66, 72, 69, 71, 75], dtype=float)
    assert change_points(counts, ones(12)) == [6]


def test_two_steps_are_found() -> None:
    counts = np.array([5] * 6 + [60] * 6 + [20] * 6, dtype=float)
    assert change_points(counts, ones(18)) == [6, 12]


def test_a_constant_rate_has_none_whatever_the_lengths_of_months() -> None:
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)
    assert change_points(days * 100, days) == []


def test_one_loud_month_is_no_new_level() -> None:
    counts = np.array([50] * 8 + [400] + [50] * 8, dtype=float)
    assert len(change_points(counts, ones(17), shortest=2)) != 1


def test_chance_seldom_makes_a_level() -> None:
    draw = np.random.default_rng(1)
    series = draw.poisson(40, (200, 24)).astype(float)
    false = sum(bool(change_points(row, ones(24))) for row in series)
    assert false <= 10


def test_counts_wilder_than_poisson_are_not_cut_to_pieces() -> None:
    draw = np.random.default_rng(2)
    series = draw.negative_binomial(4, 4 / 204, (100, 24)).astype(float)
    false = sum(bool(change_points(row, ones(24))) for row in series)
    assert false <= 15


def test_a_doubling_in_wild_counts_of_two_years_is_found() -> None:
    draw = np.random.default_rng(3)
    found = 0
    for _ in range(50):
        level = np.repeat([1000, 4000], 12)
        counts = draw.negative_binomial(20, 20 / (20 + level)).astype(float)
        found += any(abs(place - 12) <= 1 for place in change_points(counts, ones(24)))
    assert found >= 45


def test_too_short_a_series_has_none() -> None:
    assert change_points(np.array([1.0, 50.0, 50.0]), ones(3)) == []


def test_silence_has_none() -> None:
    assert change_points(np.zeros(12), ones(12)) == []


@pytest.mark.parametrize("scale", [1, 1000])
def test_poisson_counts_are_not_overdispersed_by_much(scale: int) -> None:
    counts = np.random.default_rng(4).poisson(10 * scale, 400).astype(float)
    assert overdispersion(counts, ones(400)) < 1.3
