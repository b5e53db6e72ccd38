"""Fitting: does a recipe fit a tree? What it names must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ccgcii.errors import RecipeError, suggest
from ccgcii.methods import Columns
from ccgcii.scoring.recipes import TOP

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.steps import Steps
    from ccgcii.scoring.trees import Tree


def check_fit(recipe: Recipe, tree: Tree, steps: Steps) -> None:
    """Refuse nodes, levels, indicators and weights of a recipe that the tree does not have."""
    for node in recipe.nodes:
        if node not in tree.upwards:
            raise RecipeError(
                f"recipe {recipe.name!r}: [nodes.{node}] is no node with children in the tree"
                f"{suggest(node, tree.upwards)}"
            )
    for leaf in recipe.indicators:
        if leaf not in tree.leaves:
            raise RecipeError(
                f"recipe {recipe.name!r}: [indicators.{leaf}] is no indicator of the tree"
                f"{suggest(leaf, tree.leaves)}"
            )
    _check_levels(recipe, tree, steps)
    _check_weights(recipe, tree)


def leaf_columns(tree: Tree, units: pd.DataFrame | None, steps: Steps) -> Columns:
    """Return the tree's indicators as columns for methods."""
    leaves = [tree[leaf] for leaf in tree.leaves]
    return Columns(
        names=tree.leaves,
        directions=tuple(leaf.direction for leaf in leaves),
        treatments=tuple(leaf.treatment for leaf in leaves),
        given=tuple(np.nan if leaf.weight is None else leaf.weight for leaf in leaves),
        units=units,
        weigh=steps.weigh,
    )


def _check_levels(recipe: Recipe, tree: Tree, steps: Steps) -> None:
    height = tree.height(tree.root)
    for level in recipe.levels:
        if level == TOP and height == 1:
            steps.note("recipe", "levels.top is not used: the tree has one level")
        elif level != TOP and int(level) > height:
            raise RecipeError(
                f"recipe {recipe.name!r}: [levels.{level}] is above the tree's top, level {height}"
            )


def _check_weights(recipe: Recipe, tree: Tree) -> None:
    """Frozen weights must name all children of a node or none, and sum to one among them."""
    where = f"recipe {recipe.name!r}: [weights]"
    for name in recipe.weights:
        if name not in tree.ids or name == tree.root:
            raise RecipeError(f"{where} {name} is no node below the root{suggest(name, tree.ids)}")
    for node in tree.upwards:
        named = [child for child in tree.children(node) if child in recipe.weights]
        if not named:
            continue
        lacking = set(tree.children(node)) - set(named)
        if lacking:
            raise RecipeError(
                f"{where} names {named[0]} but not {', '.join(sorted(lacking))}, also below "
                f"{node}; freeze all children of a node or none"
            )
        total = sum(recipe.weights[child] for child in named)
        if abs(total - 1) > 1e-6:
            raise RecipeError(f"{where} the weights below {node} sum to {total:g}, not to 1")
