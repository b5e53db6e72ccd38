"""How often a 90 % rank interval of the sampling layer holds the rank that was planted.

    .venv/bin/python benchmarks/coverage.py [WORLDS] [--cities N] [--documents N] [--spread S]

Each world is drawn anew from the same appeal of the same cities; the bootstrap sees one world at
a time. Beside it: how far the order of one large world agrees with the planted one.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import kendalltau

from ccgcii.measuring.bootstrap import resample
from ccgcii.measuring.frameworks import make_tree
from ccgcii.measuring.matrix import measure
from ccgcii.plugins import Plugins
from ccgcii.scoring import Recipe, score
from ccgcii.scoring.uncertainty import resample as rank_resamples
from ccgcii.testing.planted import PlantedWorld

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float64]

RECIPES = ("ccgcii-2020", "robust", "equal")
PLUGINS = Plugins.load()
INDICATORS, METHODS = PLUGINS.indicators(), PLUGINS.methods()
TREE = make_tree(INDICATORS)


def intervals(world: PlantedWorld, draws: int) -> dict[str, Cells]:
    """Return, for each recipe, the ends of the rank intervals and the index: 3 x cities."""
    corpus = world.corpus
    cells = measure(corpus, INDICATORS).cells
    drawn = resample(corpus, INDICATORS, draws=draws, seed=world.seed).by_leaves(TREE.leaves)
    found = {}
    for name in RECIPES:
        ranks = rank_resamples(cells, drawn, TREE, Recipe.load(name), methods=METHODS)
        table = ranks.table().loc[world.planted_order]
        found[name] = np.vstack([table[["low", "high"]].to_numpy(float).T, ranks.nominal])
    return found


def show_order() -> None:
    """Print how far one large world comes back in the planted order."""
    world = PlantedWorld(seed=1, cities=100, documents=200_000, spread=2.5)
    cells = measure(world.corpus, INDICATORS).cells
    print(f"planted order, 100 cities, {world.corpus.documents:,} documents")
    for name in RECIPES:
        index = score(cells, TREE, Recipe.load(name), methods=METHODS).index
        print(f"  {name:12} Kendall tau {kendalltau(index, world.appeal).statistic:.3f}")


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("worlds", nargs="?", type=int, default=40)
    parser.add_argument("--cities", type=int, default=30)
    parser.add_argument("--documents", type=int, default=12_000)
    parser.add_argument("--spread", type=float, default=0.4)
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    show_order()
    began = time.monotonic()
    worlds = [
        PlantedWorld(seed, asked.cities, asked.documents, asked.spread)
        for seed in range(asked.worlds)
    ]
    found = [intervals(world, asked.draws) for world in worlds]
    planted = np.arange(1, asked.cities + 1)
    print(
        f"{asked.worlds} worlds of {asked.cities} cities, about {asked.documents:,} documents, "
        f"{asked.draws} draws, {time.monotonic() - began:.0f} s"
    )
    for name in RECIPES:
        low, high, index = np.array([each[name] for each in found]).transpose(1, 0, 2)
        held = (low <= planted) & (planted <= high)
        # Of the index's own order over all the worlds, which luck plays no part in.
        usual = (-index.mean(axis=0)).argsort().argsort() + 1
        own = ((low <= usual) & (usual <= high)).mean()
        print(
            f"  {name:12} 90 % intervals hold the planted rank {held.mean():.1%} of the time, "
            f"the recipe's usual rank {own:.1%}; mean width {(high - low).mean():.1f} ranks"
        )


if __name__ == "__main__":
    main()
