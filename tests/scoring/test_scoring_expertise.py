"""Experts' weights: comparisons that hold together, points that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from ccgcii import ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    Weigh = Callable[..., Any]

NAMES = ["reach", "breadth", "speed"]
TABLE = pd.DataFrame([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0]], columns=NAMES)
CONSISTENT = [[1, 2, 4], ["1/2", 1, 2], ["1/4", "1/2", 1]]


def test_consistent_comparisons_give_their_ratios(weigh: Weigh) -> None:
    weights = weigh("ahp", TABLE, names=NAMES, pairwise=CONSISTENT)
    assert list(weights) == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert weights.attrs["notes"] == ["AHP consistency ratio 0.000"]


def test_a_child_left_out_leaves_its_row_and_column(weigh: Weigh) -> None:
    part = TABLE[["speed", "reach"]]
    weights = weigh("ahp", part, names=NAMES, pairwise=CONSISTENT)
    assert list(weights) == pytest.approx([0.2, 0.8])


def test_contradicting_comparisons_are_refused_with_their_ratio(weigh: Weigh) -> None:
    circular = [[1, 3, "1/3"], ["1/3", 1, 3], [3, "1/3", 1]]
    with pytest.raises(ScoreError, match=r"consistency ratio 1\.149, 0\.1 or more"):
        weigh("ahp", TABLE, names=NAMES, pairwise=circular)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "0 names, 0 rows"),
        ({"names": NAMES[:2], "pairwise": CONSISTENT}, "2 names, 3 rows"),
        ({"names": ["reach", "breath", "speed"], "pairwise": CONSISTENT}, "mean 'breath'"),
        ({"names": NAMES, "pairwise": [[1, 2], [1, 1, 1], [1, 1, 1]]}, "'reach' needs 3"),
        ({"names": NAMES, "pairwise": [[1, 2, 4], [1, 1, 2], ["1/4", "1/2", 1]]}, "other way"),
        ({"names": NAMES, "pairwise": [[1, "2/0", 4], [1, 1, 2], [1, 1, 1]]}, "no positive ratio"),
        ({"names": NAMES, "pairwise": [[1, -2, 4], [1, 1, 2], [1, 1, 1]]}, "no positive ratio"),
    ],
)
def test_what_is_no_comparison_is_refused(
    weigh: Weigh, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScoreError, match=message):
        weigh("ahp", TABLE, **options)


def test_points_are_averaged_over_experts(weigh: Weigh) -> None:
    experts = {
        "Li": {"reach": 60, "breadth": 20, "speed": 20},
        "Wu": {"reach": 40, "breadth": 40, "speed": 20},
    }
    weights = weigh("budget", TABLE, experts=experts)
    assert list(weights) == pytest.approx([0.5, 0.3, 0.2])
    assert "differ most on breadth (coefficient of variation 0.47)" in weights.attrs["notes"][0]
    assert list(weigh("budget", TABLE[["speed", "reach"]], experts=experts)) == pytest.approx(
        [2 / 7, 5 / 7]
    )


@pytest.mark.parametrize(
    ("experts", "message"),
    [
        ({}, "gives nobody's points"),
        ({"Li": {"reach": 60, "breadth": 20, "speed": 10}}, "'Li' sum to 90, not to 100"),
        ({"Li": {"reach": 60, "breath": 20, "speed": 20}}, "no points to breadth.*mean 'breath'"),
        ({"Li": {"reach": 120, "breadth": -20, "speed": 0}}, "numbers from 0 up"),
    ],
)
def test_points_that_do_not_add_up_are_refused(
    weigh: Weigh, experts: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScoreError, match=message):
        weigh("budget", TABLE, experts=experts)
