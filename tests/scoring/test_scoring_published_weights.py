"""Weights that papers print, from the matrices they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from ccgcii import ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    Weigh = Callable[..., Any]

# Elsayed, Dawood & Karthikeyan 2017, Int. J. Eng. Trends Technol. 46(2):60-66.
ELSAYED = [
    [7, 312, 1891, 6613, 163],
    [72, 88, 728, 941804, 1078],
    [10, 252, 2594, 3466, 117471],
    [10, 145, 980, 2371, 86329],
    [65, 54, 350, 501, 29897],
    [29, 48, 380, 912, 34051],
    [7, 476, 3300, 78470, 2212],
    [70, 87, 650, 733, 819000],
    [4, 86, 591, 3015, 103],
    [12, 79, 579, 3240, 96098],
    [21, 45, 261, 1253, 453],
    [1, 72, 530, 4333, 0.1048],
]
# Diakoulaki, Mavrotas & Papayannakis 1995, Computers & Operations Research 22(7):763-770.
DIAKOULAKI = [
    [61, 1.08, 4.33],
    [20.7, 0.26, 4.34],
    [16.3, 1.98, 2.53],
    [9, 3.29, 1.65],
    [5.4, 2.77, 2.33],
    [4, 4.12, 1.21],
    [-6.1, 3.52, 2.10],
    [-34.6, 3.31, 0.98],
]
# Tus & Adali 2019, Opsearch 56(2):528-538.
TUS_ADALI = [
    [5000, 3, 3, 4, 3, 2],
    [680, 5, 3, 2, 2, 1],
    [2000, 3, 2, 3, 4, 3],
    [600, 4, 3, 1, 2, 2],
    [800, 2, 4, 3, 3, 4],
]
# Jahan & Edwards 2013, Materials & Design 49:1000-1008.
JAHAN_EDWARDS = [
    [0, 0, 0],
    [0.39, 0.3, 0.77],
    [0.17, 0.36, 0.8],
    [0.35, 0.29, 0.93],
    [0.3, 0.4, 0.94],
    [0.84, 0.71, 1],
    [1, 1, 0.99],
]


# Wang & Chin 2011, Information Sciences 181(23):5240-5248, after Saaty's choice of a school. Its
# consistency ratio is 0.23: the weights are published, and we refuse them unless told not to.
WANG_CHIN = [
    [1, 4, 3, 1, 3, 4],
    ["1/4", 1, 7, 3, "1/5", 1],
    ["1/3", "1/7", 1, "1/5", "1/5", "1/6"],
    [1, "1/3", 5, 1, 1, "1/3"],
    ["1/3", 5, 5, 1, 1, 3],
    ["1/4", 1, 6, 3, "1/3", 1],
]
SCHOOL = ["learning", "friends", "life", "vocational", "college", "music"]
COMPARED = {"pairwise": WANG_CHIN, "names": SCHOOL, "limit": 0.25}


@pytest.mark.parametrize(
    ("name", "matrix", "published", "decimals"),
    [
        ("entropy", ELSAYED, [0.104991, 0.069124, 0.071373, 0.449937, 0.304575], 6),
        ("entropy", [[1, 2], [4, 16]], [0.358889, 0.641111], 6),
        ("critic", DIAKOULAKI, [0.20222554, 0.48090173, 0.31687273], 8),
        ("critic", TUS_ADALI, [0.157, 0.249, 0.168, 0.121, 0.154, 0.151], 3),
        ("standard_deviation", JAHAN_EDWARDS, [0.35, 0.31, 0.34], 2),
        ("ahp", [SCHOOL], [0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391], 4),
    ],
    ids=[
        "entropy: elsayed-2017",
        "entropy: two-by-two",
        "critic: diakoulaki-1995",
        "critic: tus-adali-2019",
        "deviation: jahan-edwards-2013",
        "ahp: wang-chin-2011",
    ],
)
def test_published_weights_come_back(
    weigh: Weigh, name: str, matrix: list[Any], published: list[float], decimals: int
) -> None:
    table = asked(SCHOOL) if name == "ahp" else pd.DataFrame(matrix, dtype=float)
    found = weigh(name, table, **(COMPARED if name == "ahp" else {}))
    assert [round(weight, decimals) for weight in found] == published


def test_the_published_comparisons_contradict_each_other(weigh: Weigh) -> None:
    with pytest.raises(ScoreError, match=r"consistency ratio 0\.229, 0\.1 or more"):
        weigh("ahp", asked(SCHOOL), names=SCHOOL, pairwise=WANG_CHIN)


def asked(names: list[str]) -> pd.DataFrame:
    """Return some table with these columns: experts do not look at the figures."""
    return pd.DataFrame([[1.0] * len(names), [2.0] * len(names)], columns=names)


def test_equal_weights_are_one_over_k(weigh: Weigh) -> None:
    assert list(weigh("equal", pd.DataFrame([[1, 2, 3, 5], [2, 3, 4, 8]]))) == [0.25] * 4


def test_given_weights_are_scaled_among_the_siblings(weigh: Weigh) -> None:
    matrix = pd.DataFrame({"a": [1.0], "b": [2.0]})
    assert list(weigh("given", matrix, [1.0, 3.0])) == [0.25, 0.75]
    with pytest.raises(ScoreError, match="no weight for b"):
        weigh("given", matrix, [1.0, float("nan")])
    with pytest.raises(ScoreError, match="all 0"):
        weigh("given", matrix, [0.0, 0.0])


@pytest.mark.parametrize("name", ["critic", "standard_deviation", "pca"])
def test_columns_without_variation_weigh_nothing(weigh: Weigh, name: str) -> None:
    matrix = pd.DataFrame({"still": [3.0, 3, 3], "up": [1.0, 2, 3], "down": [3.0, 1, 2]})
    assert weigh(name, matrix)["still"] == 0.0
    nothing = weigh(name, matrix[["still"]].assign(also=1.0))
    assert list(nothing) == [0.5, 0.5]
    assert nothing.attrs["warnings"]


@pytest.mark.parametrize("name", ["critic", "standard_deviation", "pca"])
def test_missing_cells_and_single_units_are_refused(weigh: Weigh, name: str) -> None:
    with pytest.raises(ScoreError, match="missing cells in a"):
        weigh(name, pd.DataFrame({"a": [1.0, None], "b": [1.0, 2.0]}))
    with pytest.raises(ScoreError, match="one unit"):
        weigh(name, pd.DataFrame({"a": [1.0], "b": [1.0]}))


def test_critic_falls_to_the_deviations_where_no_columns_conflict(weigh: Weigh) -> None:
    matrix = pd.DataFrame({"a": [1.0, 2, 4], "b": [2.0, 4, 8]})
    assert list(weigh("critic", matrix)) == pytest.approx([0.5, 0.5])


def test_principal_components_weigh_the_columns_that_go_together(weigh: Weigh) -> None:
    # Correlations r between a and b, 0 with c: eigenvalues 1 + r, 1, 1 - r; the last is dropped.
    a, c = [1.0, 1, -1, -1], [1.0, -1, 1, -1]
    b = [2 * x + y for x, y in zip(a, [1.0, -1, -1, 1], strict=True)]
    weights = weigh("pca", pd.DataFrame({"a": a, "b": b, "c": c}))
    r = 2 / 5**0.5
    half = (1 + r) / 2 / (2 + r)
    assert list(weights) == pytest.approx([half, half, 1 / (2 + r)])
    assert list(weigh("pca", pd.DataFrame({"a": a, "c": c}))) == pytest.approx([0.5, 0.5])


def test_principal_components_do_not_mind_scale_and_name_what_runs_contrary(weigh: Weigh) -> None:
    matrix = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [2.0, 3, 3, 6], "c": [9.0, 5, 4, 1]})
    huge = weigh("pca", matrix * [1e200, 1e-200, 1.0])
    assert list(huge) == pytest.approx(list(weigh("pca", matrix)))
    assert huge.attrs["warnings"] == ["against the first principal component: c"]
