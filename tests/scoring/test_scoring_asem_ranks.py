"""COINr's uncertainty and sensitivity analysis of its example, with its own choices (MIT)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from ccgcii.scoring import Recipe, Tree
from ccgcii.scoring.factors import Choice, Shaken
from ccgcii.scoring.sensitivity import sensitivity
from ccgcii.scoring.uncertainty import Experiment, vary_method

if TYPE_CHECKING:
    from ccgcii import Method

    Methods = dict[tuple[str, str], Method]

HOME = Path(os.environ.get("CCGCII_REAL_DATA", "nowhere")) / "data" / "asem"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not HOME.is_dir(), reason="CCGCII_REAL_DATA holds no data/asem"),
]


@pytest.fixture(scope="module")
def experiment(methods: Methods) -> Experiment:
    """COINr's vignette: winmax 1-5, min-max or z-score, noisy weights, arithmetic or geometric."""
    facts = pd.read_csv(HOME / "iMeta.csv")
    nodes = facts[facts["Type"].isin(["Indicator", "Aggregate"])]
    names = {"iCode": "id", "Parent": "parent", "Direction": "direction", "Weight": "weight"}
    tree = Tree.from_table(nodes.rename(columns=names)[list(names.values())])
    matrix = pd.read_csv(HOME / "stage_Denominated.csv").set_index("UnitCode")
    # 25 % either way on the weights of what is no indicator: COINr's levels 2 and 3.
    noise = np.random.default_rng(1).uniform(0.75, 1.25, (100, len(tree.ids)))
    noise[:, [tree.places[leaf] for leaf in tree.leaves]] = 1.0
    geometric = {"method": "geometric", "floor": 1e-9}
    winsorise = {"method": "winsorise", "skew": 2.0, "kurtosis": 3.5, "then": "log"}
    factors = (
        Choice("Winmax", "treatment", [[winsorise | {"points": n}] for n in range(1, 6)]),
        Choice(
            "Normalisation",
            "normalisation",
            [
                {"method": "minmax", "lower": 1, "upper": 100},
                {"method": "zscore", "mean": 10, "deviation": 2},
            ],
        ),
        Shaken("Weights", noise),
        Choice("Aggregation", "aggregation", ["arithmetic", geometric]),
    )
    recipe = Recipe.load(Path(__file__).with_name("asem.toml"))
    return Experiment.of(
        matrix,
        tree,
        recipe.with_overrides({"imputation.by": "Group_EurAsia"}),
        factors=factors,
        methods=methods,
    )


def test_the_choices_matter_in_coinrs_order(experiment: Experiment) -> None:
    table = sensitivity(experiment, base=256)
    assert list(table.index) == ["Aggregation", "Normalisation", "Weights", "Winmax"]
    # Theirs come from 100 base points, with wide intervals.
    theirs = {"Aggregation": 0.618, "Normalisation": 0.271, "Weights": 0.178, "Winmax": 0.048}
    for factor, total in theirs.items():
        assert table["total"][factor] == pytest.approx(total, abs=0.2)


def test_first_ranks_are_as_sure_as_in_coinr(experiment: Experiment) -> None:
    table = vary_method(experiment, draws=200).table()
    assert table.index[0] == "CHE"
    assert (table["median"]["CHE"], table["low"]["CHE"]) == (1.0, 1.0)
    assert (table["median"] - table["rank"].astype(float)).abs().mean() < 2
