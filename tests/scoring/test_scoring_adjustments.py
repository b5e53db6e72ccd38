"""Experts' adjustments: within bounds, with evidence and agreement, beside what was computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from ccgcii import CcgciiError, Ranking, Recipe, ScoreError, score
from ccgcii.scoring import Node, Tree
from ccgcii.scoring.adjustments import adjust
from ccgcii.scoring.opinions import COLUMNS, measure_agreement, read_opinions

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii import Method

    Methods = dict[tuple[str, str], Method]

TREE = Tree(
    (
        Node("index"),
        Node("reach", "index"),
        Node("speed", "index"),
        Node("documents", "reach"),
        Node("authors", "reach"),
        Node("early", "speed"),
    )
)
CITIES = ["beijing", "wuhan", "xiamen", "jinan", "dalian", "harbin", "suzhou", "wuxi"]
CASES: list[tuple[str, str, str, tuple[float, ...]]] = [
    ("beijing", "index", "", (0.95, 0.96, 0.94)),
    ("wuhan", "dimension", "speed", (1.08, 1.10, 1.07)),
    ("xiamen", "indicator", "documents", (1.02, 1.03, 1.02)),
    ("jinan", "index", "", (1.0, 1.0, 0.99)),
]


@pytest.fixture(scope="module")
def ranking(methods: Methods) -> Ranking:
    cells = np.random.default_rng(3).integers(1, 100, (8, 3)).astype(float)
    matrix = pd.DataFrame(cells, index=CITIES, columns=TREE.leaves)
    return score(matrix, TREE, "ccgcii-2020", methods=methods)


def rows(cases: list[tuple[str, str, str, tuple[float, ...]]] = CASES) -> list[list[str]]:
    return [
        [city, level, target, str(factor), "a reason", "https://a.example; 17", expert, "1"]
        for city, level, target, factors in cases
        for expert, factor in zip(("Li", "Wu", "Xu", "Ma"), factors, strict=False)
    ]


def write(folder: Path, lines: list[list[str]]) -> Path:
    path = folder / "experts.csv"
    table = [list(COLUMNS), *lines]
    path.write_text("\n".join(",".join(line) for line in table) + "\n", encoding="utf-8")
    return path


def test_medians_are_applied_last_and_shown_beside_the_computed(
    ranking: Ranking, methods: Methods, tmp_path: Path
) -> None:
    adjusted = adjust(ranking, read_opinions(write(tmp_path, rows())), methods=methods)
    table = adjusted.table()
    assert list(table.columns) == [
        "computed",
        "adjusted",
        "computed_rank",
        "adjusted_rank",
        "moved",
    ]
    assert table.loc["beijing", "adjusted"] == pytest.approx(0.95 * ranking.index["beijing"])
    assert table.loc["jinan", "adjusted"] == ranking.index["jinan"]
    assert (table["computed_rank"] == ranking.ranks[table.index]).all()
    speed = adjusted.table("speed")
    assert speed.loc["wuhan", "adjusted"] == pytest.approx(1.08 * ranking.nodes["speed"]["wuhan"])
    gained = table["adjusted"]["wuhan"] - ranking.index["wuhan"]
    own = ranking.weights["speed"] * 0.08 * ranking.nodes["speed"]["wuhan"]
    assert gained == pytest.approx(own)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "line 2: beijing index has no score"),
        ({"normalisation": "zscore", "weighting": "equal"}, "line 8: .* score below zero"),
    ],
)
def test_a_score_that_no_factor_can_move_is_refused(
    methods: Methods, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    cells = np.random.default_rng(3).integers(1, 100, (8, 3)).astype(float)
    cells[5] = 0
    matrix = pd.DataFrame(cells, index=CITIES, columns=TREE.leaves)
    if not change:
        matrix.loc["beijing"] = np.nan
    recipe = Recipe.load("ccgcii-2020").with_overrides(change)
    made = score(matrix, TREE, recipe, methods=methods)
    cases = [("beijing", "index", "", (1.0 if change else 0.95,) * 3), *CASES[1:2]]
    cases.append(("harbin", "index", "", (1.05, 1.06, 1.07)))
    with pytest.raises(ScoreError, match=message):
        adjust(made, read_opinions(write(tmp_path, rows(cases))), methods=methods)


def test_nobody_else_changes_by_a_digit(ranking: Ranking, methods: Methods, tmp_path: Path) -> None:
    adjusted = adjust(ranking, read_opinions(write(tmp_path, rows())), methods=methods)
    others = ["jinan", "dalian", "harbin", "suzhou", "wuxi"]
    assert adjusted.nodes.loc[others].equals(ranking.nodes.loc[others])


def test_everything_behind_a_factor_is_in_the_data(
    ranking: Ranking, methods: Methods, tmp_path: Path
) -> None:
    adjusted = adjust(ranking, read_opinions(write(tmp_path, rows())), methods=methods)
    data = json.loads(json.dumps(adjusted.to_dict(), allow_nan=False))
    assert data["agreement"]["w"] > 0.9
    assert data["agreement"]["p"] < 0.05
    first = data["factors"][0]
    assert (first["city"], first["factor"]) == ("beijing", 0.95)
    assert first["opinions"][0]["evidence"] == ["https://a.example", "17"]
    assert {"unit", "computed", "adjusted", "moved"} <= set(data["units"][0])


def test_the_last_round_counts(ranking: Ranking, methods: Methods, tmp_path: Path) -> None:
    second = [[*row[:3], "0.97", *row[4:7], "2"] for row in rows() if row[0] == "beijing"]
    adjusted = adjust(ranking, read_opinions(write(tmp_path, rows() + second)), methods=methods)
    assert next(iter(adjusted.factors.values())) == 0.97


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("city", "", "line 2: 'city' is empty"),
        ("level", "indx", "line 2: level 'indx' is unknown; did you mean 'index'"),
        ("target", "reach", "line 2: the index has no target"),
        ("factor", "1.11", "line 2: factor '1.11' is not from 0.90 to 1.10"),
        ("factor", "", "line 2: factor '' is not"),
        ("factor", "much", "line 2: 'factor' is not a number"),
        ("reason", "", "line 2: 'reason' is empty"),
        ("evidence", " ; ", "line 2: 'evidence' is empty"),
        ("expert", "", "line 2: 'expert' is empty"),
        ("round", "0", "line 2: round '0' is no round"),
        ("round", "1.5", "line 2: 'round' is not a whole number"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, column: str, value: str, message: str
) -> None:
    lines = rows()
    lines[0][COLUMNS.index(column)] = value
    with pytest.raises(CcgciiError, match=r"experts\.csv, " + message):
        read_opinions(write(tmp_path, lines))


def test_an_expert_has_one_opinion_a_round(tmp_path: Path) -> None:
    with pytest.raises(CcgciiError, match="'Li' has judged beijing index in round 1 before"):
        read_opinions(write(tmp_path, rows() + rows()[:1]))


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([("beijin", "index", "", (1.0, 1.0, 1.0))], r"line 2: 'beijin' is not.*mean 'beijing'"),
        ([("wuhan", "dimension", "sped", (1.0, 1.0, 1.0))], "'sped' is no dimension.*'speed'"),
        ([("wuhan", "indicator", "speed", (1.0, 1.0, 1.0))], "'speed' is no indicator"),
        ([(*CASES[0][:3], (0.95, 0.96))], "line 2: beijing index is judged by 2 of the 3 experts"),
        (CASES[:1], "one case alone"),
        ([*CASES[:3], (*CASES[3][:3], (1.0, 1.0, 0.99, 0.98))], "Ma has not judged beijing"),
        (
            [
                ("wuhan", "index", "", (1.1, 0.9, 1.0)),
                ("xiamen", "index", "", (0.9, 1.0, 1.1)),
                ("jinan", "index", "", (1.0, 1.1, 0.9)),
            ],
            r"3 experts do not agree on the 3 cases: Kendall's W = 0\.00, p = 1\.00",
        ),
        (
            [("wuhan", "index", "", (1.0, 1.0, 1.0)), ("jinan", "index", "", (1.0, 1.0, 1.0))],
            "every expert gives all 2 cases one factor",
        ),
        (CASES[:2], r"Kendall's W = 1\.00, p = 0\.2"),
    ],
)
def test_a_panel_that_cannot_judge_is_refused(
    ranking: Ranking,
    methods: Methods,
    tmp_path: Path,
    cases: list[tuple[str, str, str, tuple[float, ...]]],
    message: str,
) -> None:
    opinions = read_opinions(write(tmp_path, rows(cases)))
    with pytest.raises(ScoreError, match=message):
        adjust(ranking, opinions, methods=methods)


def test_a_factor_never_moves_a_city_past_the_cap(methods: Methods, tmp_path: Path) -> None:
    cells = np.column_stack([np.linspace(100, 95, 8)] * 3)
    matrix = pd.DataFrame(cells, index=CITIES, columns=TREE.leaves)
    recipe = Recipe.load("equal").with_overrides(
        {"normalisation": "none", "levels.top.aggregation": "arithmetic"}
    )
    plain = score(matrix, TREE, recipe, methods=methods)
    opinions = read_opinions(write(tmp_path, rows([("wuxi", "index", "", (1.1,) * 3), *CASES[1:]])))
    with pytest.raises(ScoreError, match=r"line 2: wuxi would move by \d ranks, 5 are allowed"):
        adjust(plain, opinions, methods=methods)
    assert adjust(plain, opinions, most_ranks=7, methods=methods).table()["moved"]["wuxi"] > 5


def test_no_opinions_are_no_adjustment(ranking: Ranking, methods: Methods) -> None:
    with pytest.raises(ScoreError, match="no opinions"):
        adjust(ranking, (), methods=methods)


def test_agreement_is_that_of_the_textbook() -> None:
    # Siegel & Castellan 1988, table 9.9: three executives rank six applicants, W = 0.162.
    ranks = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], dtype=float)
    agreement = measure_agreement(ranks)
    assert agreement.w == pytest.approx(0.162, abs=5e-4)
    assert agreement.p > 0.5
    assert measure_agreement(np.array([[1.0, 1], [1, 1], [1, 1]])).w == 0.0
    tied = measure_agreement(np.array([[1.0, 2, 2, 3]] * 3))
    assert tied.w == pytest.approx(1.0)
