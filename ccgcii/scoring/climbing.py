"""Climbing the tree: weigh and aggregate each node's children, from the leaves to the root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.errors import ScoreError
from ccgcii.methods import Columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.methods import Step
    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.steps import Steps
    from ccgcii.scoring.trees import Tree

    Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Climbed:
    """What a climb brings up.

    `scores` are units x nodes and `weights` one a node among its siblings, both in the order of the
    tree; `weighing` holds by node and stage (`raw`, `capped`, `prior`, `final`, ...) the weights of
    those children that were weighed, in the order of `children`.
    """

    scores: Cells
    weights: Cells
    children: Mapping[str, tuple[str, ...]]
    weighing: Mapping[str, Mapping[str, Cells]]


@dataclass(frozen=True, slots=True)
class Climb:
    """One way up a tree by one recipe; `units` are the matrix's other columns."""

    tree: Tree
    recipe: Recipe
    steps: Steps
    units: pd.DataFrame | None = None

    def climb(
        self, normalised: Cells, left_out: Collection[str], noise: Cells | None = None
    ) -> Climbed:
        """Score every node after its children.

        `normalised` is units x leaves. `left_out` are indicators that get weight 0; a node none of
        whose children can be used, or at which no unit can be scored, is left out as well. `noise`
        multiplies each node's weight before its siblings' are scaled to sum one again.
        """
        tree = self.tree
        scores = np.full((len(normalised), len(tree.ids)), np.nan)
        scores[:, [tree.places[leaf] for leaf in tree.leaves]] = normalised
        weights = np.zeros(len(tree.ids))
        used, weighing = {}, {}
        silent = set(left_out)
        for node in tree.upwards:
            children = self._usable(node, silent)
            if children:
                places = [tree.places[child] for child in children]
                # One memory order throughout, so that equal rows give equal digits.
                values = np.ascontiguousarray(scores[:, places])
                columns = self.columns(children)
                own = self._weigh(node, values, columns, None if noise is None else noise[places])
                weights[places] = own
                used[node], weighing[node] = children, {**columns.stages, "final": own}
                scores[:, tree.places[node]] = self.aggregate(node, values, columns, own)
            if np.isnan(scores[:, tree.places[node]]).all():
                silent.add(node)
                self.steps.note(node, "no unit can be scored here: left out", warning=True)
        return Climbed(scores, weights, used, weighing)

    def columns(self, children: tuple[str, ...]) -> Columns:
        """Return siblings as columns for methods: already on one scale, larger is better."""
        nodes = [self.tree[child] for child in children]
        return Columns(
            names=children,
            directions=(1,) * len(children),
            treatments=("",) * len(children),
            given=tuple(np.nan if node.weight is None else node.weight for node in nodes),
            units=self.units,
            weigh=self.steps.weigh,
        )

    def aggregate(self, node: str, values: Cells, columns: Columns, weights: Cells) -> Cells:
        """Return the scores of a node from its children's; NaN where too few are present."""
        _, step = self._rule(node)
        result = self.steps.run("aggregation", step, values, columns, weights, where=node)
        gaps = np.isnan(values)
        if not gaps.any():
            return result
        present = np.where(gaps, 0.0, weights).sum(axis=1)
        # A hair of tolerance: three thirds need not sum to one.
        enough = present >= self.recipe.minimum_present - 1e-12
        unscored = int((~enough).sum())
        if unscored:
            self.steps.note(
                node,
                f"{unscored} of {len(values)} units not scored: less than "
                f"{self.recipe.minimum_present:.0%} of the weight is present",
            )
        return np.where(enough, result, np.nan)

    def _usable(self, node: str, silent: Collection[str]) -> tuple[str, ...]:
        children = tuple(child for child in self.tree.children(node) if child not in silent)
        if any(self.recipe.weights.get(child, 1.0) > 0 for child in children):
            return children
        if children:
            self.steps.note(
                node,
                f"the recipe's frozen weights of {', '.join(children)} are all 0 and the other "
                "children are left out",
                warning=True,
            )
        return ()

    def _weigh(self, node: str, values: Cells, columns: Columns, noise: Cells | None) -> Cells:
        if len(columns.names) == 1:
            return np.ones(1)
        frozen = [self.recipe.weights.get(name) for name in columns.names]
        if None in frozen:
            step, _ = self._rule(node)
            weights = self.steps.run("weighting", step, values, columns, where=node)
            _check_weights(weights, columns, node, step)
        else:
            weights = self._frozen(node, np.array(frozen, dtype=float), columns)
        if noise is None:
            return weights
        shaken = weights * noise
        return np.asarray(shaken / shaken.sum())

    def _frozen(self, node: str, weights: Cells, columns: Columns) -> Cells:
        """Take the recipe's own weights, scaled where a child is left out this time."""
        total = weights.sum()
        if abs(total - 1) > 1e-9:
            self.steps.note(
                node, f"frozen weights of {', '.join(columns.names)} scaled up from {total:.4f}"
            )
        return np.asarray(weights / total)

    def _rule(self, node: str) -> tuple[Step, Step]:
        height = self.tree.height(node)
        return self.recipe.rule(node, height, is_top=node == self.tree.root and height > 1)


def _check_weights(weights: Cells, columns: Columns, node: str, step: Step) -> None:
    shape = getattr(weights, "shape", None)
    sound = shape == (len(columns.names),) and bool((weights >= 0).all())
    if not sound or abs(weights.sum() - 1) > 1e-9:
        raise ScoreError(
            f"{node}: weighting {step.method!r} must give each of {', '.join(columns.names)} a "
            f"weight of 0 or more, in all 1; it gave {weights!r}"
        )
