"""From a matrix to a ranking."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kendalltau

import ccgcii_methods
from ccgcii import Columns, Method, Ranking, Recipe, RecipeError, ScoreError, score

METHODS: dict[tuple[str, str], Method] = {
    (method.kind, method.name): method for method in ccgcii_methods.ccgcii_methods()
}
NAN = float("nan")
TREE = pd.DataFrame(
    [
        ("index", "", 1, 1.0, ""),
        ("reach", "index", 1, 3.0, ""),
        ("speed", "index", 1, 1.0, ""),
        ("documents", "reach", 1, 2.0, "count"),
        ("countries", "reach", 1, 1.0, "number"),
        ("latency", "speed", -1, 1.0, "hours"),
        ("early", "speed", 1, 1.0, "ratio"),
    ],
    columns=["id", "parent", "direction", "weight", "treatment"],
)
LEAVES = ["documents", "countries", "latency", "early"]
MATRIX = pd.DataFrame(
    [
        ["Beijing", 900.0, 40.0, 5.0, 0.5],
        ["Wuhan", 400.0, 30.0, 1.0, 0.9],
        ["Xiamen", 90.0, 10.0, 20.0, 0.2],
        ["Jinan", 10.0, 8.0, 40.0, 0.1],
    ],
    columns=["unit", *LEAVES],
).set_index("unit")

# The report's tables, as printed in thousandths: penetration, breadth, dynamism, responsiveness,
# index (CCGCII 2020, the seventeen cities with all five).
PRINTED = {
    "Beijing": (70672, 25633, 5855, 92796, 28582),
    "Wuhan": (44674, 5009, 3907, 95171, 17481),
    "Shanghai": (42010, 6992, 4041, 42038, 14525),
    "Guangzhou": (25528, 2810, 458, 56042, 7892),
    "Tianjin": (22457, 1279, 766, 83408, 6699),
    "Xiamen": (16660, 593, 1070, 53013, 6320),
    "Chengdu": (15891, 674, 700, 48874, 6256),
    "Chongqing": (14828, 799, 466, 72544, 6126),
    "Shenzhen": (11398, 1995, 209, 49758, 5971),
    "Dalian": (12589, 808, 1318, 52085, 5639),
    "Hangzhou": (10834, 491, 361, 46071, 4635),
    "Nanjing": (10692, 620, 456, 43049, 4608),
    "Harbin": (10113, 483, 287, 36925, 4257),
    "Xi'an": (9217, 463, 289, 35247, 3983),
    "Dongguan": (3561, 1564, 286, 34068, 3128),
    "Jinan": (5754, 442, 370, 35817, 3078),
    "Zhengzhou": (7279, 438, 404, 39314, 2933),
}


def ranked(matrix: pd.DataFrame = MATRIX, recipe: str | Recipe = "ccgcii-2020") -> Ranking:
    return score(matrix, TREE, recipe, methods=METHODS)


def said(ranking: Ranking) -> str:
    return "\n".join(map(str, ranking.notes))


def test_the_published_order_comes_back_from_the_published_dimensions() -> None:
    dimensions = ["penetration", "breadth", "dynamism", "responsiveness"]
    printed = pd.DataFrame.from_dict(PRINTED, orient="index", columns=[*dimensions, "printed"])
    tree = pd.DataFrame({"id": ["index", *dimensions], "parent": ["", *["index"] * 4]})
    recipe = Recipe.load("ccgcii-2020").with_overrides({"normalisation": "none"})
    ranking = score(printed.drop(columns="printed"), tree, recipe, methods=METHODS)
    assert kendalltau(ranking.index, printed["printed"])[0] >= 0.94
    assert [round(ranking.weights[name], 2) for name in dimensions] == [0.15, 0.51, 0.31, 0.03]


def test_the_best_everywhere_gets_a_hundred_and_the_worst_zero() -> None:
    matrix = MATRIX.assign(early=[0.5, 0.4, 0.2, 0.1], latency=[1.0, 5.0, 20.0, 40.0])
    index = ranked(matrix).index
    assert index["Beijing"] == pytest.approx(100.0)
    assert index["Jinan"] == 0.0


def test_siblings_weights_sum_to_one_and_leaves_weights_to_the_whole() -> None:
    ranking = ranked()
    assert ranking.weights["reach"] + ranking.weights["speed"] == pytest.approx(1.0)
    assert ranking.weights["documents"] + ranking.weights["countries"] == pytest.approx(1.0)
    assert sum(ranking.overall_weights.values()) == pytest.approx(1.0)
    assert "index" not in ranking.weights


def test_every_node_is_the_weighted_mean_of_its_children() -> None:
    ranking = ranked()
    mean = sum(ranking.nodes[leaf] * ranking.overall_weights[leaf] for leaf in LEAVES)
    assert np.allclose(mean, ranking.index)


def test_a_stored_recipe_scores_the_same_digits_again() -> None:
    first = ranked(recipe="robust")
    stored = json.loads(json.dumps(first.recipe.to_dict()))
    again = ranked(recipe=Recipe.from_dict(stored))
    assert json.dumps(again.to_dict()) == json.dumps(first.to_dict())


def test_the_plain_data_is_sorted_by_rank_and_is_json() -> None:
    data = json.loads(json.dumps(ranked().to_dict(), allow_nan=False))
    assert list(data) == ["recipe", "weights", "units"]
    assert [unit["rank"] for unit in data["units"]] == [1, 2, 3, 4]
    assert list(data["units"][0]) == ["unit", "index", "rank", "nodes"]
    assert set(data["units"][0]["nodes"]) == set(TREE["id"])


def test_equal_units_share_the_better_rank() -> None:
    matrix = MATRIX.copy()
    matrix.loc["Xiamen"] = matrix.loc["Wuhan"]
    ranks = ranked(matrix).ranks
    assert ranks["Wuhan"] == ranks["Xiamen"]
    assert sorted(ranks) in ([1, 2, 2, 4], [1, 1, 3, 4])


def test_a_unit_without_any_value_has_no_score_and_stands_last() -> None:
    matrix = pd.concat([pd.DataFrame(NAN, index=["Nowhere"], columns=LEAVES), MATRIX])
    last = ranked(matrix).to_dict()["units"][-1]
    assert (last["unit"], last["index"], last["rank"]) == ("Nowhere", None, None)
    assert all(value is None for value in last["nodes"].values())
    kept = ranked(matrix).index.drop("Nowhere")
    assert np.allclose(kept, ranked().index)


def test_missing_is_never_zero() -> None:
    gap, zero = MATRIX.copy(), MATRIX.copy()
    gap.loc["Beijing", "early"] = NAN
    zero.loc["Beijing", "early"] = 0.0
    recipe = Recipe.load("ccgcii-2020").with_overrides({"minimum_present": 0.1})
    missing, counted = ranked(gap, recipe), ranked(zero, recipe)
    assert missing.nodes["speed"]["Beijing"] == pytest.approx(missing.nodes["latency"]["Beijing"])
    assert missing.index["Beijing"] > counted.index["Beijing"]
    assert "speed: missing cells masked" in said(missing)


def test_a_unit_with_too_little_of_the_weight_has_no_score_at_that_node() -> None:
    gap = MATRIX.copy()
    gap.loc["Beijing", "early"] = NAN
    strict = Recipe.load("ccgcii-2020").with_overrides({"minimum_present": 1.0})
    ranking = ranked(gap, strict)
    assert np.isnan(ranking.nodes["speed"]["Beijing"])
    assert np.isnan(ranking.index["Beijing"])
    assert "speed: 1 of 4 units not scored" in said(ranking)


def test_an_indicator_nobody_has_weighs_nothing_and_is_never_made_up() -> None:
    recipe = Recipe.load("ccgcii-2020").with_overrides({"imputation": "mean"})
    ranking = ranked(MATRIX.assign(early=NAN), recipe)
    assert ranking.weights["early"] == 0.0
    assert ranking.weights["latency"] == 1.0
    assert ranking.stages.imputed["early"].isna().all()
    assert "early: left out: not measured for any unit" in said(ranking)


def test_an_indicator_few_units_have_is_left_out_with_its_cover() -> None:
    gap = MATRIX.assign(early=[0.5, 0.9, NAN, NAN])
    ranking = ranked(gap)
    assert ranking.weights["early"] == 0.0
    assert "early: left out: measured for 50% of the units, less than 65%" in said(ranking)
    kept = ranked(gap, Recipe.load("ccgcii-2020").with_overrides({"minimum_cover": 0.5}))
    assert kept.weights["early"] > 0


def test_a_dimension_nobody_has_leaves_its_weight_to_the_others() -> None:
    ranking = ranked(MATRIX.assign(early=NAN, latency=NAN))
    assert ranking.weights["speed"] == 0.0
    assert ranking.weights["reach"] == 1.0
    assert np.allclose(ranking.index, ranking.nodes["reach"])


def test_an_indicator_that_the_scale_knows_nothing_of_leaves_its_weight_to_the_others() -> None:
    posts = {leaf: [0.0, 1000.0] for leaf in LEAVES} | {"early": []}
    goalposts = {"normalisation": {"method": "goalposts", "posts": posts}, "weighting": "equal"}
    ranking = score(MATRIX, TREE, Recipe.load("ccgcii-2020").with_overrides(goalposts))
    assert ranking.weights["early"] == 0
    assert ranking.weights["latency"] == 1
    assert [str(n) for n in ranking.notes if n.where == "early"] == [
        "early: left out: no unit has a value after normalisation"
    ]


@pytest.mark.parametrize(
    "override",
    [
        {"normalisation.upper": float("nan")},
        {"normalisation.lower": float("-inf")},
        {"treatment": [{"method": "boxcox", "power": float("inf")}]},
        {"normalisation": {"method": "goalposts", "posts": {"early": [0, float("inf")]}}},
    ],
)
def test_an_option_that_is_no_finite_number_is_refused(override: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match=r"is not a finite number"):
        score(MATRIX, TREE, Recipe.load("ccgcii-2020").with_overrides(override))


def test_constant_and_imputed_and_treated_cells_are_noted() -> None:
    recipe = Recipe.load("equal").with_overrides({"imputation": "median"})
    gap = MATRIX.assign(countries=7.0)
    gap.loc["Jinan", "latency"] = NAN
    notes = said(ranked(gap, recipe))
    assert "countries: constant: it tells no unit from another" in notes
    assert "latency: 1 of 4 cells imputed" in notes
    assert "documents: 4 of 4 cells treated" in notes


def test_a_note_that_travels_with_the_table_is_kept_once() -> None:
    recipe = Recipe.load("ccgcii-2020").with_overrides({"treatment": '["log1p", "none"]'})
    ranking = score(MATRIX, TREE.drop(columns="treatment"), recipe, methods=METHODS)
    assert said(ranking).count("log1p touched nothing") == 1


def test_where_nothing_varies_there_is_a_warning_and_one_rank() -> None:
    flat = pd.DataFrame(3.0, index=MATRIX.index, columns=LEAVES)
    ranking = ranked(flat)
    assert list(ranking.ranks) == [1, 1, 1, 1]
    assert any(note.warning and "equal weights" in note.text for note in ranking.notes)


def test_weights_can_be_the_trees() -> None:
    recipe = Recipe.load("ccgcii-2020").with_overrides({"weighting": "given"})
    assert ranked(recipe=recipe).weights["reach"] == 0.75


def test_one_node_can_be_weighed_and_aggregated_its_own_way() -> None:
    recipe = Recipe.load("equal").with_overrides(
        {"nodes.reach.weighting": "given", "nodes.reach.aggregation": "harmonic"}
    )
    ranking = ranked(recipe=recipe)
    assert ranking.weights["documents"] == pytest.approx(2 / 3)
    assert ranking.weights["latency"] == 0.5
    arithmetic = ranking.nodes[["documents", "countries"]] @ np.array([2 / 3, 1 / 3])
    assert ranking.nodes["reach"]["Xiamen"] < arithmetic["Xiamen"]


def test_a_level_rule_that_a_flat_tree_cannot_use_is_said() -> None:
    flat = pd.DataFrame({"id": ["index", "a", "b"], "parent": ["", "index", "index"]})
    matrix = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 1, 2]}, index=list("xyz"))
    ranking = score(matrix, flat, "equal", methods=METHODS)
    assert "levels.top is not used" in said(ranking)
    assert ranking.index["x"] == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ({"weighting": "entrpy"}, "unknown weighting 'entrpy'; did you mean 'entropy'"),
        ({"normalisation.uper": 1}, "unknown option 'uper'; did you mean 'upper'"),
        ({"normalisation.upper": "high"}, "upper='high' is not like its default 100.0"),
        ({"aggregation.floor": 1}, "unknown option 'floor'; it has no options"),
        ({"nodes.raech.weighting": "equal"}, "no node with children.*did you mean 'reach'"),
        ({"levels.3.weighting": "equal"}, "above the tree's top, level 2"),
        ({"imputation.units": 1}, "unknown option 'units'"),
    ],
)
def test_what_a_recipe_asks_in_vain_is_refused(override: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        ranked(recipe=Recipe.load("ccgcii-2020").with_overrides(override))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (
            MATRIX.drop(columns="early").assign(eraly=1.0),
            "'early' of the tree; did you mean 'eraly'",
        ),
        (pd.concat([MATRIX, MATRIX]), "unit 'Beijing' twice"),
        (pd.concat([MATRIX, MATRIX], axis=1), "column 'documents' twice"),
        (MATRIX.assign(early=["a", "b", "c", "d"]), "unit 'Beijing', indicator 'early': 'a'"),
        (MATRIX.assign(early=float("inf")), "not a finite number"),
        (MATRIX.iloc[:0], "no units"),
        (MATRIX.iloc[:1], "normalisation: normalisation minmax: one unit"),
    ],
)
def test_what_cannot_be_scored_is_refused(matrix: pd.DataFrame, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        ranked(matrix)


def test_whole_numbers_and_a_unit_column_are_as_good() -> None:
    whole = MATRIX.reset_index().astype({"documents": "int64", "countries": "Int64"})
    assert ranked(whole).index.equals(ranked().index)


def test_a_method_that_breaks_or_lies_is_named() -> None:
    def breaks(values: np.ndarray, _columns: Columns) -> np.ndarray:
        """Break."""
        raise ZeroDivisionError(str(values.shape))

    def lies(values: np.ndarray, _columns: Columns) -> np.ndarray:
        """Give everything to everyone."""
        return np.ones(values.shape[1])

    for function, message in ((breaks, "ZeroDivisionError"), (lies, "in all 1")):
        methods = METHODS | {("weighting", "odd"): Method("weighting", "odd", function)}
        recipe = Recipe.load("ccgcii-2020").with_overrides({"weighting": "odd"})
        with pytest.raises(ScoreError, match=message):
            score(MATRIX, TREE, recipe, methods=methods)


values = arrays(float, (6, 4), elements=st.integers(0, 50).map(float))


@settings(max_examples=40, deadline=None)
@given(values, st.permutations(range(6)), st.sampled_from(["ccgcii-2020", "robust", "equal"]))
def test_the_order_of_units_does_not_matter(
    cells: np.ndarray, order: list[int], recipe: str
) -> None:
    matrix = pd.DataFrame(cells, index=list("abcdef"), columns=LEAVES)
    straight, mixed = ranked(matrix, recipe), ranked(matrix.iloc[order], recipe)
    assert np.allclose(mixed.index[matrix.index], straight.index, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(values, st.floats(0.01, 100), st.floats(-10, 10))
def test_the_unit_of_measurement_of_an_indicator_does_not_matter(
    cells: np.ndarray, factor: float, shift: float
) -> None:
    matrix = pd.DataFrame(cells, index=list("abcdef"), columns=LEAVES)
    other = matrix.assign(latency=matrix["latency"] * factor + shift)
    assert np.allclose(ranked(other).index, ranked(matrix).index, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(values, st.sampled_from(["ccgcii-2020", "robust", "equal"]))
def test_scores_stay_on_the_scale(cells: np.ndarray, recipe: str) -> None:
    ranking = ranked(pd.DataFrame(cells, index=list("abcdef"), columns=LEAVES), recipe)
    assert ranking.nodes.min().min() >= 0
    assert ranking.nodes.max().max() <= 100 + 1e-9
