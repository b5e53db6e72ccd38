"""From a matrix to a ranking: impute, treat, normalise, then weigh and aggregate node by node.

A pure function of its arguments: the same matrix, tree and recipe give the same digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii.errors import RecipeError, ScoreError, suggest
from ccgcii.scoring.climbing import Climb
from ccgcii.scoring.inputs import split_matrix
from ccgcii.scoring.rankings import Ranking, Stages
from ccgcii.scoring.recipes import TOP, Recipe
from ccgcii.scoring.registry import installed_methods
from ccgcii.scoring.steps import Steps
from ccgcii.scoring.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ccgcii.methods import Method
    from ccgcii.scoring.recipes import Step


def score(
    matrix: pd.DataFrame,
    tree: pd.DataFrame | Tree,
    recipe: str | Path | Recipe = "ccgcii-2020",
    *,
    methods: Mapping[tuple[str, str], Method] | None = None,
) -> Ranking:
    """Score units by a recipe.

    `matrix` is units x indicators (the index, or a first column `unit`, names the units; NaN is
    missing; columns that are not in the tree are not scored, and can hold groups). `tree` is a
    `Tree` or its table. `recipe` is the name of a shipped recipe, a TOML file or a `Recipe`.
    `methods` defaults to those of all installed plugins. Raises `ScoreError` or `RecipeError`.
    """
    tree = tree if isinstance(tree, Tree) else Tree.from_table(tree)
    recipe = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    steps = Steps(recipe, installed_methods() if methods is None else methods)
    _check_fit(recipe, tree, steps)
    raw, units = split_matrix(matrix, tree)
    left_out = _thin_indicators(raw, recipe.minimum_cover, steps)
    stages = _prepare(raw, units, tree.indicators, left_out, steps)
    nodes, weights = Climb(tree, recipe, steps).climb(stages.normalised, left_out)
    return Ranking(recipe, tree, weights, nodes, stages, tuple(steps.notes))


def _check_fit(recipe: Recipe, tree: Tree, steps: Steps) -> None:
    for node in recipe.nodes:
        if node not in tree.upwards:
            raise RecipeError(
                f"recipe {recipe.name!r}: [nodes.{node}] is no node with children in the tree"
                f"{suggest(node, tree.upwards)}"
            )
    height = tree.height(tree.root)
    for level in recipe.levels:
        if level == TOP and height == 1:
            steps.note("recipe", "levels.top is not used: the tree has one level")
        elif level != TOP and int(level) > height:
            raise RecipeError(
                f"recipe {recipe.name!r}: [levels.{level}] is above the tree's top, level {height}"
            )


def _thin_indicators(raw: pd.DataFrame, minimum: float, steps: Steps) -> list[str]:
    """Return the indicators measured for nobody or too few; they get weight 0 and a note."""
    cover = (~np.isnan(raw.to_numpy())).mean(axis=0)
    thin = {
        leaf: share
        for leaf, share in zip(raw.columns, cover, strict=True)
        if share == 0 or share < minimum
    }
    for leaf, share in thin.items():
        reason = (
            f"measured for {share:.0%} of the units, less than {minimum:.0%}"
            if share
            else "not measured for any unit"
        )
        steps.note(leaf, f"left out: {reason}", warning=True)
    return list(thin)


def _prepare(
    raw: pd.DataFrame,
    units: pd.DataFrame,
    facts: pd.DataFrame,
    left_out: list[str],
    steps: Steps,
) -> Stages:
    recipe = steps.recipe

    def change(kind: str, step: Step, matrix: pd.DataFrame) -> pd.DataFrame:
        changed: pd.DataFrame = steps.run(kind, step, matrix, facts, units=units, where=kind)
        if not (changed.columns.equals(raw.columns) and changed.index.equals(raw.index)):
            raise ScoreError(f"{kind} {step.method!r} must keep the matrix's units and indicators")
        return changed

    imputed = change("imputation", recipe.imputation, raw)
    if left_out and imputed is not raw:
        # What is left out is not made up either.
        imputed = imputed.assign(**{leaf: raw[leaf] for leaf in left_out})
    _note_changes(raw, imputed, "imputed", steps)
    treated = imputed
    for step in recipe.treatment:
        treated = change("treatment", step, treated)
    _note_changes(imputed, treated, "treated", steps)
    normalised = change("normalisation", recipe.normalisation, treated)
    for leaf in _constant(treated):
        steps.note(leaf, "constant: it tells no unit from another")
    return Stages(raw, imputed, treated, normalised)


def _note_changes(before: pd.DataFrame, after: pd.DataFrame, word: str, steps: Steps) -> None:
    if after is before:
        return
    old, new = before.to_numpy(), after.to_numpy()
    changed = (new != old) & ~(np.isnan(new) & np.isnan(old))
    for leaf, cells in zip(before.columns, changed.sum(axis=0), strict=True):
        if cells:
            steps.note(leaf, f"{cells} of {len(before)} cells {word}")


def _constant(matrix: pd.DataFrame) -> list[str]:
    values = matrix.to_numpy()
    top = np.where(np.isnan(values), -np.inf, values).max(axis=0)
    bottom = np.where(np.isnan(values), np.inf, values).min(axis=0)
    return list(matrix.columns[top == bottom])
