"""How sure ranks are: statistics over rebuilds, and what moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii import Recipe, ScoreError, score
from ccgcii.scoring import Node, Tree
from ccgcii.scoring.factors import (
    Choice,
    Interval,
    LeftOut,
    channel_groups,
    draw,
    shaken_weights,
    usual_base,
    usual_factors,
)
from ccgcii.scoring.rankstats import RankStatistics, mean_shift, movement, rank_rows
from ccgcii.scoring.rebuilding import Rebuilder
from ccgcii.scoring.sensitivity import sensitivity
from ccgcii.scoring.uncertainty import (
    Experiment,
    leave_channels_out,
    leave_indicators_out,
    resample,
    vary_method,
)

if TYPE_CHECKING:
    from ccgcii import Method

    Methods = dict[tuple[str, str], Method]

NAN = float("nan")
LEAVES = [f"i{n}" for n in range(8)]
TREE = Tree(
    (
        Node("index"),
        Node("p", "index"),
        Node("q", "index"),
        *(Node(leaf, "p" if n < 4 else "q", 1, None, "count") for n, leaf in enumerate(LEAVES)),
    )
)
CHANNELS = {leaf: ("media",) if n % 4 == 0 else ("x", "media") for n, leaf in enumerate(LEAVES)}
STRENGTH = np.linspace(1, 6, 12)
MATRIX = pd.DataFrame(
    np.random.default_rng(5).poisson(np.exp(STRENGTH)[:, None], (12, 8)).astype(float),
    index=[f"city{n}" for n in range(12)],
    columns=LEAVES,
)


def experiment(methods: Methods, recipe: str = "ccgcii-2020", **known: Any) -> Experiment:
    return Experiment.of(
        MATRIX, TREE, Recipe.load(recipe), channels=CHANNELS, methods=methods, **known
    )


def test_ranks_count_from_the_highest_and_share_the_better_place() -> None:
    ranks = rank_rows(np.array([[5.0, 7, 7 + 1e-12, NAN, 1]]))
    assert np.array_equal(ranks, [[3, 1, 1, NAN, 4]], equal_nan=True)


def test_the_shift_is_over_the_units_ranked_both_times() -> None:
    ranks = np.array([[1.0, 4, NAN], [NAN, NAN, NAN]])
    assert mean_shift(ranks, np.array([2.0, 1, 3])).tolist() == [2.0, 0.0]


def test_one_unit_alone_has_no_tau() -> None:
    found = movement(("a", "b"), np.array([5.0, np.nan]), np.array([4.0, np.nan]))
    assert (found["tau"], found["mean_shift"]) == (None, 0.0)


def test_dust_in_the_last_digits_is_no_disagreement() -> None:
    before = np.array([5.0, 3, 3 + 1e-12, 1])
    found = movement(("a", "b", "c", "d"), before, np.array([5.0, 3 + 1e-12, 3, 1]))
    assert found == {"mean_shift": 0.0, "max_shift": 0.0, "most_moved": "", "tau": 1.0}


def test_the_table_says_interval_tops_and_who_is_above_whom() -> None:
    scores = np.array([[9.0, 5, 1]] * 8 + [[5.0, 9, 1], [5.0, 5, NAN]])
    table = RankStatistics(("a", "b", "c"), np.array([9.0, 5, 1]), scores).table()
    assert list(table.index) == ["a", "b", "c"]
    assert list(table["rank"]) == [1, 2, 3]
    assert list(table["median"]) == [1.0, 2.0, 3.0]
    assert (table.loc["a", "low"], table.loc["a", "high"]) == (1.0, 2.0)
    assert table.loc["c", "top10"] == 0.9
    assert table.loc["a", "above_next"] == pytest.approx(0.85)
    assert table.loc["b", "above_next"] == 1.0
    assert table["above_next"].isna()["c"]


def test_a_unit_without_a_score_stands_last_and_has_nothing() -> None:
    scores = np.array([[NAN, 2.0], [NAN, 2.0]])
    rows = RankStatistics(("nowhere", "here"), np.array([NAN, 2.0]), scores).to_dict()
    assert [row["unit"] for row in rows] == ["here", "nowhere"]
    assert (rows[1]["rank"], rows[1]["median"], rows[1]["top10"]) == (None, None, 0.0)
    assert rows[0]["above_next"] is None


def test_factors_cover_their_ends() -> None:
    choice, interval = Choice("c", "cap", (1, 2)), Interval("s", "share", 2.0, 4.0)
    assert [choice.at(u).entries["cap"] for u in (0.0, 0.49, 0.5, 1.0)] == [1, 1, 2, 2]
    assert interval.at(0.25).entries["share"] == 2.5
    out = LeftOut("channel", {"x": frozenset({"i1"})})
    assert [out.at(u).left_out for u in (0.1, 0.9)] == [frozenset(), frozenset({"i1"})]


def test_a_draw_brings_all_factors_together() -> None:
    shaken = shaken_weights(TREE, sets=3, spread=0.25, seed=1)
    drawn = draw((Choice("c", "cap", (1, 2)), shaken, shaken), (0.9, 0.0, 0.5))
    assert drawn.entries == {"cap": 2}
    assert drawn.noise is not None
    assert np.allclose(drawn.noise, shaken.sets[0] * shaken.sets[1])


def test_noise_on_weights_has_mean_one_and_the_spread_asked_for() -> None:
    sets = shaken_weights(TREE, sets=4000, spread=0.25, seed=1).sets
    assert sets.mean() == pytest.approx(1.0, abs=0.01)
    assert sets.std() == pytest.approx(0.25, abs=0.01)


def test_a_channel_takes_only_the_indicators_that_read_nothing_else() -> None:
    assert channel_groups(CHANNELS) == {"media": frozenset({"i0", "i4"})}


def test_the_usual_factors_hold_the_recipes_own_choices() -> None:
    robust = Recipe.load("robust")
    factors = {f.name: f for f in usual_factors(robust, TREE, CHANNELS, sets=9, seed=1)}
    assert [*factors] == [
        "treatment",
        "normalisation",
        "blend",
        "cap",
        "aggregation",
        "weights",
        "channel",
    ]
    own = [step.to_dict() for step in robust.treatment]
    assert factors["treatment"].at(0.9).entries["treatment"] == own
    assert usual_base(robust) is robust
    assert usual_base(Recipe.load("equal")).weighting.options["objective"]["method"] == "entropy"


def test_what_a_frozen_recipe_has_fixed_is_not_varied(methods: Methods) -> None:
    frozen = score(MATRIX, TREE, "ccgcii-2020", methods=methods).freeze()
    names = [f.name for f in usual_factors(frozen, TREE, {}, sets=9, seed=1)]
    assert names == ["aggregation", "weights"]
    assert usual_base(frozen) is frozen


def test_scores_below_zero_are_varied_without_what_they_have_not(methods: Methods) -> None:
    changes = {"normalisation": "zscore", "levels.top.aggregation": "arithmetic"}
    recipe = Recipe.load("equal").with_overrides(changes)
    own = Experiment.of(MATRIX, TREE, recipe, methods=methods)
    names = [factor.name for factor in own.factors]
    assert names == ["treatment", "normalisation", "aggregation", "weights"]
    table = vary_method(own, draws=60).table()
    assert table.index[0] == "city11"
    assert table["median"].notna().all()


@pytest.mark.parametrize("place", ["nodes.index", "levels.top", "levels.2"])
def test_the_aggregation_at_the_top_is_varied_wherever_the_recipe_says_it(place: str) -> None:
    said = {f"{place}.aggregation": {"method": "harmonic"}}
    recipe = Recipe.load("ccgcii-2020").with_overrides(said)
    factors = usual_factors(recipe, TREE, {}, sets=9, seed=1)
    top = next(factor for factor in factors if factor.name == "aggregation")
    drawn = [recipe.with_overrides(top.at(u).entries) for u in (0.0, 0.4, 0.9)]
    used = [own.rule("index", 2, is_top=True)[1].method for own in drawn]
    assert used == ["harmonic", "arithmetic", "geometric"]


@pytest.mark.parametrize("recipe", ["ccgcii-2020", "robust", "equal"])
def test_strong_units_stay_above_and_intervals_hold_the_nominal_rank(
    methods: Methods, recipe: str
) -> None:
    table = vary_method(experiment(methods, recipe), draws=100).table()
    assert table.index[0] == "city11"
    assert table.loc["city11", "low"] == 1
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert table["above_next"]["city11"] > 0.5
    assert (table["top10"] <= table["top30"]).all()


def test_the_same_seed_gives_the_same_digits(methods: Methods) -> None:
    first, again = (vary_method(experiment(methods), draws=40, seed=7).scores for _ in range(2))
    other = vary_method(experiment(methods), draws=40, seed=8).scores
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_draw_scores_as_its_recipe_does(methods: Methods) -> None:
    factors = (
        Choice("normalisation", "normalisation", ["minmax", "rank"]),
        Interval("blend", "weighting.share", 0.0, 1.0),
    )
    robust = Recipe.load("robust")
    own = Experiment.of(MATRIX, TREE, robust, factors=factors, methods=methods)
    changed = robust.with_overrides({"normalisation": "rank", "weighting.share": 0.25})
    expected = score(MATRIX, TREE, changed, methods=methods).index
    assert np.array_equal(own.index_at((0.7, 0.25)), expected)


def test_resampled_matrices_give_the_same_statistics(methods: Methods) -> None:
    generator = np.random.default_rng(1)
    draws = generator.poisson(MATRIX.to_numpy(), (50, *MATRIX.shape)).astype(float)
    draws[0, 3, :] = NAN
    statistics = resample(MATRIX, draws, TREE, Recipe.load("equal"), methods=methods)
    one = MATRIX.copy()
    one[:] = draws[7]
    assert np.array_equal(
        statistics.scores[7], score(one, TREE, "equal", methods=methods).index.to_numpy()
    )
    assert np.isnan(statistics.scores[0, 3])
    table = statistics.table()
    nominal = score(MATRIX, TREE, "equal", methods=methods).ranks
    assert (table["rank"] == nominal[table.index]).all()
    assert (table["high"] - table["low"]).max() <= 6


def test_resampled_matrices_of_another_shape_are_refused(methods: Methods) -> None:
    recipe = Recipe.load("equal")
    with pytest.raises(ScoreError, match=r"matrix 0 is \(3, 3\), not units x indicators \(12, 8\)"):
        resample(MATRIX, np.ones((2, 3, 3)), TREE, recipe, methods=methods)
    with pytest.raises(ScoreError, match="at least 2 resampled matrices, not 0"):
        resample(MATRIX, [], TREE, recipe, methods=methods)


def test_leaving_an_indicator_out_is_scoring_without_it(methods: Methods) -> None:
    recipe, rebuilder = Recipe.load("ccgcii-2020"), experiment(methods).rebuilder
    table = leave_indicators_out(rebuilder, recipe)
    assert set(table.index) == set(LEAVES)
    assert list(table["mean_shift"]) == sorted(table["mean_shift"], reverse=True)
    smaller = Tree(tuple(node for node in TREE.nodes if node.id != "i2"))
    without = score(MATRIX.drop(columns="i2"), smaller, recipe, methods=methods).ranks
    shift = (without - score(MATRIX, TREE, recipe, methods=methods).ranks).abs()
    assert table.loc["i2", "mean_shift"] == pytest.approx(float(shift.mean()))
    assert table.loc["i2", "max_shift"] == shift.max()


def test_an_indicator_without_which_nothing_can_be_weighed_leaves_no_ranks(
    methods: Methods,
) -> None:
    weights = {"a": 1.0, "b": 0.0, "c": 0.0}
    tree = Tree((Node("index"), *(Node(leaf, "index", weight=w) for leaf, w in weights.items())))
    matrix = pd.DataFrame({"a": [1.0, 2, 4], "b": [3.0, 1, 2], "c": [1.0, 3, 2]}, index=list("xyz"))
    given = Recipe.load("equal").with_overrides({"weighting": "given", "levels": {}})
    rebuilder = Rebuilder.of(matrix, tree, methods)
    found = leave_indicators_out(rebuilder, given)
    assert found.loc["b", "mean_shift"] == 0
    assert found.loc["a", ["mean_shift", "tau"]].isna().all()


def test_leaving_a_channel_out_takes_its_own_indicators(methods: Methods) -> None:
    rebuilder = experiment(methods).rebuilder
    table = leave_channels_out(rebuilder, Recipe.load("robust"), CHANNELS)
    assert list(table.index) == ["media"]
    assert table.loc["media", "indicators"] == 2
    everything = leave_channels_out(
        rebuilder, Recipe.load("robust"), dict.fromkeys(LEAVES, ("media",))
    )
    assert everything["tau"].isna().all()


def test_sensitivity_finds_the_choice_that_matters(methods: Methods) -> None:
    factors = (
        Choice("nothing", "description", ["a", "b"]),
        Choice("weighting", "levels.top.weighting", [{"method": "given"}, {"method": "equal"}]),
    )
    tree = Tree(tuple(_with_weight(node) for node in TREE.nodes))
    own = Experiment.of(
        MATRIX.assign(**{leaf: MATRIX[leaf].to_numpy()[::-1] for leaf in LEAVES[4:]}),
        tree,
        Recipe.load("equal"),
        factors=factors,
        methods=methods,
    )
    table = sensitivity(own, base=16)
    assert table.index[0] == "weighting"
    assert table.loc["nothing", "total"] == pytest.approx(0.0, abs=1e-9)
    assert table["total"]["weighting"] > 0.5


def test_where_nothing_moves_every_share_is_zero(methods: Methods) -> None:
    factors = (Choice("a", "description", ["x"]), Choice("b", "description", ["y"]))
    still = Experiment.of(MATRIX, TREE, Recipe.load("equal"), factors=factors, methods=methods)
    assert (sensitivity(still, base=4)[["first", "total"]] == 0).all().all()


def test_too_few_draws_are_refused(methods: Methods) -> None:
    with pytest.raises(ScoreError, match="at least 2 draws"):
        vary_method(experiment(methods), draws=1)
    with pytest.raises(ScoreError, match="base=100 is no power of two"):
        sensitivity(experiment(methods), base=100)


def _with_weight(node: Node) -> Node:
    weight = {"p": 0.95, "q": 0.05}.get(node.id, node.weight)
    return Node(node.id, node.parent, node.direction, weight, node.treatment, node.name)
