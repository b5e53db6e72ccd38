from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import kendalltau

from ccgcii.measuring.bootstrap import resample
from ccgcii.measuring.frameworks import make_tree
from ccgcii.measuring.matrix import measure
from ccgcii.plugins import Plugins
from ccgcii.scoring import Recipe, score
from ccgcii.scoring.uncertainty import resample as rank_resamples
from ccgcii.testing.planted import PlantedWorld

if TYPE_CHECKING:
    import pandas as pd

PLUGINS = Plugins.load()
INDICATORS, METHODS = PLUGINS.indicators(), PLUGINS.methods()
TREE = make_tree(INDICATORS)


LARGE = PlantedWorld(seed=1, cities=100, documents=200_000, spread=2.5)


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    return measure(LARGE.corpus, INDICATORS).cells


@pytest.mark.parametrize("recipe", ["ccgcii-2020", "robust", "equal"])
def test_the_planted_order_comes_back(large: pd.DataFrame, recipe: str) -> None:
    index = score(large, TREE, Recipe.load(recipe), methods=METHODS).index
    assert kendalltau(index, LARGE.appeal).statistic >= 0.95


def test_a_world_is_the_same_for_the_same_seed() -> None:
    first, second, other = (PlantedWorld(seed, 5, 500).corpus.count() for seed in (1, 1, 2))
    assert first.equals(second)
    assert not first.equals(other)


def test_rank_intervals_hold_the_planted_rank_about_as_often_as_they_say() -> None:
    # Forty worlds are in benchmarks/coverage.py; these few show that nothing is far off.
    held = []
    for seed in range(5):
        world = PlantedWorld(seed, cities=16, documents=4_000, spread=0.4)
        drawn = resample(world.corpus, INDICATORS, draws=60, seed=seed).by_leaves(TREE.leaves)
        cells = measure(world.corpus, INDICATORS).cells
        recipe = Recipe.load("ccgcii-2020")
        ranks = rank_resamples(cells, drawn, TREE, recipe, methods=METHODS).table()
        ends = ranks.loc[world.planted_order, ["low", "high"]].to_numpy(float)
        planted = np.arange(1, 17)
        held.append((ends[:, 0] <= planted) & (planted <= ends[:, 1]))
    assert 0.75 <= np.mean(held) <= 0.99
