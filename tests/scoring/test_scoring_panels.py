"""The experts' layer: other panels, drawn from those who were asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ccgcii import Recipe, ScoreError, score
from ccgcii.scoring import Node, Tree
from ccgcii.scoring.opinions import Case, Opinion
from ccgcii.scoring.panels import has_panel, vary_experts
from ccgcii.scoring.registry import installed_methods

TREE = Tree((Node("index"), Node("a", "index"), Node("b", "index")))
MATRIX = pd.DataFrame({"a": [10.0, 9.0, 0.0], "b": [0.0, 2.0, 10.0]}, index=["x", "y", "z"])
PLAIN = {"name": "plain", "normalisation": "minmax", "weighting": "equal"}
BUDGET = {
    "method": "budget",
    "experts": {"Li": {"a": 90, "b": 10}, "Wu": {"a": 10, "b": 90}, "Xu": {"a": 50, "b": 50}},
}


def recipe(**changes: object) -> Recipe:
    return Recipe.from_dict({**PLAIN, "aggregation": "arithmetic", **changes}, "test")


def opinions(*factors: float) -> list[Opinion]:
    cases = {Case("x", "index", ""): factors, Case("y", "index", ""): (1.0,) * len(factors)}
    return [
        Opinion(case, factor, "because", ("1",), f"expert {number}", 1, "test")
        for case, own in cases.items()
        for number, factor in enumerate(own)
    ]


def test_experts_who_say_the_same_move_nothing() -> None:
    ranking = score(MATRIX, TREE, recipe())
    table = vary_experts(ranking, opinions(1.1, 1.1, 1.1), draws=50).table()
    assert (table["low"] == table["high"]).all()
    assert table.loc["x", "rank"] == ranking.ranks["x"] - 1  # lifted past y


def test_experts_who_differ_widen_the_ranks() -> None:
    ranking = score(MATRIX, TREE, recipe())
    table = vary_experts(ranking, opinions(0.9, 1.0, 1.1), draws=200).table()
    assert (table["low"]["x"], table["high"]["x"]) == (1, 3)


def test_budgets_of_points_are_a_panel_too() -> None:
    weighed = recipe(weighting=BUDGET)
    assert has_panel(weighed, ())
    table = vary_experts(score(MATRIX, TREE, weighed), draws=100).table()
    assert table.loc["z", "low"] == 1
    assert table.loc["z", "high"] == 3


def test_groups_beside_the_indicators_are_there_for_every_panel() -> None:
    grouped = {"method": "group_mean", "by": "region"}
    matrix = MATRIX.assign(region=["north", "north", "south"])
    matrix.loc["y", "a"] = float("nan")
    ranking = score(matrix, TREE, recipe(weighting=BUDGET, imputation=grouped))
    assert list(ranking.matrix["region"]) == ["north", "north", "south"]
    first, again = (score(each, TREE, ranking.recipe).index for each in (matrix, ranking.matrix))
    assert (first == again).all()
    drawn = vary_experts(ranking, opinions(0.9, 1.0, 1.1), draws=20)
    assert not np.isnan(drawn.scores).any()


def test_a_seed_gives_the_same_digits_again() -> None:
    ranking = score(MATRIX, TREE, recipe(weighting=BUDGET))
    first, again = (vary_experts(ranking, draws=20, seed=4).scores for _ in range(2))
    assert (first == again).all()


def test_without_experts_there_is_no_layer() -> None:
    ranking = score(MATRIX, TREE, recipe(), methods=installed_methods())
    with pytest.raises(ScoreError, match="no expert has adjusted"):
        vary_experts(ranking)
