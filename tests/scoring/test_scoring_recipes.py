"""Recipes: values that survive storage and refuse what they do not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import Recipe, RecipeError
from ccgcii.scoring.recipes import shipped_recipes

if TYPE_CHECKING:
    from pathlib import Path

LEAST = {"normalisation": "minmax", "weighting": "equal", "aggregation": "arithmetic"}


def test_three_recipes_ship_with_the_package() -> None:
    assert shipped_recipes() == ("ccgcii-2020", "equal", "robust")


@pytest.mark.parametrize("name", shipped_recipes())
def test_a_recipe_survives_json(name: str) -> None:
    recipe = Recipe.load(name)
    again = Recipe.from_dict(json.loads(json.dumps(recipe.to_dict())))
    assert again == recipe
    assert again.digest == recipe.digest
    assert recipe.name == name


def test_the_digest_tells_what_scores_differently() -> None:
    recipe = Recipe.from_dict(LEAST)
    assert recipe.digest == Recipe.from_dict({**LEAST, "name": "other"}).digest
    assert recipe.digest != Recipe.from_dict({**LEAST, "normalisation": "rank"}).digest


def test_a_recipe_loads_from_a_file_and_is_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('normalisation = "rank"\nweighting = "equal"\naggregation = "arithmetic"\n')
    assert Recipe.load(path).name == "mine"
    assert Recipe.load(str(path)).normalisation.method == "rank"


def test_an_unknown_recipe_is_answered_with_the_nearest() -> None:
    with pytest.raises(RecipeError, match=r"no recipe 'robus'.*did you mean 'robust'"):
        Recipe.load("robus")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("normalisation =")
    with pytest.raises(RecipeError, match=r"broken\.toml: not valid TOML"):
        Recipe.load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"normalization": "minmax"}, "unknown key 'normalization'; did you mean 'normalisation'"),
        ({"levels": {"top": {"wieghting": "equal"}}}, "did you mean 'weighting'"),
        ({"levels": {"zero": {}}}, "'zero' is no level"),
        ({"levels": {"0": {}}}, "'0' is no level"),
        ({"levels": "top"}, "give a table"),
        ({"nodes": {"x": "equal"}}, "give a table"),
        ({"weighting": {"missing": "mask"}}, "a table with `method`"),
        ({"weighting": 3}, "give the name of a method"),
        ({"minimum_present": 50}, "not a share from 0 to 1"),
        ({"minimum_cover": "half"}, "not a share from 0 to 1"),
    ],
)
def test_what_a_recipe_cannot_mean_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Recipe.from_dict({**LEAST, **change})


def test_a_recipe_must_say_how_it_weighs() -> None:
    with pytest.raises(RecipeError, match="`weighting` is missing"):
        Recipe.from_dict({"normalisation": "minmax", "aggregation": "arithmetic"})


def test_entries_are_replaced_by_key() -> None:
    recipe = Recipe.load("robust").with_overrides(
        {
            "normalisation": "none",
            "minimum_present": "0.75",
            "weighting.cap": "2",
            "levels.top.aggregation": "arithmetic",
            "nodes.breadth.weighting": "equal",
            "treatment": '["log1p"]',
        }
    )
    assert recipe.normalisation.to_dict() == {"method": "none"}
    assert recipe.minimum_present == 0.75
    assert recipe.weighting.options["cap"] == 2
    assert [step.method for step in recipe.rule("index", 2, is_top=True)] == ["equal", "arithmetic"]
    assert recipe.rule("breadth", 1, is_top=False)[0].method == "equal"
    assert [step.method for step in recipe.treatment] == ["log1p"]


def test_a_changed_recipe_says_so_in_its_name() -> None:
    changed = Recipe.load("ccgcii-2020").with_overrides({"normalisation": "none"})
    assert changed.name == "ccgcii-2020, normalisation=none"


@pytest.mark.parametrize(
    ("key", "message"),
    [("normalization", "did you mean 'normalisation'"), ("treatment.points", "set it as a whole")],
)
def test_an_override_of_nothing_is_refused(key: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Recipe.load("robust").with_overrides({key: "minmax"})


def test_a_nodes_rule_goes_before_its_levels() -> None:
    recipe = Recipe.from_dict(
        {
            **LEAST,
            "levels": {"1": {"weighting": "critic"}, "top": {"aggregation": "geometric"}},
            "nodes": {"media": {"weighting": "given"}, "index": {"aggregation": "harmonic"}},
        }
    )
    assert recipe.rule("media", 1, is_top=False)[0].method == "given"
    assert recipe.rule("social", 1, is_top=False)[0].method == "critic"
    assert recipe.rule("index", 2, is_top=True)[1].method == "harmonic"
    assert recipe.rule("other", 2, is_top=True)[1].method == "geometric"
