"""Weights that papers print, from the matrices they print."""

from __future__ import annotations

import pandas as pd
import pytest

from ccgcii import ScoreError
from ccgcii_methods.entropy import entropy
from ccgcii_methods.weightings import critic, equal, given, standard_deviation

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


@pytest.mark.parametrize(
    ("weigh", "matrix", "published", "decimals"),
    [
        (entropy, ELSAYED, [0.104991, 0.069124, 0.071373, 0.449937, 0.304575], 6),
        (entropy, [[1, 2], [4, 16]], [0.358889, 0.641111], 6),
        (critic, DIAKOULAKI, [0.20222554, 0.48090173, 0.31687273], 8),
        (critic, TUS_ADALI, [0.157, 0.249, 0.168, 0.121, 0.154, 0.151], 3),
        (standard_deviation, JAHAN_EDWARDS, [0.35, 0.31, 0.34], 2),
    ],
    ids=["elsayed-2017", "two-by-two", "diakoulaki-1995", "tus-adali-2019", "jahan-edwards-2013"],
)
def test_published_weights_come_back(
    weigh: object, matrix: list[list[float]], published: list[float], decimals: int
) -> None:
    assert callable(weigh)
    weights = weigh(pd.DataFrame(matrix, dtype=float))
    assert [round(weight, decimals) for weight in weights] == published


def test_equal_weights_are_one_over_k() -> None:
    assert list(equal(pd.DataFrame([[1, 2, 3, 5], [2, 3, 4, 8]]))) == [0.25] * 4


def test_given_weights_are_scaled_among_the_siblings() -> None:
    matrix = pd.DataFrame({"a": [1.0], "b": [2.0]})
    assert list(given(matrix, given=pd.Series({"a": 1.0, "b": 3.0}))) == [0.25, 0.75]
    with pytest.raises(ScoreError, match="no weight for b"):
        given(matrix, given=pd.Series({"a": 1.0, "b": float("nan")}))
    with pytest.raises(ScoreError, match="all 0"):
        given(matrix, given=pd.Series({"a": 0.0, "b": 0.0}))


@pytest.mark.parametrize("weigh", [critic, standard_deviation])
def test_columns_without_variation_weigh_nothing(weigh: object) -> None:
    assert callable(weigh)
    matrix = pd.DataFrame({"still": [3.0, 3, 3], "up": [1.0, 2, 3], "down": [3.0, 1, 2]})
    assert weigh(matrix)["still"] == 0.0
    nothing = weigh(matrix[["still"]].assign(also=1.0))
    assert list(nothing) == [0.5, 0.5]
    assert nothing.attrs["warnings"]


@pytest.mark.parametrize("weigh", [critic, standard_deviation])
def test_missing_cells_and_single_units_are_refused(weigh: object) -> None:
    assert callable(weigh)
    with pytest.raises(ScoreError, match="missing cells in a"):
        weigh(pd.DataFrame({"a": [1.0, None], "b": [1.0, 2.0]}))
    with pytest.raises(ScoreError, match="one unit"):
        weigh(pd.DataFrame({"a": [1.0], "b": [1.0]}))


def test_critic_falls_to_the_deviations_where_no_columns_conflict() -> None:
    matrix = pd.DataFrame({"a": [1.0, 2, 4], "b": [2.0, 4, 8]})
    assert list(critic(matrix)) == pytest.approx([0.5, 0.5])
