"""Makings: what a score was made of; framework, gaps, screens, treated cells, weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.indicators import Indicator
    from ccgcii.scoring import Ranking

HEAVY = 3.0


def pillars(ranking: Ranking, indicators: Mapping[str, Indicator]) -> dict[str, list[str]]:
    """Return the indicators of each pillar (`dimension: pillar`)."""
    groups: dict[str, list[str]] = {}
    for leaf in ranking.tree.leaves:
        known = indicators.get(leaf)
        parent = ranking.tree[leaf].parent
        groups.setdefault(f"{parent}: {known.pillar if known else ''}", []).append(leaf)
    return groups


def _weighted(ranking: Ranking) -> list[str]:
    return [leaf for leaf, weight in ranking.overall_weights.items() if weight > 0]


def framework(ranking: Ranking, groups: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return all indicators, and those with weight by dimension and by pillar."""
    tree, weighted = ranking.tree, _weighted(ranking)
    return {
        "leaves": list(tree.leaves),
        "used": {
            node: [leaf for leaf in weighted if tree[leaf].parent == node]
            for node in tree.children(tree.root)
        },
        "pillars": {
            name: [leaf for leaf in leaves if leaf in weighted] for name, leaves in groups.items()
        },
    }


def availability(ranking: Ranking) -> dict[str, Any]:
    """Return the share of known cells: of what has weight, of all, by indicator, by ranked city."""
    raw, weighted = ranking.stages.raw, _weighted(ranking)
    known = raw[weighted].notna()
    ranked = ranking.index.notna()
    return {
        "share": float(known.to_numpy().mean()) if weighted else 0.0,
        "share_of_all": float(raw.notna().to_numpy().mean()) if raw.size else 0.0,
        "indicators": {str(leaf): float(share) for leaf, share in raw.notna().mean().items()},
        "cities": {str(city): float(share) for city, share in known[ranked].mean(axis=1).items()},
    }


def screened(ranking: Ranking) -> dict[str, str]:
    """Return the indicators without weight, each with the reason that was noted."""
    reasons: dict[str, str] = {}
    for leaf, weight in ranking.overall_weights.items():
        if weight == 0:
            parent = ranking.tree[leaf].parent
            said = [
                note.text
                for note in ranking.notes
                if note.where == leaf or (note.where == parent and _names(note.text, leaf))
            ]
            reasons[leaf] = "; ".join(said) or "no weight"
    return reasons


def _names(text: str, leaf: str) -> bool:
    """Say whether a weighting's remark (`weight 0, no variation: R06, R07`) is of an indicator."""
    return leaf in text.rpartition(": ")[2].split(", ")


def treated(ranking: Ranking) -> list[dict[str, Any]]:
    """Return for each touched indicator its cells as measured and as imputed or treated."""
    stages = ranking.stages
    rows = []
    for leaf in ranking.tree.leaves:
        raw, imputed, treated = (
            getattr(stages, name)[leaf].to_numpy() for name in ("raw", "imputed", "treated")
        )
        made_up = np.isnan(raw) & ~np.isnan(imputed)
        touched = (treated != imputed) & ~np.isnan(treated)
        if made_up.any() or touched.any():
            cells = {
                str(city): [_plain(raw[place]), _plain(treated[place])]
                for place, city in enumerate(stages.raw.index)
                if made_up[place] or touched[place]
            }
            row = {"indicator": leaf, "imputed": int(made_up.sum()), "treated": int(touched.sum())}
            rows.append(row | {"cells": cells})
    return rows


def scale(ranking: Ranking) -> dict[str, Any]:
    """Return the methods that made the scale, and indicators with a score that is no number."""
    values = ranking.stages.normalised
    recipe = ranking.recipe
    return {
        "method": recipe.normalisation.method,
        "aggregation": recipe.aggregation.method,
        "treatment": [step.method for step in recipe.treatment],
        "infinite": [leaf for leaf in ranking.tree.leaves if np.isinf(values[leaf]).any()],
    }


def weights(ranking: Ranking) -> list[dict[str, Any]]:
    """Return each node's weight among its siblings at every stage, and in the whole."""
    overall = ranking.overall_weights
    rows = []
    for parent in ranking.tree.upwards:
        stages = ranking.weighing.get(parent)
        for child in ranking.tree.children(parent):
            row: dict[str, Any] = {"node": child, "parent": parent}
            row["final"] = ranking.weights[child]
            row["overall"] = overall.get(child)
            for name in ("raw", "capped", "prior"):
                known = stages is not None and name in stages and child in stages.index
                row[name] = _plain(float(stages[name][child])) if known else None  # type: ignore[index] # known says that there are stages
            rows.append(row)
    return rows


def dominant(ranking: Ranking) -> list[dict[str, Any]]:
    """Return the nodes with more than three times an equal share among weighted siblings."""
    rows = []
    for parent in ranking.tree.upwards:
        weights = {c: ranking.weights[c] for c in ranking.tree.children(parent)}
        used = sum(weight > 0 for weight in weights.values())
        rows += [
            {"node": child, "weight": weight, "siblings": used}
            for child, weight in weights.items()
            if used > 1 and weight > HEAVY / used
        ]
    return rows


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
