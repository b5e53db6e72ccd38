"""Uncertainty: how sure a rank is, given what the method or the documents could have been.

Two layers kept apart. The method layer rebuilds the index by other recipes (`vary_method`); the
sampling layer rebuilds it from resampled matrices (`resample`). Both give `RankStatistics`; the
intervals of the method layer are rank intervals, not confidence intervals: they hold the answers
of other reasonable methods, each counted alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ccgcii.errors import ScoreError
from ccgcii.scoring.factors import channel_groups, draw, usual_base, usual_factors
from ccgcii.scoring.rankstats import RankStatistics, movement
from ccgcii.scoring.rebuilding import Rebuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.factors import Factor
    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.trees import Tree

    Cells = NDArray[np.float64]

DRAWS = 2000
SEED = 2020


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """A nominal recipe, the base that draws start from, and the factors that vary it."""

    rebuilder: Rebuilder
    recipe: Recipe
    base: Recipe
    factors: tuple[Factor, ...]

    @classmethod
    def of(
        cls,
        matrix: pd.DataFrame,
        tree: Tree,
        recipe: Recipe,
        *,
        channels: Mapping[str, Sequence[str]] | None = None,
        factors: Sequence[Factor] | None = None,
        methods: Mapping[tuple[str, str], Method] | None = None,
        seed: int = SEED,
    ) -> Experiment:
        """Set up the usual factors for a recipe, or those given (then the recipe is the base).

        `channels` are those that each indicator reads; without them no channel is left out.
        """
        rebuilder = Rebuilder.of(matrix, tree, methods)
        if factors is not None:
            return cls(rebuilder, recipe, recipe, tuple(factors))
        signed = rebuilder.is_signed(recipe)
        usual = usual_factors(recipe, tree, channels or {}, sets=DRAWS, seed=seed, signed=signed)
        return cls(rebuilder, recipe, usual_base(recipe, signed=signed), usual)

    def nominal(self) -> Cells:
        """Return the index by the recipe itself."""
        return self.rebuilder.index(self.recipe)

    def index_at(self, point: Sequence[float]) -> Cells:
        """Return the index at a point of the unit cube, one coordinate a factor."""
        drawn = draw(self.factors, point)
        recipe = self.base.with_overrides(drawn.entries) if drawn.entries else self.base
        return self.rebuilder.index(recipe, left_out=drawn.left_out, noise=drawn.noise)


def vary_method(experiment: Experiment, *, draws: int = DRAWS, seed: int = SEED) -> RankStatistics:
    """Return rank statistics over rebuilds at a Latin hypercube sample of the factors."""
    if draws < 2:
        raise ScoreError(f"uncertainty needs at least 2 draws, not {draws}")
    points = qmc.LatinHypercube(len(experiment.factors), rng=seed).random(draws)
    scores = np.array([experiment.index_at(point) for point in points])
    return RankStatistics(experiment.rebuilder.names, experiment.nominal(), scores)


def resample(
    matrix: pd.DataFrame,
    matrices: Iterable[Cells],
    tree: Tree,
    recipe: Recipe,
    *,
    methods: Mapping[tuple[str, str], Method] | None = None,
) -> RankStatistics:
    """Return rank statistics over resampled matrices: draws x units x indicators.

    Each holds the units of `matrix` in its order and the indicators in that of `tree.leaves`, NaN
    where the sample measured nothing; each is scored by the recipe from scratch, weights included
    (frozen weights and goalposts in the recipe keep them). `matrix` gives the nominal ranks.
    """
    rebuilder = Rebuilder.of(matrix, tree, methods)
    shape = rebuilder.raw.shape
    scores = []
    for number, values in enumerate(matrices):
        if np.shape(values) != shape:
            raise ScoreError(
                f"resampled matrix {number} is {np.shape(values)}, not units x indicators {shape}"
            )
        scores.append(rebuilder.index_of(np.asarray(values, dtype=float), recipe))
    if len(scores) < 2:
        raise ScoreError(f"uncertainty needs at least 2 resampled matrices, not {len(scores)}")
    return RankStatistics(rebuilder.names, rebuilder.index(recipe), np.array(scores))


def leave_indicators_out(rebuilder: Rebuilder, recipe: Recipe) -> pd.DataFrame:
    """Return how far ranks move without each indicator, the furthest first."""
    return leave_out(rebuilder, recipe, {leaf: {leaf} for leaf in rebuilder.tree.leaves})


def leave_channels_out(
    rebuilder: Rebuilder, recipe: Recipe, channels: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return how far ranks move without the indicators that read one channel only, by channel."""
    own = {leaf: channels.get(leaf, ()) for leaf in rebuilder.tree.leaves}
    return leave_out(rebuilder, recipe, channel_groups(own))


def leave_out(
    rebuilder: Rebuilder, recipe: Recipe, groups: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Return how far ranks move without each group of indicators; the others are weighed anew.

    (Frozen weights are scaled up.) Columns: `indicators` (how many), `mean_shift` and `max_shift`
    (ranks), `most_moved` (a unit), `tau` (Kendall, of the ranks with and without; NaN if nobody can
    be scored without), over the units that do not share the last place in both.
    """
    nominal = rebuilder.index(recipe)
    rows = [
        {"indicators": len(own)}
        | movement(rebuilder.names, nominal, _index_without(rebuilder, recipe, own))
        for own in map(set, groups.values())
    ]
    columns = ["indicators", "mean_shift", "max_shift", "most_moved", "tau"]
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(list(groups), name="left_out"))
    numbers = ["mean_shift", "max_shift", "tau"]
    table[numbers] = table[numbers].astype(float)
    return table.sort_values("mean_shift", ascending=False, kind="stable")


def _index_without(rebuilder: Rebuilder, recipe: Recipe, left_out: set[str]) -> Cells:
    """Return the index without some indicators; NaN where what is left cannot be weighed."""
    try:
        return rebuilder.index(recipe, left_out=left_out)
    except ScoreError:
        # The recipe scores with them: the others are all of weight 0, or too few.
        return np.full(len(rebuilder.names), np.nan)
