"""Blends: objective weights within bounds, beside what is held beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii import ScoreError, Step
from ccgcii_methods.blending import capped

if TYPE_CHECKING:
    from collections.abc import Callable

    Weigh = Callable[..., Any]


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=float)


def test_near_empty_columns_are_screened(weigh: Weigh) -> None:
    sparse = [0.0] * 8 + [1.0, 50.0]
    weights = weigh("blend", table(sparse=sparse, a=list(range(10)), b=list(range(3, 13))))
    assert weights["sparse"] == 0.0
    said = "weight 0, more than 70% of the units at the least value: sparse"
    assert weights.attrs["notes"] == [said]


def test_the_screen_asks_for_the_least_value_wherever_the_scale_begins(weigh: Weigh) -> None:
    columns = {"sparse": [0.0] * 8 + [1.0, 50.0], "a": list(range(10)), "b": list(range(3, 13))}
    from_zero = pd.DataFrame(columns, dtype=float)
    on_ranks = from_zero.rank()
    for scale in (from_zero + 1, on_ranks):
        weights = weigh("blend", scale)
        assert weights["sparse"] == 0.0
        assert weights["a"] > 0
    gaps = from_zero.assign(sparse=[0.0] * 5 + [1.0, 50.0] + [np.nan] * 3)
    masked = Step("entropy", {"missing": "mask"})
    assert weigh("blend", gaps, objective=masked, screen=0.72)["sparse"] > 0
    assert weigh("blend", gaps, objective=masked, screen=0.71)["sparse"] == 0.0


def test_a_blend_is_half_capped_entropy_and_half_equal(weigh: Weigh) -> None:
    columns = {f"even{n}": [5.0, 6, 7, 8 + n] for n in range(9)} | {"steep": [0.0, 1, 2, 100]}
    weights = weigh("blend", table(**columns))
    assert weights["steep"] == pytest.approx(0.5 * 0.3 + 0.5 * 0.1)


def test_raw_capped_and_prior_weights_are_kept(weigh: Weigh) -> None:
    columns = {f"even{n}": [5.0, 6, 7, 8 + n] for n in range(9)} | {"steep": [0.0, 1, 2, 100]}
    weights = weigh("blend", table(**columns, still=[1, 1, 1, 1]), share=0.25)
    stages = weights.attrs["stages"]
    assert [*stages] == ["raw", "capped", "prior"]
    assert stages["raw"][9] > 0.6
    assert (stages["capped"][9], stages["prior"][9]) == (pytest.approx(0.3), pytest.approx(0.1))
    assert all(stage[10] == 0.0 for stage in stages.values())
    mixed = 0.25 * np.array(stages["capped"]) + 0.75 * np.array(stages["prior"])
    assert list(weights) == pytest.approx(list(mixed))


def test_a_cap_is_for_the_columns_that_the_objective_weighs(weigh: Weigh) -> None:
    matrix = table(a=[0, 5, 10], b=[0, 5, 10], c=[0, 5, 10], d=[0, 5, 10])
    given = [0.0, 0.0, 3.0, 1.0]
    options: dict[str, Any] = {"objective": Step("given"), "share": 1.0, "screen": 1.0}
    # Of two columns none may weigh more than 1.2 / 2.
    assert list(weigh("blend", matrix, given, cap=1.2, **options)) == pytest.approx(
        [0, 0, 0.6, 0.4]
    )
    assert list(weigh("blend", matrix, [0.0, 0.0, 0.0, 1.0], cap=1.2, **options)) == [0, 0, 0, 1]


def test_any_two_weightings_can_be_blended(weigh: Weigh) -> None:
    matrix = table(a=[0, 1, 5], b=[0, 3, 4])
    blended = weigh(
        "blend", matrix, [3.0, 1.0], objective=Step("critic"), prior=Step("given"), cap=0.0
    )
    critic = weigh("critic", matrix)
    assert list(blended) == pytest.approx(list(0.5 * critic + [0.375, 0.125]))


def test_a_share_of_one_without_cap_or_screen_is_the_objective_itself(weigh: Weigh) -> None:
    matrix = table(a=[0, 0, 0, 9], b=[1, 2, 3, 4], c=[2, 2, 2, 2])
    blended = weigh("blend", matrix, share=1.0, cap=0.0, screen=1.0)
    assert list(blended) == list(weigh("entropy", matrix))


def test_a_prior_without_weights_is_refused(weigh: Weigh) -> None:
    with pytest.raises(ScoreError, match="fill its `weight` column"):
        weigh("blend", table(a=[1, 2], b=[1, 2]), prior=Step("given"))


def test_where_every_column_is_screened_the_weights_are_equal_with_a_warning(weigh: Weigh) -> None:
    weights = weigh("blend", table(a=[0.0] * 9 + [1.0], b=[0.0] * 9 + [2.0], c=[0.0] * 10))
    assert list(weights) == [0.5, 0.5, 0.0]
    assert "every column is screened" in weights.attrs["warnings"][-1]


def test_where_nothing_varies_a_blend_is_equal_with_a_warning(weigh: Weigh) -> None:
    weights = weigh("blend", table(a=[2, 2], b=[3, 3]))
    assert list(weights) == [0.5, 0.5]
    assert "nothing varies" in weights.attrs["warnings"][0]


@pytest.mark.parametrize("options", [{"cap": 0.9}, {"share": 1.5}, {"screen": -0.1}])
def test_bounds_that_cannot_hold_are_refused(weigh: Weigh, options: dict[str, float]) -> None:
    with pytest.raises(ScoreError, match=r"cannot hold|shares from 0 to 1"):
        weigh("blend", table(a=[1, 2], b=[1, 3]), **options)


def test_a_cap_that_leaves_weight_to_nobody_is_refused() -> None:
    with pytest.raises(ScoreError, match="leaves weight to nobody"):
        capped(np.array([1.0, 0.0, 0.0]), 0.5)


@pytest.mark.parametrize(
    ("shares", "cap", "expected"),
    [
        ([8, 1, 1], 0.5, [0.5, 0.25, 0.25]),
        ([8, 6, 1, 1], 0.4, [0.4, 0.4, 0.1, 0.1]),
        ([1, 1, 1, 1], 0.25, [0.25, 0.25, 0.25, 0.25]),
        ([5, 3, 2], 0.9, [0.5, 0.3, 0.2]),
        ([9, 1, 0], 0.5, [0.5, 0.5, 0.0]),
    ],
)
def test_the_cap_fills_like_water(shares: list[float], cap: float, expected: list[float]) -> None:
    assert list(capped(np.array(shares, float), cap)) == pytest.approx(expected)
