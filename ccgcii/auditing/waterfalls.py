"""Waterfalls: the parts of every score, and whether they add up to it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.methods import Method, Step
    from ccgcii.scoring import Ranking

    Numbers = NDArray[np.float64]

TOLERANCE = 1e-9


def waterfalls(ranking: Ranking, methods: Mapping[tuple[str, str], Method]) -> list[dict[str, Any]]:
    """Return for every node with children the parts of each unit's score.

    Where a node is a weighted arithmetic mean the parts are points and sum to the score; where it
    is geometric they are factors, and their product is the score; `off` is the largest distance
    between the two over all units. Other aggregations have no parts: `adds_up` is None. A missing
    child's weight goes to its siblings, as in the score.
    """
    return [_fall(ranking, node, methods) for node in ranking.tree.upwards]


def contributions(ranking: Ranking) -> pd.DataFrame | None:
    """Return units x leaves: what each indicator gives to the index, in its points.

    They sum to the index. None if any node is not a weighted arithmetic mean.
    """
    tree = ranking.tree
    if any(_rule(ranking, node).method != "arithmetic" for node in tree.upwards):
        return None
    nothing = np.zeros(len(ranking.nodes))
    share: dict[str, Numbers] = {tree.root: nothing + 1}
    for node in reversed(tree.upwards):
        parts = _shares(ranking, node)
        share |= {c: share[node] * parts.get(c, nothing) for c in tree.children(node)}
    leaves = ranking.nodes[list(tree.leaves)]
    whole = leaves.fillna(0.0) * np.column_stack([share[leaf] for leaf in tree.leaves])
    return whole.where(ranking.index.notna(), np.nan)


def _fall(ranking: Ranking, node: str, methods: Mapping[tuple[str, str], Method]) -> dict[str, Any]:
    step = _rule(ranking, node)
    score = ranking.nodes[node].to_numpy(dtype=float)
    row: dict[str, Any] = {"node": node, "aggregation": step.method}
    shares = _shares(ranking, node)
    children = {child: ranking.nodes[child].to_numpy(dtype=float) for child in shares}
    if step.method == "arithmetic":
        parts = {child: np.nan_to_num(children[child] * shares[child]) for child in shares}
        whole = np.sum([*parts.values()], axis=0)
    elif step.method == "geometric":
        floor = _option(step, "floor", methods)
        parts = {
            child: np.nan_to_num(np.maximum(children[child], floor), nan=1.0) ** shares[child]
            for child in shares
        }
        whole = np.prod([*parts.values()], axis=0)
    else:
        return row | {"adds_up": None, "off": None, "units": {}}
    known = ~np.isnan(score)
    off = float(np.abs(whole - score)[known].max()) if known.any() else 0.0
    units = {
        str(unit): {child: float(values[place]) for child, values in parts.items()}
        for place, unit in enumerate(ranking.nodes.index)
        if known[place]
    }
    return row | {"adds_up": off <= TOLERANCE, "off": off, "units": units}


def _shares(ranking: Ranking, node: str) -> dict[str, Numbers]:
    """Return each child's share by unit; a missing child's goes to its siblings in proportion."""
    children = [child for child in ranking.tree.children(node) if ranking.weights[child] > 0]
    weights = np.array([ranking.weights[child] for child in children])
    known = ranking.nodes[children].notna().to_numpy()
    given = np.where(known, weights, 0.0)
    total = given.sum(axis=1, keepdims=True)
    given = given / np.where(total > 0, total, 1.0)
    return {child: given[:, place] for place, child in enumerate(children)}


def _rule(ranking: Ranking, node: str) -> Step:
    height = ranking.tree.height(node)
    is_top = node == ranking.tree.root and height > 1
    return ranking.recipe.rule(node, height, is_top=is_top)[1]


def _option(step: Step, name: str, methods: Mapping[tuple[str, str], Method]) -> float:
    default = inspect.signature(methods["aggregation", step.method].apply).parameters[name].default
    return float(step.options.get(name, default))
