"""Rankings: the answer, with everything needed to follow any cell through to its score."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccgcii.scoring.freezing import freeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.trees import Tree

# Scores that agree to this many decimals share a rank: sums of floats differ in their last digits.
TIE_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Note:
    """What should be known of a result: where (an indicator, node or step), and what.

    A `warning` is a note that may change how the ranking is read.
    """

    where: str
    text: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """The indicators, units x leaves, as each step left them; NaN is missing throughout.

    `treatments` holds the matrix after each treatment; the last is `treated`.
    """

    raw: pd.DataFrame
    imputed: pd.DataFrame
    treated: pd.DataFrame
    normalised: pd.DataFrame
    treatments: tuple[pd.DataFrame, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What a recipe makes of a matrix.

    `weights` holds each node's effective weight among its siblings (they sum to one; 0 for what
    was left out; the root has none). `nodes` holds units x nodes: normalised indicators, then what
    they add up to; `index` is the root's column. `ranks` count from 1, ties share the better rank;
    a unit that cannot be scored has index NaN and rank NA. `weighing` holds, by node, a table of
    the children that were weighed x the stages of their weights: `final`, and where the weighting
    keeps them `raw` (what the data say of all children), `capped` and `prior`. `units` are the
    matrix's other columns, such as groups, by unit.
    """

    recipe: Recipe
    tree: Tree
    weights: Mapping[str, float]
    nodes: pd.DataFrame
    stages: Stages
    notes: tuple[Note, ...]
    weighing: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    units: pd.DataFrame | None = None

    @property
    def matrix(self) -> pd.DataFrame:
        """Return the matrix as it was given: raw indicators, and what stood beside them."""
        return self.beside_units(self.stages.raw)

    def beside_units(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Return other indicators of the same units beside the columns that are no indicators."""
        return cells if self.units is None else cells.join(self.units)

    @property
    def index(self) -> pd.Series[float]:
        """Return the index of each unit, on the scale of the normalisation (0-100 by default)."""
        return self.nodes[self.tree.root].rename("index")

    @property
    def ranks(self) -> pd.Series[Any]:
        """Return each unit's rank among those that can be scored."""
        rounded = self.index.round(TIE_DECIMALS)
        return rounded.rank(method="min", ascending=False).astype("Int64").rename("rank")

    @property
    def overall_weights(self) -> dict[str, float]:
        """Return each leaf's weight in the whole: the product of the weights up to the root."""
        overall = {self.tree.root: 1.0}
        for node in reversed(self.tree.upwards):
            for child in self.tree.children(node):
                overall[child] = overall[node] * self.weights[child]
        return {leaf: overall[leaf] for leaf in self.tree.leaves}

    def freeze(self) -> Recipe:
        """Return the recipe with this ranking's weights and goalposts, to score another year by.

        The goalposts are least and greatest treated value of each indicator; only min-max and
        goalposts can be frozen, a rank or z-score has none, nor has what Box-Cox treated. Raises
        `RecipeError`.
        """
        return freeze(self)

    def to_dict(self) -> dict[str, Any]:
        """Return recipe, weights and units by rank as plain data; what is missing is None."""
        # Stable: tied units, and those without a rank, stay in the order of the matrix.
        ranks = self.ranks.sort_values(kind="stable", na_position="last")
        ordered = self.nodes.loc[ranks.index]
        rows = zip(ranks, ordered.to_dict("records"), strict=True)
        return {
            "recipe": self.recipe.to_dict(),
            "weights": dict(self.weights),
            "units": [
                {
                    "unit": str(unit),
                    "index": _or_none(scores[self.tree.root]),
                    "rank": None if math.isnan(scores[self.tree.root]) else int(rank),
                    "nodes": {str(node): _or_none(value) for node, value in scores.items()},
                }
                for unit, (rank, scores) in zip(ranks.index, rows, strict=True)
            ],
        }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
