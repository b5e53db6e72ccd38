"""Reclimbing: scores changed in place, and what lies above aggregated again by the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii.scoring.climbing import Climb
from ccgcii.scoring.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.rankings import Ranking

    Cells = NDArray[np.float64]


def reclimb(
    ranking: Ranking, factors: Cells, methods: Mapping[tuple[str, str], Method]
) -> pd.DataFrame:
    """Return units x nodes after multiplying scores by `factors` (units x nodes).

    A node's factor is applied after its children's have had their effect. Weights are the
    ranking's: nothing is weighed again.
    """
    tree, nodes = ranking.tree, ranking.nodes
    scores = nodes.to_numpy(copy=True)
    leaves = [tree.places[leaf] for leaf in tree.leaves]
    scores[:, leaves] *= factors[:, leaves]
    climb = Climb(tree, ranking.recipe, Steps(ranking.recipe, methods), ranking.units)
    for node in tree.upwards:
        place = tree.places[node]
        if node in ranking.weighing:
            final = ranking.weighing[node]["final"]
            children = tuple(map(str, final.index))
            values = np.ascontiguousarray(scores[:, [tree.places[child] for child in children]])
            columns = climb.columns(children)
            scores[:, place] = climb.aggregate(node, values, columns, final.to_numpy(float))
        scores[:, place] *= factors[:, place]
    return pd.DataFrame(scores, index=nodes.index, columns=nodes.columns)
