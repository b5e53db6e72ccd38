"""What a recipe says of single indicators, and what it keeps from a base year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii import Recipe, RecipeError, ScoreError, score
from ccgcii.scoring import Tree
from ccgcii.scoring.freezing import freeze

if TYPE_CHECKING:
    from ccgcii import Method, Ranking

    Methods = dict[tuple[str, str], Method]

TREE = Tree.from_table(
    pd.DataFrame(
        [
            ("index", "", 1, ""),
            ("reach", "index", 1, ""),
            ("speed", "index", 1, ""),
            ("documents", "reach", 1, "count"),
            ("authors", "reach", 1, "count"),
            ("latency", "speed", -1, "hours"),
            ("early", "speed", 1, "ratio"),
        ],
        columns=["id", "parent", "direction", "treatment"],
    )
)
YEAR = pd.DataFrame(
    [[900.0, 40, 5, 0.5], [400, 30, 1, 0.9], [90, 10, 20, 0.2], [10, 8, 40, 0.1]],
    index=pd.Index(["Beijing", "Wuhan", "Xiamen", "Jinan"], name="unit"),
    columns=TREE.leaves,
)
BASE = {
    "treatment": "log1p",
    "normalisation": "minmax",
    "weighting": "entropy",
    "aggregation": "arithmetic",
}


def ranked(methods: Methods, changes: dict[str, Any], matrix: pd.DataFrame = YEAR) -> Ranking:
    return score(matrix, TREE, Recipe.from_dict(BASE | changes), methods=methods)


def test_one_indicator_is_treated_its_own_way(methods: Methods) -> None:
    own = {"documents": {"treatment": "none"}, "early": {"treatment": [{"method": "winsorise"}]}}
    treated = ranked(methods, {"indicators": own}).stages.treated
    assert list(treated["documents"]) == list(YEAR["documents"])
    assert list(treated["authors"]) == list(np.log1p(YEAR["authors"]))
    assert list(treated["early"]) == list(YEAR["early"])


def test_an_indicator_can_have_a_longer_chain_than_the_others(methods: Methods) -> None:
    chain = ["log1p", {"method": "boxcox", "skew": 0.0, "kurtosis": -9.0, "power": 2.0}]
    stages = ranked(methods, {"indicators": {"documents": {"treatment": chain}}}).stages
    first, second = stages.treatments
    assert list(first["documents"]) == list(np.log1p(YEAR["documents"]))
    assert second.drop(columns="documents").equals(first.drop(columns="documents"))
    assert not second["documents"].equals(first["documents"])
    assert stages.treated.equals(second)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"indicators": {"document": {"treatment": "none"}}}, "no indicator.*mean 'documents'"),
        ({"indicators": {"reach": {"treatment": "none"}}}, "no indicator of the tree"),
        ({"indicators": {"early": {"treatmnt": "none"}}}, "did you mean 'treatment'"),
        ({"indicators": {"early": {"treatment": "log1"}}}, "did you mean 'log1p'"),
        ({"indicators": {"early": "none"}}, "give a table"),
        ({"weights": {"eraly": 0.5}}, "no node below the root; did you mean 'early'"),
        ({"weights": {"index": 1.0}}, "no node below the root"),
        ({"weights": {"early": 1.0}}, "names early but not latency, also below speed"),
        ({"weights": {"early": 0.5, "latency": 0.4}}, "below speed sum to 0.9, not to 1"),
        ({"weights": {"early": 50}}, "50 is not a weight from 0 to 1"),
        ({"weighting": {"method": "blend", "objective": "critc"}}, "did you mean 'critic'"),
        (
            {"weighting": {"method": "blend", "prior": {"method": "ahp", "matrix": []}}},
            "unknown option 'matrix'",
        ),
        ({"normalisation": {"method": "goalposts", "posts": [1, 2]}}, "is not like its default"),
    ],
)
def test_what_fits_no_tree_or_method_is_refused(
    methods: Methods, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(RecipeError, match=message):
        ranked(methods, changes)


def test_frozen_weights_stand_in_for_the_weighting(methods: Methods) -> None:
    ranking = ranked(methods, {"weights": {"documents": 0.9, "authors": 0.1}})
    assert (ranking.weights["documents"], ranking.weights["authors"]) == (0.9, 0.1)
    assert ranking.weights["early"] not in (0.5, 1.0)


def test_what_is_left_out_leaves_its_frozen_weight_and_that_is_said(methods: Methods) -> None:
    frozen = {"weights": {"latency": 0.8, "early": 0.2}}
    ranking = ranked(methods, frozen, YEAR.assign(latency=np.nan))
    assert ranking.weights["early"] == 1.0
    ranking = ranked(
        methods, {"weights": {"latency": 1.0, "early": 0.0}}, YEAR.assign(latency=np.nan)
    )
    assert ranking.weights["speed"] == 0.0
    assert any("frozen weights of early are all 0" in note.text for note in ranking.notes)


def test_a_frozen_year_scores_itself_to_the_same_digits(methods: Methods) -> None:
    first = ranked(methods, {})
    again = score(YEAR, TREE, freeze(first), methods=methods)
    assert np.allclose(again.nodes, first.nodes, rtol=0, atol=1e-12)
    stored = Recipe.from_dict(freeze(first).to_dict())
    assert score(YEAR, TREE, stored, methods=methods).to_dict() == again.to_dict()


def test_a_year_of_growth_shows_on_the_base_years_scale(methods: Methods) -> None:
    base = ranked(methods, {"treatment": "none"})
    grown = YEAR.assign(documents=YEAR["documents"] * 2)
    later = score(grown, TREE, base.freeze(), methods=methods)
    assert later.weights == pytest.approx(base.weights)
    assert later.nodes["documents"]["Beijing"] == pytest.approx(100 * (1800 - 10) / 890)
    assert (later.index > base.index).all()
    fresh = ranked(methods, {"treatment": "none"}, grown)
    assert np.allclose(fresh.index, base.index)


@pytest.mark.parametrize("mean", ["geometric", "harmonic"])
def test_who_falls_below_the_worst_of_the_base_year_takes_the_floor(
    methods: Methods, mean: str
) -> None:
    base = ranked(methods, {"levels": {"top": {"aggregation": mean}}})
    worst = YEAR.assign(latency=YEAR["latency"] * 9, early=YEAR["early"] - 1)
    later = score(worst, TREE, base.freeze(), methods=methods)
    below = later.nodes["speed"] < 0
    assert below.any()
    assert later.index[below].notna().all()
    plain = base.freeze().with_overrides({"levels.top.aggregation": mean})
    with pytest.raises(ScoreError, match=f"negative scores have no {mean} mean"):
        score(worst, TREE, plain, methods=methods)


def test_an_indicator_unknown_in_the_base_year_stays_out(methods: Methods) -> None:
    frozen = ranked(methods, {}, YEAR.assign(early=np.nan)).freeze()
    later = score(YEAR, TREE, frozen, methods=methods)
    assert later.weights["early"] == 0.0
    assert later.nodes["early"].isna().all()
    assert later.index.notna().all()


def test_an_indicator_of_the_base_year_stays_in_however_few_it_is_known_for(
    methods: Methods,
) -> None:
    base = ranked(methods, {"minimum_cover": 0.65})
    thinner = YEAR.assign(early=[0.5, 0.9, np.nan, np.nan])
    later = score(thinner, TREE, base.freeze(), methods=methods)
    assert later.weights == pytest.approx(base.weights)
    assert later.index["Beijing"] == pytest.approx(base.index["Beijing"])
    assert ranked(methods, {"minimum_cover": 0.65}, thinner).weights["early"] == 0


def test_ranks_have_no_goalposts_to_freeze(methods: Methods) -> None:
    with pytest.raises(RecipeError, match="'rank' has no goalposts"):
        ranked(methods, {"normalisation": "rank"}).freeze()


@pytest.mark.parametrize(
    "changes",
    [{"treatment": "boxcox"}, {"indicators": {"early": {"treatment": ["log1p", "boxcox"]}}}],
)
def test_a_scale_of_one_year_only_is_not_frozen(methods: Methods, changes: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="'boxcox' is of one year's scale"):
        ranked(methods, changes).freeze()


def test_the_weights_on_their_way_are_kept_by_node(methods: Methods) -> None:
    weighing = ranked(methods, {"weighting": "blend"}).weighing
    assert list(weighing) == ["reach", "speed", "index"]
    table = weighing["reach"]
    assert list(table.columns) == ["raw", "capped", "prior", "final"]
    assert list(table.index) == ["documents", "authors"]
    assert np.allclose(table["final"], 0.5 * table["capped"] + 0.5 * table["prior"])
    assert list(ranked(methods, {}).weighing["reach"].columns) == ["final"]


def test_a_blend_recipe_survives_storage(methods: Methods) -> None:
    blend = {"method": "blend", "objective": {"method": "critic"}, "prior": "equal"}
    recipe = Recipe.from_dict(BASE | {"weighting": blend})
    assert Recipe.from_dict(recipe.to_dict()) == recipe
    first = score(YEAR, TREE, recipe, methods=methods)
    reach = first.weighing["reach"]
    assert np.allclose(reach["final"], 0.5 * reach["raw"] + 0.25)


LONG = pd.DataFrame(
    {
        "documents": [10.0, 20, 25, 30, 35, 40, 45, 5_000],
        "authors": [3.0, 4, 5, 6, 7, 8, 9, 9],
        "latency": [1.0, 2, 3, 4, 5, 6, 7, 8],
        "early": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
    },
    index=pd.Index([f"city {number}" for number in range(8)], name="unit"),
)


@pytest.mark.parametrize(
    "treatment",
    [
        {"treatment": ["log1p", "winsorise"]},
        {"treatment": "none", "indicators": {"documents": {"treatment": "winsorise"}}},
    ],
)
def test_outliers_of_a_later_year_move_nobody_else(
    methods: Methods, treatment: dict[str, object]
) -> None:
    base = ranked(methods, treatment, LONG)
    assert base.stages.treated["documents"]["city 7"] == base.stages.treated["documents"]["city 6"]
    frozen = Recipe.from_dict(base.freeze().to_dict())
    again = score(LONG, TREE, frozen, methods=methods)
    assert np.allclose(again.nodes, base.nodes, rtol=0, atol=1e-12)
    later = LONG.copy()
    later.loc["city 7", ["documents", "early"]] = [9_000, 5.0]
    moved = score(later, TREE, frozen, methods=methods)
    others = LONG.index[:-1]
    assert np.allclose(moved.nodes.loc[others], base.nodes.loc[others], rtol=0, atol=1e-12)
    # Nor is the later year looked at for outliers of its own: of `early` the base year had none.
    assert moved.nodes.loc["city 7", "early"] == pytest.approx(100 * (5 - 0.1) / 0.7)
    # A value is cut to the same limit in both years.
    assert moved.nodes.loc["city 7", "documents"] == 100


def test_logarithms_that_start_from_a_years_least_value_cannot_be_frozen(methods: Methods) -> None:
    # So low a limit is met by no column after one cell.
    step = {"method": "winsorise", "points": 1, "skew": 0.5, "kurtosis": -9.0, "then": "log"}
    longer = LONG.assign(documents=[1.0, 2, 3, 4, 5, 6, 3_000, 5_000])
    base = ranked(methods, {"treatment": [step]}, longer)
    with pytest.raises(RecipeError, match="logarithms of documents"):
        base.freeze()


def test_a_cut_names_indicators_and_gives_numbers(methods: Methods) -> None:
    with pytest.raises(ScoreError, match=r"high.document is no indicator.* mean 'documents'"):
        ranked(methods, {"treatment": {"method": "cut", "high": {"document": 7}}}, LONG)
    with pytest.raises(ScoreError, match=r"low.early = 'x' is no number"):
        ranked(methods, {"treatment": {"method": "cut", "low": {"early": "x"}}}, LONG)
