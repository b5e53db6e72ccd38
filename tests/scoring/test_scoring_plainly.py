"""The engine's arrays against the same formulas written plainly in pandas, to 1e-12."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kurtosis, skew

from ccgcii import Recipe, score
from ccgcii.scoring import Node, Tree
from ccgcii.scoring.rebuilding import Rebuilder

if TYPE_CHECKING:
    from ccgcii import Method

    Methods = dict[tuple[str, str], Method]

GROUPS = {"p": ["a", "b", "c"], "q": ["d", "e"], "r": ["f", "g", "h"]}
LEAVES = [leaf for leaves in GROUPS.values() for leaf in leaves]
COSTS, COUNTS = ["c", "e"], ["a", "d", "f", "g"]


def leaf(name: str, group: str) -> Node:
    return Node(name, group, -1 if name in COSTS else 1, None, "count" if name in COUNTS else "")


TREE = Tree(
    (
        Node("index"),
        *(Node(group, "index") for group in GROUPS),
        *(leaf(name, group) for group, names in GROUPS.items() for name in names),
    )
)
cells = st.one_of(st.integers(0, 10_000).map(float), st.just(float("nan")), st.just(0.0))
matrices = arrays(float, st.tuples(st.integers(2, 15), st.just(len(LEAVES))), elements=cells)


def minmax(matrix: pd.DataFrame) -> pd.DataFrame:
    turned = matrix.copy()
    turned[COSTS] = -turned[COSTS]
    spread = (turned.max() - turned.min()).replace(0, 1)
    return 100 * (turned - turned.min()) / spread


def entropy(columns: pd.DataFrame) -> pd.Series[float]:
    divergence = pd.Series(0.0, index=columns.columns)
    for name, column in columns.items():
        known = column.dropna()
        if len(set(known)) > 1:
            # Nearly even columns need more digits than a float has.
            exact = [Decimal(float(x)) for x in known]
            shares = [x / sum(exact) for x in exact if x]
            entropy = sum(-p * p.ln() for p in shares) / Decimal(len(exact)).ln()
            divergence[str(name)] = float(1 - entropy)
    if divergence.sum() == 0:
        return divergence * 0 + 1 / len(divergence)
    return divergence / divergence.sum()


def mean(columns: pd.DataFrame, weights: pd.Series[float]) -> pd.Series[float]:
    present = columns.notna() * weights
    total = present.sum(axis=1)
    scores = (columns.fillna(0) * weights).sum(axis=1) / total.where(total > 0)
    return scores.where(total >= 0.5 - 1e-12)


def plainly(matrix: pd.DataFrame, recipe: str) -> pd.Series[float]:
    """Score by a shipped recipe as its file says."""
    thin = [leaf for leaf in LEAVES if matrix[leaf].notna().mean() < 0.65]
    if recipe != "ccgcii-2020":
        matrix = matrix.assign(**{leaf: np.log1p(matrix[leaf]) for leaf in COUNTS})
    if recipe == "robust":
        matrix = matrix.apply(winsorise)
    scores = minmax(matrix)
    dimensions = pd.DataFrame(index=matrix.index)
    for group, leaves in GROUPS.items():
        kept = scores[[leaf for leaf in leaves if leaf not in thin]]
        if kept.shape[1]:
            dimensions[group] = mean(kept, weigh(kept, recipe))
    dimensions = dimensions.dropna(axis=1, how="all")
    # The entropy of a column that is even but for its last digits is noise in any arithmetic.
    spread = (dimensions.max() - dimensions.min()) / dimensions.max()
    assume(recipe != "ccgcii-2020" or not (spread < 0.01).any())
    if not dimensions.shape[1]:
        return pd.Series(np.nan, index=matrix.index)
    weights = weigh(dimensions, "equal" if recipe == "robust" else recipe)
    if recipe != "ccgcii-2020":
        logs = dimensions.clip(lower=1).apply(np.log)
        return mean(logs, weights).apply(np.exp)
    return mean(dimensions, weights)


def weigh(columns: pd.DataFrame, recipe: str) -> pd.Series[float]:
    if recipe == "robust":
        return blend(columns)
    return entropy(columns) if recipe != "equal" else entropy(columns * 0 + 1)


def winsorise(column: pd.Series[float]) -> pd.Series[float]:
    known = column.dropna()
    moved = {True: 0, False: 0}
    while len(known) > 3 and known.nunique() > 2 and sum(moved.values()) < 5:
        tail = skew(known, bias=False)
        # On the edge of a threshold the last digit would decide.
        assume(abs(abs(tail) - 2) > 1e-9)
        assume(abs(kurtosis(known, bias=False) - 3.5) > 1e-9)
        if abs(tail) < 2 or kurtosis(known, bias=False) < 3.5:
            break
        extreme = known == (known.max() if tail >= 0 else known.min())
        rest = known[~extreme]
        known = known.where(~extreme, rest.max() if tail >= 0 else rest.min())
        moved[bool(tail >= 0)] = int(extreme.sum())
    return known.reindex(column.index)


def blend(columns: pd.DataFrame) -> pd.Series[float]:
    names = [str(name) for name in columns]
    varying = [name for name in names if columns[name].max() > columns[name].min()]
    kept = [
        name
        for name in varying
        if (columns[name] == columns[name].min()).sum() <= 0.7 * columns[name].notna().sum()
    ]
    if not kept:
        even = varying or names
        return pd.Series({name: (name in even) / len(even) for name in names})
    share, cap = dict(entropy(columns[kept])), 3 / len(kept)
    full: set[str] = set()
    while over := {name for name in kept if share[name] > cap + 1e-12}:
        full |= over
        free = sum(share[name] for name in kept if name not in full)
        room = 1 - cap * len(full)
        share = {name: cap if name in full else share[name] / free * room for name in kept}
    return pd.Series({n: share[n] / 2 + 0.5 / len(kept) if n in kept else 0.0 for n in names})


@settings(max_examples=120, deadline=None)
@given(values=matrices, recipe=st.sampled_from(["ccgcii-2020", "equal", "robust"]))
def test_the_engine_scores_as_the_formulas_do(
    methods: Methods, values: np.ndarray, recipe: str
) -> None:
    matrix = pd.DataFrame(values, index=[f"u{n}" for n in range(len(values))], columns=LEAVES)
    ours = score(matrix, TREE, recipe, methods=methods).index
    assert np.allclose(ours, plainly(matrix, recipe), rtol=1e-12, atol=1e-12, equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(values=matrices, recipe=st.sampled_from(["ccgcii-2020", "equal", "robust"]))
def test_a_rebuild_has_the_digits_of_a_score(
    methods: Methods, values: np.ndarray, recipe: str
) -> None:
    matrix = pd.DataFrame(values, index=[f"u{n}" for n in range(len(values))], columns=LEAVES)
    nominal = score(matrix, TREE, recipe, methods=methods).index.to_numpy()
    rebuilder, chosen = Rebuilder.of(matrix, TREE, methods), Recipe.load(recipe)
    for again in (rebuilder.index(chosen), rebuilder.index_of(values, chosen)):
        assert np.array_equal(again, nominal, equal_nan=True)
