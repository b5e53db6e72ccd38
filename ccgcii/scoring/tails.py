"""Tails of a base year: where its outliers were pulled in to, written into the frozen recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ccgcii.errors import RecipeError
from ccgcii.methods import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ccgcii.scoring.rankings import Ranking

    Treatments: TypeAlias = tuple[tuple[Step, ...], dict[str, tuple[Step, ...]]]


def frozen_treatments(ranking: Ranking) -> Treatments:
    """Return the treatment of all indicators and those of single ones, as a later year has them.

    `winsorise` looks at the year before it for outliers: in its place stands a `cut` to where it
    has pulled them in, so that a value is treated alike in every year. Raises `RecipeError` where
    it took logarithms instead (`then = "log"`), which start from the year's own least value.
    """
    recipe = ranking.recipe
    others = [str(leaf) for leaf in ranking.tree.leaves if str(leaf) not in recipe.indicators]
    return (
        _frozen_chain(recipe.treatment, ranking, others),
        {key: _frozen_chain(own, ranking, [key]) for key, own in recipe.indicators.items()},
    )


def _frozen_chain(
    chain: tuple[Step, ...], ranking: Ranking, leaves: Sequence[str]
) -> tuple[Step, ...]:
    stages = (ranking.stages.imputed, *ranking.stages.treatments)
    return tuple(
        _frozen(step, stages[turn][[*leaves]], stages[turn + 1][[*leaves]])
        if step.method == "winsorise"
        else step
        for turn, step in enumerate(chain)
    )


def _frozen(step: Step, before: pd.DataFrame, after: pd.DataFrame) -> Step:
    low = {str(leaf): float(after[leaf].min()) for leaf in after if (after > before)[leaf].any()}
    high = {str(leaf): float(after[leaf].max()) for leaf in after if (after < before)[leaf].any()}
    for leaf in {*low, *high}:
        cut = before[leaf].clip(low.get(leaf, -np.inf), high.get(leaf, np.inf))
        if not cut.equals(after[leaf]):
            raise RecipeError(
                f"treatment {step.to_dict()} took logarithms of {leaf} from the least value of "
                "this year, which cannot be frozen; leave out then = 'log'"
            )
    return Step("cut", {"low": low, "high": high})
