"""Statistics of indicators: correlation, consistency, weights as felt, skew before and after."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.scoring import Ranking

    Numbers = NDArray[np.float64]

TOO_ALIKE = 0.92
FEWEST = 10
GROUPS = 10


def correlation_flags(
    scores: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Return the pairs of a group whose scores correlate above 0.92 or below 0.

    Scores have their direction applied, so that a negative correlation means that two indicators
    of one pillar work against each other. Pairs known together for fewer than ten units, and
    those of which one does not vary, say nothing.
    """
    rows = []
    for group, leaves in groups.items():
        for first, second in combinations(leaves, 2):
            both = scores[[first, second]].dropna()
            r = _pearson(both[first].to_numpy(), both[second].to_numpy())
            if r is not None and (r > TOO_ALIKE or r < 0):
                kind = "alike" if r > 0 else "opposed"
                rows.append(
                    {"group": group, "first": first, "second": second, "r": r, "kind": kind}
                )
    return sorted(rows, key=lambda row: -abs(row["r"]))


def consistency(scores: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return Cronbach's alpha and the first principal component's share for each group.

    alpha = k / (k - 1) x (1 - sum of variances / variance of the sum), over the units known in all
    of the k indicators that vary; None with fewer than two indicators or ten units.
    """
    rows = []
    for group, leaves in groups.items():
        varying = [leaf for leaf in leaves if _varies(scores[leaf])]
        whole = scores[varying].dropna()
        whole = whole[[leaf for leaf in varying if _varies(whole[leaf])]]
        row = {"group": group, "indicators": whole.shape[1], "units": len(whole)}
        enough = whole.shape[1] > 1 and len(whole) >= FEWEST
        values = whole.to_numpy(dtype=float)
        row["alpha"] = cronbach_alpha(values) if enough else None
        row["first_component"] = _first_component(values) if enough else None
        rows.append(row)
    return rows


def cronbach_alpha(values: Numbers) -> float:
    """Return Cronbach's alpha of units x items (Cronbach 1951)."""
    size = values.shape[1]
    spread = values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1)
    return float(size / (size - 1) * (1 - spread))


def felt_weights(ranking: Ranking) -> list[dict[str, Any]]:
    """Return for each dimension and indicator its weight and how far it decides the index.

    `squared_correlation` is r^2 with the index, `correlation_ratio` the share of the variance of
    the units' ranks between ten groups of them by the node's score, the main effect of Paruolo,
    Saisana & Saltelli 2013 (on ranks, because a few large cities make most of the variance of the
    index itself): nominal weights rarely match it. None where the score does not vary.
    """
    tree, weights = ranking.tree, ranking.overall_weights
    dimensions = tree.children(tree.root)
    overall = {node: ranking.weights[node] for node in dimensions} | weights
    index = ranking.index.to_numpy(dtype=float)
    rows = []
    for node in (*dimensions, *tree.leaves):
        score = ranking.nodes[node].to_numpy(dtype=float)
        known = ~(np.isnan(score) | np.isnan(index))
        r = _pearson(score[known], index[known])
        row: dict[str, Any] = {"node": node, "weight": overall[node]}
        row["squared_correlation"] = None if r is None else r * r
        row["correlation_ratio"] = None
        if r is not None:
            row["correlation_ratio"] = correlation_ratio(score[known], stats.rankdata(index[known]))
        rows.append(row)
    return rows


def correlation_ratio(x: Numbers, y: Numbers) -> float:
    """Return the share of y's variance that lies between groups by x, corrected for chance.

    Units are put in up to ten groups by x, equal ones together; epsilon squared = (SS between -
    (groups - 1) x mean square within) / SS total, at least 0 (Kelley 1935).
    """
    places = (stats.rankdata(x) - 0.5) / len(x)
    labels = np.unique((places * GROUPS).astype(int), return_inverse=True)[1]
    size = int(labels.max()) + 1
    if size < 2 or len(x) <= size:
        return 0.0
    counts = np.bincount(labels)
    means = np.bincount(labels, weights=y) / counts
    between = float(counts @ (means - y.mean()) ** 2)
    within = float(((y - means[labels]) ** 2).sum())
    error = within / (len(x) - size)
    return max(0.0, (between - (size - 1) * error) / (between + within))


def skew_before_and_after(ranking: Ranking) -> list[dict[str, Any]]:
    """Return each indicator's skewness G1 and excess kurtosis G2 as measured and as treated.

    Those of samples (Joanes & Gill 1998, type 2; as Excel has them), by which the JRC's limits are
    meant and `winsorise` treats; None for a column that is constant or has fewer than four cells.
    """
    rows = []
    for leaf in ranking.tree.leaves:
        row: dict[str, Any] = {"indicator": leaf}
        for stage in ("raw", "treated"):
            column = getattr(ranking.stages, stage)[leaf].dropna().to_numpy(dtype=float)
            varies = len(column) > 3 and np.ptp(column) > 0
            row[f"skew_{stage}"] = float(stats.skew(column, bias=False)) if varies else None
            row[f"kurtosis_{stage}"] = float(stats.kurtosis(column, bias=False)) if varies else None
        rows.append(row)
    return rows


def _varies(column: pd.Series[float]) -> bool:
    return bool(column.max() > column.min())


def _pearson(x: Numbers, y: Numbers) -> float | None:
    if len(x) < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def _first_component(values: Numbers) -> float:
    roots = np.linalg.eigvalsh(np.corrcoef(values, rowvar=False))
    return float(roots[-1] / roots.sum())
