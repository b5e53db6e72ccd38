"""Freezing: a recipe that scores the next year by this year's weights and goalposts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.errors import RecipeError
from ccgcii.methods import Step
from ccgcii.scoring.tails import frozen_treatments

if TYPE_CHECKING:
    from ccgcii.scoring.rankings import Ranking
    from ccgcii.scoring.recipes import Recipe, Rule


def freeze(ranking: Ranking) -> Recipe:
    """Return the ranking's recipe with its weights and goalposts in place of what makes them.

    Goalposts are least and greatest treated value of each indicator (none for one without any). Who
    falls below them scores below zero: geometric and harmonic means then take their floor. What a
    screen or a thin cover left out keeps its weight of 0, what was in stays in, however thin its
    cover in another year: an index that loses an indicator would move for that alone. Tails that
    were pulled in are cut where this year's were, or who stands out in another year would move the
    others' scores. Raises `RecipeError` for a normalisation that has no goalposts, and for a
    treatment by Box-Cox: it divides by the year's own geometric mean, so that a year in which all
    is doubled would score like the one before.
    """
    recipe = ranking.recipe
    if any(kind == "treatment" and step.method == "boxcox" for kind, step in recipe.steps()):
        raise RecipeError(
            f"recipe {recipe.name!r}: treatment 'boxcox' is of one year's scale and has no "
            "goalposts to freeze; use log1p or winsorise"
        )
    treatment, indicators = frozen_treatments(ranking)
    return replace(
        recipe,
        name=f"{recipe.name}, frozen",
        treatment=treatment,
        indicators=indicators,
        normalisation=_frozen_normalisation(ranking),
        weights=_frozen_weights(ranking),
        minimum_cover=0.0,
        aggregation=_floored(recipe.aggregation),
        levels={key: _floored_rule(rule) for key, rule in recipe.levels.items()},
        nodes={key: _floored_rule(rule) for key, rule in recipe.nodes.items()},
    )


def _floored(step: Step) -> Step:
    if step.method not in ("geometric", "harmonic"):
        return step
    return Step(step.method, {**step.options, "negative": "floor"})


def _floored_rule(rule: Rule) -> Rule:
    return (
        rule if rule.aggregation is None else replace(rule, aggregation=_floored(rule.aggregation))
    )


def _frozen_normalisation(ranking: Ranking) -> Step:
    step = ranking.recipe.normalisation
    if step.method == "goalposts":
        return step
    if step.method != "minmax":
        raise RecipeError(
            f"recipe {ranking.recipe.name!r}: normalisation {step.method!r} has no goalposts to "
            "freeze; use minmax"
        )
    treated = ranking.stages.treated
    posts = {
        str(leaf): [float(column.min()), float(column.max())] if column.notna().any() else []
        for leaf, column in treated.items()
    }
    return Step("goalposts", {**step.options, "posts": posts})


def _frozen_weights(ranking: Ranking) -> dict[str, float]:
    frozen: dict[str, float] = {}
    for node in ranking.tree.upwards:
        own = {child: ranking.weights[child] for child in ranking.tree.children(node)}
        # A node that was left out has weighed nothing, and has nothing to freeze.
        if np.isclose(sum(own.values()), 1.0):
            frozen |= own
    return frozen
