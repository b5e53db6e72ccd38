from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii.auditing.statistics import (
    consistency,
    correlation_flags,
    correlation_ratio,
    cronbach_alpha,
)
from ccgcii.auditing.steps import STEPS, check_steps
from ccgcii.auditing.waterfalls import contributions, waterfalls
from ccgcii.errors import ConfigError
from ccgcii.plugins import Plugins
from ccgcii.reporting.corpora import corpus_of
from ccgcii.reporting.matrices import read_matrix, read_tree
from ccgcii.reporting.runs import latest_score
from ccgcii.reporting.stored import read_recipe
from ccgcii.reporting.uncertainties import without_documents
from ccgcii.scoring import Node, Ranking, Recipe, Tree, score
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

TREE = Tree(
    (
        Node("index"),
        Node("north", "index"),
        Node("south", "index"),
        *(Node(leaf, "north", treatment="count") for leaf in "abc"),
        *(Node(leaf, "south", treatment="count") for leaf in "de"),
    )
)
METHODS = Plugins.load().methods()


def ranked(recipe: str) -> Ranking:
    draw = np.random.default_rng(8)
    table = pd.DataFrame(draw.lognormal(1, 1, (30, 5)), columns=list("abcde"))
    table.index = pd.Index([f"unit{n}" for n in range(30)])
    table.iloc[3, 1] = table.iloc[7, 4] = np.nan
    return score(table, TREE, Recipe.load(recipe), methods=METHODS)


@pytest.mark.parametrize("recipe", ["ccgcii-2020", "equal", "robust"])
def test_the_parts_of_every_score_add_up_to_it(recipe: str) -> None:
    rows = {row["node"]: row for row in waterfalls(ranked(recipe), METHODS)}
    assert set(rows) == {"index", "north", "south"}
    for row in rows.values():
        assert row["adds_up"] is True
        assert row["off"] < 1e-9
    assert rows["north"]["units"]["unit3"]["b"] == 0.0


def test_a_score_that_is_not_the_sum_is_told() -> None:
    ranking = ranked("ccgcii-2020")
    ranking.nodes["north"] = ranking.nodes["north"] * (1 + 1e-6)
    rows = {row["node"]: row for row in waterfalls(ranking, METHODS)}
    assert rows["north"]["adds_up"] is False
    assert rows["south"]["adds_up"] is True


def test_contributions_of_all_indicators_sum_to_the_index() -> None:
    ranking = ranked("ccgcii-2020")
    whole = contributions(ranking)
    assert whole is not None
    scored = ranking.index.notna()
    assert np.allclose(whole.sum(axis=1)[scored], ranking.index[scored], rtol=0, atol=1e-9)
    assert whole[~scored].isna().all(axis=None)
    assert contributions(ranked("equal")) is None


def test_alpha_of_three_equal_items_is_one_and_of_noise_is_near_zero() -> None:
    draw = np.random.default_rng(9)
    item = draw.normal(size=(200, 1))
    assert cronbach_alpha(np.hstack([item, item, item])) == pytest.approx(1)
    assert abs(cronbach_alpha(draw.normal(size=(2000, 4)))) < 0.15


def test_alpha_of_cronbachs_formula_worked_by_hand() -> None:
    # Variances 1 and 1, covariance 1/2: 2 (1 - 2 / 3).
    values = np.array([[1.0, 1], [2, 3], [3, 2]])
    assert cronbach_alpha(values) == pytest.approx(2 / 3)


def test_pairs_that_are_alike_or_opposed_are_flagged_within_their_group() -> None:
    draw = np.random.default_rng(10)
    first = draw.normal(size=40)
    table = pd.DataFrame({"p": first, "q": first + 0.01 * draw.normal(size=40), "r": -first})
    table["s"] = first
    flags = correlation_flags(table, {"one": ["p", "q", "r"], "two": ["s"]})
    assert {(f["first"], f["second"], f["kind"]) for f in flags} == {
        ("p", "q", "alike"),
        ("p", "r", "opposed"),
        ("q", "r", "opposed"),
    }


def test_constant_and_scarcely_known_indicators_are_not_judged() -> None:
    table = pd.DataFrame({"p": np.ones(20), "q": np.arange(20.0)})
    assert correlation_flags(table, {"one": ["p", "q"]}) == []
    (row,) = consistency(table, {"one": ["p", "q"]})
    assert row["alpha"] is None


def test_the_correlation_ratio_sees_what_a_straight_line_does_not() -> None:
    x = np.linspace(-1, 1, 200)
    assert correlation_ratio(x, x**2) > 0.9
    noise = np.random.default_rng(11).normal(size=(2, 200))
    assert correlation_ratio(noise[0], noise[1]) < 0.1
    assert correlation_ratio(np.zeros(50), noise[0][:50]) == 0


@pytest.fixture(scope="session")
def audited(planted: Path) -> dict[str, Any]:
    from click.testing import CliRunner

    from ccgcii.cli import cli

    path = planted.parent / "audit.json"
    result = CliRunner().invoke(cli, ["-c", str(planted), "audit", "--write", str(path)])
    assert result.exit_code == 0, result.exception
    assert "The ten steps" in result.stdout
    assert "media's own indicators" in result.stdout
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_step_has_a_verdict_and_a_reason(audited: dict[str, Any]) -> None:
    assert [step["number"] for step in audited["steps"]] == list(range(1, 11))
    assert all(step["verdict"] in ("PASS", "WARN", "FAIL") for step in audited["steps"])
    assert all(len(step["reason"]) > 20 for step in audited["steps"])


def test_what_is_measured_and_scored_again_is_the_same(audited: dict[str, Any]) -> None:
    assert audited["again"] == {
        "scores_off": 0.0,
        "cells": 960,
        "cells_off": 0,
        "indicators_off": [],
    }
    assert audited["steps"][7]["verdict"] == "PASS"


def test_the_audit_holds_hashes_versions_and_seed(audited: dict[str, Any]) -> None:
    identity = audited["identity"]
    assert all(len(value) == 64 for value in identity["hashes"].values())
    assert {"documents", "matrix", "recipe", "configuration"} <= set(identity["hashes"])
    assert identity["versions"]["ccgcii"]
    assert identity["seed"] == 2020


def test_coverage_by_city_channel_and_week_adds_up(audited: dict[str, Any]) -> None:
    coverage = audited["coverage"]
    assert coverage["weeks"][0] == "2020-01-01"
    assert len(coverage["weeks"]) == 53
    assert coverage["cities"]["citya"]["youtube"] is None
    by_week = sum(sum(weeks) for weeks in coverage["channels"].values() if weeks)
    by_city = sum(
        sum(weeks) for rows in coverage["cities"].values() for weeks in rows.values() if weeks
    )
    assert by_week == by_city == audited["identity"]["documents"]


def test_the_planted_dead_source_is_found_and_no_other(audited: dict[str, Any]) -> None:
    (dead,) = audited["silent_sources"]
    assert dead["source"] == "o3.example"
    assert "2020-08-08" < dead["last"] < "2020-08-23"
    assert dead["silent_days"] > 120


def test_the_waterfall_of_every_city_sums_to_its_index(audited: dict[str, Any]) -> None:
    assert audited["contributions"]["off"] < 1e-9
    parts = audited["contributions"]["cities"]["citya"]
    (index,) = [row["units"]["citya"] for row in audited["waterfall"] if row["node"] == "index"]
    assert sum(parts.values()) == pytest.approx(sum(index.values()), abs=1e-9)


def test_weights_and_screens_are_told_for_every_indicator(audited: dict[str, Any]) -> None:
    weighted = {row["node"] for row in audited["weights"] if row["final"] > 0}
    leaves = set(audited["framework"]["leaves"])
    assert weighted & leaves | set(audited["screened"]) == leaves
    assert "not measured for any unit" in audited["screened"]["P05"]
    overall = [row["overall"] for row in audited["weights"] if row["overall"] is not None]
    assert sum(overall) == pytest.approx(1)


def test_a_number_changed_in_the_store_is_found(ccgcii: Call, copied: Path) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute("UPDATE indicator_value SET value = 9 WHERE indicator = 'P01' AND city_id = 1")
    store.commit()
    store.close()
    step = json.loads(ccgcii("audit", "--json", folder=copied).stdout)["steps"][7]
    assert step["verdict"] == "FAIL"
    assert "scored again" in step["reason"]


def test_a_folder_that_is_not_there_is_named(ccgcii: Call, tmp_path: Path) -> None:
    error = ccgcii("audit", "--write", str(tmp_path / "no" / "a.json"), fails=True).exception
    assert isinstance(error, ConfigError)
    assert "a.json" in str(error)


def verdicts(facts: dict[str, Any]) -> dict[str, str]:
    return {check.name: check.verdict for check in check_steps(facts)}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("theoretical framework", {"framework": {"used": {"north": []}, "pillars": {}}}),
        ("data selection", {"screened": dict.fromkeys([f"x{n}" for n in range(55)], "")}),
        ("imputation of missing data", {"availability": {"share": 0.2}}),
        ("multivariate analysis", {"consistency": []}),
        ("normalisation", {"scale": {"infinite": ["P01"]}}),
        ("weighting and aggregation", {"waterfall": [{"node": "index", "adds_up": False}]}),
        ("uncertainty and sensitivity", {"without_indicator": []}),
        ("back to the data", {"again": {"scores_off": 0.0, "cells_off": 3}}),
        ("links to other indicators", {"gdp": {"spearman": -0.4}}),
        ("presentation and dissemination", {"ranked": 0}),
    ],
)
def test_each_step_can_fail(audited: dict[str, Any], name: str, change: dict[str, Any]) -> None:
    changed = dict(audited)
    for key, value in change.items():
        whole = isinstance(value, dict) and key != "screened"
        changed[key] = {**audited[key], **value} if whole else value
    if name == "back to the data":
        changed["again"]["indicators_off"] = ["P01"]
    assert verdicts(changed)[name] == "FAIL"
    others = {key: verdict for key, verdict in verdicts(audited).items() if key != name}
    if name not in ("data selection", "presentation and dissemination"):
        assert {k: v for k, v in verdicts(changed).items() if k != name} == others


def test_there_are_ten_steps() -> None:
    assert len(STEPS) == 10


def test_the_outlet_that_died_is_left_out_and_the_ranking_hardly_moves(planted: Path) -> None:
    with Workspace.open(planted) as workspace:
        with workspace.engine.connect() as store:
            run = latest_score(store)
            matrix = read_matrix(store, run)
        recipe, methods = read_recipe(run), workspace.plugins.methods()
        ranking = score(matrix, read_tree(run), recipe, methods=methods)
        corpus = corpus_of(workspace.engine, workspace.study, run)
        found = without_documents(workspace, corpus, ranking, every=False)
    [row] = found["without_source"]
    assert row["left_out"] == "1 outlet or account that fell silent"
    assert 0 < row["documents"] < run.summary["documents"]
    assert row["tau"] > 0.8
    channels = {row["left_out"] for row in found["without_channel"]}
    assert channels == {"media", "facebook", "x", "instagram"}


def test_a_first_place_of_a_minority_of_rebuilds_is_a_warning(audited: dict[str, Any]) -> None:
    first = {"unit": "citya", "above_next": 0.3}
    widths = {**audited["rank_intervals"], "units": [first]}
    steps = {check.name: check for check in check_steps({**audited, "rank_intervals": widths})}
    robust = steps["uncertainty and sensitivity"]
    assert robust.verdict == "WARN"
    assert "citya is first, but above the second in 30% of the rebuilds only" in robust.reason


def test_cells_that_are_known_because_the_rest_was_left_out_are_a_warning(
    audited: dict[str, Any],
) -> None:
    known = {"share": 0.98, "share_of_all": 0.45, "indicators": {}, "cities": {}}
    [step] = [c for c in check_steps({**audited, "availability": known}) if c.number == 3]
    assert step.verdict == "WARN"
    assert "98% of the weighted cells are known, 45% of all" in step.reason
