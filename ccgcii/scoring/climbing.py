"""Climbing the tree: weigh and aggregate each node's children, from the leaves to the root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii.errors import ScoreError

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from ccgcii.scoring.recipes import Recipe, Step
    from ccgcii.scoring.steps import Steps
    from ccgcii.scoring.trees import Tree


@dataclass(frozen=True, slots=True)
class Climb:
    """One way up a tree by one recipe."""

    tree: Tree
    recipe: Recipe
    steps: Steps

    def climb(
        self, normalised: pd.DataFrame, left_out: Collection[str]
    ) -> tuple[pd.DataFrame, dict[str, float]]:
        """Score every node after its children; return units x nodes, and weights by node.

        `left_out` are indicators that get weight 0; a node none of whose children can be used, or
        at which no unit can be scored, is left out as well.
        """
        scores = dict(zip(normalised.columns, normalised.to_numpy().T, strict=True))
        weights = dict.fromkeys(self.tree.ids, 0.0)
        silent = set(left_out)
        for node in self.tree.upwards:
            children = [child for child in self.tree.children(node) if child not in silent]
            scores[node] = np.full(len(normalised), np.nan)
            if children:
                # One memory order throughout, so that equal rows give equal digits.
                values = np.ascontiguousarray(np.column_stack([scores[c] for c in children]))
                table = pd.DataFrame(values, index=normalised.index, columns=children)
                own = self._weigh(node, table)
                weights |= dict(zip(children, own.tolist(), strict=True))
                scores[node] = self._aggregate(node, table, own)
            if np.isnan(scores[node]).all():
                silent.add(node)
                self.steps.note(node, "no unit can be scored here: left out", warning=True)
        del weights[self.tree.root]
        columns = {node: scores[node] for node in self.tree.ids}
        return pd.DataFrame(columns, index=normalised.index), weights

    def _weigh(self, node: str, table: pd.DataFrame) -> pd.Series[float]:
        children = list(table.columns)
        if len(children) == 1:
            return pd.Series([1.0], index=children)
        step, _ = self._rule(node)
        given = pd.Series([self.tree[c].weight for c in children], index=children, dtype=float)
        weights: pd.Series[float] = self.steps.run(
            "weighting", step, table, given=given, where=node
        )
        shares = weights.to_numpy(float)
        sound = list(weights.index) == children and bool((shares >= 0).all())
        if not sound or abs(shares.sum() - 1) > 1e-9:
            raise ScoreError(
                f"{node}: weighting {step.method!r} must give each of {', '.join(children)} a "
                f"weight of 0 or more, in all 1; it gave {weights.to_dict()}"
            )
        return weights

    def _aggregate(
        self, node: str, table: pd.DataFrame, weights: pd.Series[float]
    ) -> NDArray[np.float64]:
        _, step = self._rule(node)
        result = self.steps.run("aggregation", step, table, weights, where=node)
        present = np.where(np.isnan(table.to_numpy()), 0.0, weights.to_numpy()).sum(axis=1)
        # A hair of tolerance: three thirds need not sum to one.
        enough = present >= self.recipe.minimum_present - 1e-12
        unscored = int((~enough).sum())
        if unscored:
            self.steps.note(
                node,
                f"{unscored} of {len(table)} units not scored: less than "
                f"{self.recipe.minimum_present:.0%} of the weight is present",
            )
        return np.where(enough, result.to_numpy(float), np.nan)

    def _rule(self, node: str) -> tuple[Step, Step]:
        height = self.tree.height(node)
        return self.recipe.rule(node, height, is_top=node == self.tree.root and height > 1)
