"""References and goalposts: what stays the same from year to year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ccgcii import Columns, ScoreError
from ccgcii_methods.normalisations import minmax
from ccgcii_methods.yardsticks import goalposts, reference

UNITS = pd.DataFrame(index=["Beijing", "Wuhan", "Jinan"])
VALUES = np.array([[10.0, 1.0], [6.0, 5.0], [2.0, 9.0]])
COLUMNS = Columns.of("documents", "latency", directions=(1, -1), units=UNITS)


def test_the_way_from_the_worst_to_a_unit_is_measured() -> None:
    scores = reference(VALUES, COLUMNS, unit="Wuhan")
    assert scores.tolist() == [[200.0, 200.0], [100.0, 100.0], [0.0, 0.0]]


def test_the_reference_can_be_a_value_and_is_the_best_unit_otherwise() -> None:
    scores = reference(VALUES, COLUMNS, targets={"documents": 18.0})
    assert scores[:, 0].tolist() == [50.0, 25.0, 0.0]
    assert (scores[:, 1] == minmax(VALUES, COLUMNS)[:, 1]).all()
    assert (reference(VALUES, COLUMNS) == minmax(VALUES, COLUMNS)).all()


def test_constant_columns_and_missing_cells_are_as_in_minmax() -> None:
    values = np.array([[3.0, np.nan], [3.0, 5.0], [np.nan, 9.0]])
    scores = reference(values, COLUMNS, unit="Wuhan")
    assert np.array_equal(scores[:, 0], [0.0, 0.0, np.nan], equal_nan=True)
    assert np.isnan(scores[0, 1])
    assert np.array_equal(scores[:, 0], minmax(values, COLUMNS)[:, 0], equal_nan=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "Wuham"}, "no unit 'Wuham' in the matrix; did you mean 'Wuhan'"),
        ({"unit": "Jinan"}, "for documents, latency the reference is missing or no better"),
        ({"targets": {"documents": 1.0}}, "for documents the reference is missing or no better"),
        ({"targets": {"document": 1.0}}, "targets.document is no indicator.*mean 'documents'"),
    ],
)
def test_a_reference_that_measures_nothing_is_refused(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(ScoreError, match=message):
        reference(VALUES, COLUMNS, **options)  # type: ignore[arg-type]  # any option


POSTS = {"documents": [0, 8], "latency": [1, 9]}


def test_goalposts_stay_and_what_is_beyond_is_kept_and_noted() -> None:
    columns = Columns.of("documents", "latency", directions=(1, -1))
    scores = goalposts(VALUES, columns, posts=POSTS)
    assert scores.tolist() == [[125.0, 100.0], [75.0, 50.0], [25.0, 0.0]]
    assert columns.remarks == [("1 cells lie beyond the goalposts and are kept", False)]


def test_goalposts_can_clamp_and_one_unit_is_enough() -> None:
    assert goalposts(VALUES[:1], COLUMNS, posts=POSTS, beyond="clamp").tolist() == [[100.0, 100.0]]


def test_equal_posts_give_the_lower_end_and_empty_ones_stay_missing() -> None:
    scores = goalposts(VALUES, COLUMNS, posts={"documents": [4, 4], "latency": []})
    assert scores[:, 0].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(scores[:, 1]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"posts": {"documents": [0, 8]}}, "has none for latency"),
        ({"posts": POSTS | {"latncy": [0, 1]}}, "latncy is no indicator.*mean 'latency'"),
        ({"posts": POSTS | {"latency": [9, 1]}}, r"latency = \[9, 1\] is not"),
        ({"posts": POSTS | {"latency": 9}}, "latency = 9 is not"),
        ({"posts": POSTS, "beyond": "cut"}, "neither keep nor clamp"),
    ],
)
def test_posts_that_are_none_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        goalposts(VALUES, COLUMNS, **options)  # type: ignore[arg-type]  # any option
