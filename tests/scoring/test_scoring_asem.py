"""COINr's published example, stage by stage, against COINr's own results (MIT)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import ccgcii_methods
from ccgcii.scoring import Ranking, Recipe, Tree, score

if TYPE_CHECKING:
    from ccgcii import Method

METHODS: dict[tuple[str, str], Method] = {
    (method.kind, method.name): method for method in ccgcii_methods.ccgcii_methods()
}
HOME = Path(os.environ.get("CCGCII_REAL_DATA", "nowhere")) / "data" / "asem"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not HOME.is_dir(), reason="CCGCII_REAL_DATA holds no data/asem"),
]


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(HOME / "iMeta.csv").set_index("iCode")


@pytest.fixture(scope="module")
def tree(facts: pd.DataFrame) -> Tree:
    nodes = facts[facts["Type"].isin(["Indicator", "Aggregate"])].reset_index()
    names = {"iCode": "id", "Parent": "parent", "Direction": "direction", "Weight": "weight"}
    return Tree.from_table(nodes.rename(columns=names)[list(names.values())])


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe.load(Path(__file__).with_name("asem.toml"))


@pytest.fixture(scope="module")
def ranking(facts: pd.DataFrame, tree: Tree, recipe: Recipe) -> Ranking:
    """Score the published raw data, divided by their denominators."""
    raw = pd.read_csv(HOME / "iData.csv").set_index("uCode")
    matrix = raw[["EurAsia_group"]].copy()
    for code in tree.leaves:
        denominator = facts.loc[code, "Denominator"]
        matrix[code] = raw[code] / raw[denominator] if isinstance(denominator, str) else raw[code]
    return score(matrix, tree, recipe, methods=METHODS)


@pytest.fixture(scope="module")
def staged(tree: Tree, recipe: Recipe) -> Ranking:
    """Score the stored stage: COINr's stages come from data rounded to ten digits."""
    matrix = pd.read_csv(HOME / "stage_Denominated.csv").set_index("UnitCode")
    changed = recipe.with_overrides({"imputation.by": "Group_EurAsia"})
    return score(matrix, tree, changed, methods=METHODS)


def test_the_index_is_coinrs_to_twelve_digits_and_every_rank_agrees(ranking: Ranking) -> None:
    expected = pd.read_csv(HOME / "expected_nominal.csv").set_index("uCode")
    expected = expected.loc[ranking.index.index]
    assert np.abs(ranking.index - expected["Score"]).max() < 1e-12
    assert (ranking.ranks == expected["Rank"]).all()


@pytest.mark.parametrize("stage", ["Imputed", "Treated", "Normalised"])
def test_every_stage_is_coinrs(staged: Ranking, stage: str) -> None:
    expected = pd.read_csv(HOME / f"stage_{stage}.csv").set_index("UnitCode")
    ours = getattr(staged.stages, stage.lower())
    theirs = expected.loc[ours.index, ours.columns]
    assert np.allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_every_node_is_coinrs(staged: Ranking) -> None:
    expected = pd.read_csv(HOME / "stage_Aggregated.csv").set_index("UnitCode")
    theirs = expected.loc[staged.nodes.index, staged.nodes.columns]
    assert np.allclose(staged.nodes, theirs, rtol=1e-9, atol=1e-9)


def test_as_many_cells_are_imputed_and_columns_treated_as_in_coinr(ranking: Ranking) -> None:
    stages = ranking.stages
    assert int(stages.raw.isna().sum().sum()) == 65
    assert int(stages.imputed.isna().sum().sum()) == 0
    assert int((stages.treated != stages.imputed).any().sum()) == 15
