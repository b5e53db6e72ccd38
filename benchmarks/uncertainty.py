"""Seconds of processor for 2,000 rebuilds of 100 x 60, beside plain pandas on the same matrix.

    .venv/bin/python benchmarks/uncertainty.py [REBUILDS]

Fails if 2,000 rebuilds of `ccgcii-2020` take more than five seconds, or if pandas is as fast.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.plugins import Plugins
from ccgcii.scoring import Node, Recipe, Tree
from ccgcii.scoring.rebuilding import Rebuilder
from ccgcii.scoring.sensitivity import sensitivity
from ccgcii.scoring.uncertainty import Experiment, leave_indicators_out, resample, vary_method

if TYPE_CHECKING:
    from collections.abc import Callable

CITIES, DIMENSIONS, EACH = 100, "pbdr", 15
CHANNELS = ("media", "facebook", "x", "instagram", "youtube")
LIMIT = 5.0


def make_tree() -> Tree:
    """Return four dimensions of fifteen indicators, a third of them counts, one in ten a cost."""
    nodes = [Node("index"), *(Node(dimension, "index") for dimension in DIMENSIONS)]
    for dimension in DIMENSIONS:
        for n in range(EACH):
            treatment = "count" if n % 3 == 0 else "ratio"
            direction = -1 if n % 10 == 9 else 1
            nodes.append(Node(f"{dimension}{n:02}", dimension, direction, None, treatment))
    return Tree(tuple(nodes))


def make_matrix(tree: Tree) -> pd.DataFrame:
    """Return a long-tailed matrix: the first cities hold most, a tenth of the cells is 0."""
    draw = np.random.default_rng(7)
    size = 10_000 / np.arange(1, CITIES + 1) ** 1.2
    cells = draw.lognormal(0, 0.5, (CITIES, len(tree.leaves))) * size[:, None]
    cells[draw.random(cells.shape) < 0.1] = 0.0
    names = pd.Index([f"city{n}" for n in range(CITIES)], name="unit")
    return pd.DataFrame(np.floor(cells), index=names, columns=list(tree.leaves))


def with_pandas(matrix: pd.DataFrame, tree: Tree) -> pd.Series[float]:
    """Score as `ccgcii-2020` does where nothing is missing or constant, as one writes it first."""
    costs = [leaf for leaf in tree.leaves if tree[leaf].direction < 0]
    turned = matrix.assign(**{leaf: -matrix[leaf] for leaf in costs})
    scores = 100 * (turned - turned.min()) / (turned.max() - turned.min())
    groups = {node: list(tree.children(node)) for node in tree.children(tree.root)}
    dimensions = pd.DataFrame({n: scores[own] @ _entropy(scores[own]) for n, own in groups.items()})
    index: pd.Series[float] = dimensions @ _entropy(dimensions)
    return index


def _entropy(columns: pd.DataFrame) -> pd.Series[float]:
    shares = columns / columns.sum()
    logs = np.log(shares.where(shares > 0, 1.0))
    divergence = 1 + (shares * logs).sum() / np.log(len(columns))
    weights: pd.Series[float] = divergence / divergence.sum()
    return weights


def timed(label: str, work: Callable[[], Any]) -> float:
    """Run, print and return seconds of processor."""
    start = time.process_time()
    work()
    seconds = time.process_time() - start
    print(f"{label:58} {seconds:7.2f} s")
    return seconds


def main() -> None:
    """Measure rebuilds by recipe, both layers, leave-one-out and Sobol's indices."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    tree, methods = make_tree(), Plugins.load().methods()
    matrix = make_matrix(tree)
    channels = {leaf: (CHANNELS[n % 5],) for n, leaf in enumerate(tree.leaves) if n % 2}
    rebuilder, raw = Rebuilder.of(matrix, tree, methods), matrix.to_numpy()
    recipe = Recipe.load("ccgcii-2020")
    own, plain = rebuilder.index(recipe), with_pandas(matrix, tree)
    print(f"largest difference from pandas: {np.abs(own - plain).max():.1e}")

    def rebuild(name: str) -> float:
        chosen = Recipe.load(name)
        label = f"{count} rebuilds from the raw matrix, {name}"
        return timed(label, lambda: [rebuilder.index_of(raw, chosen) for _ in range(count)])

    seconds = {name: rebuild(name) for name in ("ccgcii-2020", "equal", "robust")}
    peer = timed(
        f"peer: {count} times plain pandas, as ccgcii-2020",
        lambda: [with_pandas(matrix, tree) for _ in range(count)],
    )
    experiment = Experiment.of(matrix, tree, recipe, channels=channels, methods=methods)
    timed(f"method layer, {count} draws", lambda: vary_method(experiment, draws=count).table())
    draws = np.random.default_rng(1).poisson(raw, (200, *raw.shape)).astype(float)
    timed("sampling layer, 200 matrices", lambda: resample(matrix, draws, tree, recipe).table())
    timed("leave one of 60 indicators out", lambda: leave_indicators_out(rebuilder, recipe))
    timed("Sobol, 256 base points", lambda: sensitivity(experiment))
    ratio = peer / seconds["ccgcii-2020"]
    print(f"pandas takes {ratio:.1f} times as long")
    if seconds["ccgcii-2020"] > LIMIT * count / 2000 or ratio <= 1:
        sys.exit("too slow")


if __name__ == "__main__":
    main()
