"""Rebuilding: the same matrix scored again and again, a recipe or a matrix at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.scoring.climbing import Climb
from ccgcii.scoring.fitting import check_fit, leaf_columns
from ccgcii.scoring.inputs import split_matrix
from ccgcii.scoring.preparing import prepare
from ccgcii.scoring.registry import installed_methods
from ccgcii.scoring.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.preparing import Prepared
    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.trees import Tree

    Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rebuilder:
    """A matrix to be scored many times: `raw` is units x leaves, as the tree orders them.

    What is prepared by the same steps is prepared once; a rebuild then costs half a millisecond
    for 100 x 60. The digits are those of `score`.
    """

    raw: Cells
    units: pd.DataFrame
    tree: Tree
    methods: Mapping[tuple[str, str], Method]
    _prepared: dict[str, Prepared] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        matrix: pd.DataFrame,
        tree: Tree,
        methods: Mapping[tuple[str, str], Method] | None = None,
    ) -> Rebuilder:
        """Take a matrix as `score` does; raises `ScoreError` for what cannot be scored."""
        raw, units = split_matrix(matrix, tree)
        return cls(raw.to_numpy(), units, tree, methods or installed_methods())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the units' names."""
        return tuple(map(str, self.units.index))

    def index(
        self, recipe: Recipe, *, left_out: Collection[str] = (), noise: Cells | None = None
    ) -> Cells:
        """Return the index of each unit; NaN where it cannot be scored.

        `left_out` are indicators that do not count; `noise` multiplies the weight of each node.
        """
        steps = Steps(recipe, self.methods)
        check_fit(recipe, self.tree, steps)
        prepared = self._prepare(recipe, steps)
        return self._climb(prepared.normalised, prepared.left_out.union(left_out), steps, noise)

    def index_of(self, values: Cells, recipe: Recipe) -> Cells:
        """Return the index that other values of the same units and indicators have."""
        steps = Steps(recipe, self.methods)
        columns = leaf_columns(self.tree, self.units, steps)
        prepared = prepare(values, columns, steps)
        return self._climb(prepared.normalised, prepared.left_out, steps, None)

    def is_signed(self, recipe: Recipe) -> bool:
        """Say whether a recipe's normalised scores lie below zero anywhere, as z-scores do."""
        prepared = self._prepare(recipe, Steps(recipe, self.methods))
        return bool((prepared.normalised < 0).any())

    def _prepare(self, recipe: Recipe, steps: Steps) -> Prepared:
        chains = (recipe.treatment, recipe.indicators)
        key = repr((recipe.imputation, chains, recipe.normalisation, recipe.minimum_cover))
        if key not in self._prepared:
            columns = leaf_columns(self.tree, self.units, steps)
            self._prepared[key] = prepare(self.raw, columns, steps)
        return self._prepared[key]

    def _climb(
        self, normalised: Cells, left_out: Collection[str], steps: Steps, noise: Cells | None
    ) -> Cells:
        climb = Climb(self.tree, steps.recipe, steps, self.units)
        climbed = climb.climb(normalised, left_out, noise)
        return np.asarray(climbed.scores[:, self.tree.places[self.tree.root]])
