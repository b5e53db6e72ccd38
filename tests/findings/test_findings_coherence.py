"""The audit's statistics are those of what the index is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccgcii.auditing.audits import Evidence, audit
from ccgcii.plugins import Plugins
from ccgcii.scoring import Node, Recipe, Tree, score

METHODS = Plugins.load().methods()
LEAVES = [f"i{number}" for number in range(6)]
TREE = Tree(
    (
        Node("index"),
        Node("north", "index"),
        Node("south", "index"),
        *(Node(leaf, "north" if place < 4 else "south") for place, leaf in enumerate(LEAVES)),
    )
)


def table() -> pd.DataFrame:
    draw = np.random.default_rng(1)
    common = draw.normal(size=(40, 1))
    values = common + draw.normal(size=(40, len(LEAVES))) / 2 + 5
    return pd.DataFrame(values, index=[f"city{n}" for n in range(40)], columns=LEAVES)


def audited(matrix: pd.DataFrame, recipe: Recipe) -> dict[str, Any]:
    ranking = score(matrix, TREE, recipe, methods=METHODS)
    raw = ranking.stages.raw
    return audit(Evidence(ranking, ranking.nodes, raw, {}, METHODS, (), seed=1))


def stretched(matrix: pd.DataFrame) -> pd.DataFrame:
    """Stretch columns from 0 to 100 by hand."""
    return 100 * (matrix - matrix.min()) / (matrix.max() - matrix.min())


def test_an_indicator_that_was_left_out_does_not_hide_the_others_of_its_pillar() -> None:
    matrix = table()
    thin = matrix.assign(i3=matrix["i3"].where(np.arange(40) < 6))
    found = audited(thin, Recipe.load("ccgcii-2020"))
    assert "measured for 15% of the units" in found["screened"]["i3"]
    north = next(row for row in found["consistency"] if row["group"].startswith("north"))
    assert (north["indicators"], north["units"]) == (3, 40)
    items = stretched(thin)[["i0", "i1", "i2"]]
    covariance = items.cov().to_numpy()
    alpha = 3 / 2 * (1 - np.trace(covariance) / covariance.sum())
    assert north["alpha"] == pytest.approx(alpha)


def test_skewness_is_the_one_that_the_treatment_goes_by() -> None:
    # Of a sample of 12 with one far value Excel's SKEW is 2.4, its SKEW.P 2.1.
    matrix = table().iloc[:12]
    matrix["i0"] = [1.0, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 15]
    n, x = 12, matrix["i0"]
    z = (x - x.mean()) / x.std(ddof=1)
    skew = n / ((n - 1) * (n - 2)) * (z**3).sum()
    fourth = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (z**4).sum()
    kurtosis = fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    found = audited(matrix, Recipe.load("ccgcii-2020"))
    row = found["skew"][0]
    assert (row["skew_raw"], row["kurtosis_raw"]) == pytest.approx((skew, kurtosis))
    assert skew > 2
    assert "still skewed" in found["steps"][4]["reason"]
    assert "i0" in found["steps"][4]["reason"]
    treated = Recipe.load("ccgcii-2020").with_overrides({"treatment": "winsorise"})
    assert audited(matrix, treated)["treated"][0]["indicator"] == "i0"


def test_a_node_without_parts_is_named_with_its_own_aggregation() -> None:
    recipe = Recipe.load("equal").with_overrides({"levels.top.aggregation": "copeland"})
    step = audited(table(), recipe)["steps"][5]
    assert (step["verdict"], step["reason"]) == ("WARN", "no parts to add up at index (copeland)")


def test_groups_that_a_recipe_imputes_by_are_there_for_the_audit() -> None:
    matrix = table().assign(region=["north", "south"] * 20)
    matrix.loc["city3", "i0"] = np.nan
    grouped = {"imputation": {"method": "group_median", "by": "region"}}
    found = audited(matrix, Recipe.load("ccgcii-2020").with_overrides(grouped))
    assert found["treated"][0]["imputed"] == 1
    assert len(found["without_indicator"]) == len(LEAVES)
