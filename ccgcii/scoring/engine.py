"""From a matrix to a ranking: impute, treat, normalise, then weigh and aggregate node by node.

A pure function of its arguments: the same matrix, tree and recipe give the same digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ccgcii.scoring.climbing import Climb
from ccgcii.scoring.fitting import check_fit, leaf_columns
from ccgcii.scoring.inputs import split_matrix
from ccgcii.scoring.preparing import prepare
from ccgcii.scoring.rankings import Ranking, Stages
from ccgcii.scoring.recipes import Recipe
from ccgcii.scoring.registry import installed_methods
from ccgcii.scoring.steps import Steps
from ccgcii.scoring.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.climbing import Climbed
    from ccgcii.scoring.preparing import Prepared


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
    check_fit(recipe, tree, steps)
    raw, units = split_matrix(matrix, tree)
    columns = leaf_columns(tree, units, steps)
    values = raw.to_numpy()
    prepared = prepare(values, columns, steps)
    climbed = Climb(tree, recipe, steps, units).climb(prepared.normalised, prepared.left_out)
    return Ranking(
        recipe,
        tree,
        {node: float(climbed.weights[tree.places[node]]) for node in tree.ids if node != tree.root},
        pd.DataFrame(climbed.scores, index=raw.index, columns=list(tree.ids)),
        _stages(raw, prepared),
        tuple(steps.notes),
        _weighing(climbed),
        units,
    )


def _stages(raw: pd.DataFrame, prepared: Prepared) -> Stages:
    def framed(values: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame(values, index=raw.index, columns=raw.columns)

    return Stages(
        raw,
        framed(prepared.imputed),
        framed(prepared.treated),
        framed(prepared.normalised),
        tuple(framed(values) for values in prepared.treatments),
    )


def _weighing(climbed: Climbed) -> dict[str, pd.DataFrame]:
    return {
        node: pd.DataFrame(stages, index=pd.Index(climbed.children[node], name="child"))
        for node, stages in climbed.weighing.items()
    }
