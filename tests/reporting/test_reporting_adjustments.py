"""Experts' opinions on the command line: refused with reasons, or kept beside what was computed."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

HEAD = "city,level,target,factor,reason,evidence,expert,round"
CASES = [
    ("beijing", "index", "", (0.97, 0.96, 0.98)),
    ("wuhan", "dimension", "breadth", (1.05, 1.04, 1.06)),
    ("dezhou", "indicator", "P01", (1.0, 1.0, 1.0)),
    ("sanya", "index", "", (0.93, 0.92, 0.94)),
]


def lines(evidence: str = "https://a.example/1; 5") -> list[str]:
    return [
        f"{city},{level},{target},{factor},seen by hand,{evidence},{expert},1"
        for city, level, target, factors in CASES
        for expert, factor in zip(("Li", "Wu", "Xu"), factors, strict=True)
    ]


def write(folder: Path, rows: list[str]) -> str:
    path = folder / "opinions.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return str(path)


@pytest.fixture
def adjusted(ccgcii: Call, config: Path) -> Any:
    """Score the sample with opinions, and give what was printed as JSON."""
    return json.loads(ccgcii("score", "--adjust", write(config.parent, lines()), "--json").stdout)


def test_computed_and_adjusted_stand_side_by_side(adjusted: Any, ccgcii: Call) -> None:
    units = {row["unit"]: row for row in adjusted["adjusted"]["units"]}
    beijing = units["beijing"]
    assert beijing["adjusted"] == pytest.approx(0.97 * beijing["computed"])
    assert adjusted["adjusted"]["agreement"]["experts"] == 3
    results = json.loads(ccgcii("report", "--json").stdout)
    rows = {row["city"]: row for row in results["ranking"]}
    assert rows["beijing"]["adjusted"] == beijing["adjusted"]
    assert rows["beijing"]["index"] == beijing["computed"]
    assert rows["beijing"]["adjusted_rank"] == beijing["adjusted_rank"]
    assert results["adjustments"]["factors"][0]["opinions"][0]["reason"] == "seen by hand"
    shown = ccgcii("report").stdout
    assert "adjusted" in shown
    assert "3 experts in 4 cases" in shown


def test_every_opinion_is_kept_with_the_run(adjusted: Any, config: Path) -> None:
    assert adjusted["adjusted"]
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        rows = store.execute(
            "SELECT expert, factor, evidence FROM adjustment WHERE level = 'index'"
        )
        assert ("Li", 0.97, '["https://a.example/1", "5"]') in rows.fetchall()
    store.close()


def test_files_and_audit_show_them(adjusted: Any, ccgcii: Call, tmp_path: Path) -> None:
    assert adjusted["adjusted"]
    page, book, table = (tmp_path / f"report.{kind}" for kind in ("html", "xlsx", "csv"))
    for path in (page, book, table):
        ccgcii("report", "--write", path.suffix[1:], str(path))
    assert "Experts&#x27; adjustments" in page.read_text(encoding="utf-8")
    with zipfile.ZipFile(book) as opened:
        assert b"seen by hand" in opened.read("xl/sharedStrings.xml")
    assert "adjusted_rank" in table.read_text(encoding="utf-8-sig").splitlines()[0]
    audit = json.loads(ccgcii("audit", "--json").stdout)
    assert audit["adjustments"]["agreement"]["cases"] == 4


def test_a_score_without_opinions_has_no_column_for_them(scored: Call) -> None:
    results = json.loads(scored("report", "--json").stdout)
    assert results["adjustments"] is None
    assert {row["adjusted"] for row in results["ranking"]} == {None}
    assert "adjusted" not in scored("report").stdout


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row for row in lines() if ",Xu," not in row], "judged by 2 of the 3 experts needed"),
        (lines(evidence=""), "'evidence' is empty"),
        (lines(evidence="trust me"), "'trust me' is neither a link"),
        (lines(evidence="999999"), "the store has no document 999999"),
        (lines(evidence="9" * 30), f"the store has no document {'9' * 30}"),
        (lines(evidence="²"), "'²' is neither a link"),
        ([lines()[0].replace("0.97", "0.80"), *lines()[1:]], "factor '0.80' is not from 0.90"),
        ([row.replace("wuhan", "wuhn") for row in lines()], "did you mean 'wuhan'"),
    ],
)
def test_opinions_are_refused_with_the_reason_and_leave_no_score(
    ccgcii: Call, config: Path, rows: list[str], reason: str
) -> None:
    refused = ccgcii("score", "--adjust", write(config.parent, rows), fails=True)
    assert reason in str(refused.exception)
    assert "opinions.csv" in str(refused.exception)
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        assert store.execute("SELECT count(*) FROM score").fetchone() == (0,)
    store.close()


def test_experts_who_contradict_each_other_are_refused(ccgcii: Call, config: Path) -> None:
    turned = [
        row.replace(",1.05,", ",0.92,").replace(",0.93,", ",1.09,") if ",Li," in row else row
        for row in lines()
    ]
    refused = ccgcii("score", "--adjust", write(config.parent, turned), fails=True)
    assert "do not agree" in str(refused.exception)


def test_a_recipe_called_as_a_shipped_one_has_a_column_of_its_own(
    ccgcii: Call, tmp_path: Path
) -> None:
    own = tmp_path / "robust.toml"
    plain = 'normalisation = "minmax"\nweighting = "equal"\naggregation = "arithmetic"\n'
    own.write_text(plain, encoding="utf-8")
    ccgcii("score", "--recipe", str(own))
    profiles = json.loads(ccgcii("report", "--json").stdout)["profiles"]
    assert profiles["recipes"] == ["robust", "ccgcii-2020", "equal", "robust (shipped)"]
    assert all({*row["ranks"]} == {*profiles["recipes"]} for row in profiles["cities"])
    pairs = [(pair["first"], pair["second"]) for pair in profiles["agreement"]]
    assert ("robust", "robust (shipped)") in pairs


def test_every_shipped_recipe_stands_beside_the_score(scored: Call) -> None:
    profiles = json.loads(scored("report", "--json").stdout)["profiles"]
    assert profiles["recipes"] == ["ccgcii-2020", "equal", "robust"]
    assert len(profiles["agreement"]) == 3
    assert all(-1 <= pair["kendall"] <= 1 for pair in profiles["agreement"])
    shown = scored("report").stdout
    assert "Ranks by every shipped recipe" in shown
    assert "Kendall's tau" in shown


def test_other_experts_of_the_panel_are_a_layer_of_their_own(adjusted: Any, ccgcii: Call) -> None:
    result = json.loads(ccgcii("uncertainty", "--quick", "--draws", "9", "--json").stdout)
    ranks = {row["unit"]: row["rank"] for row in result["experts"]["units"]}
    assert result["experts"]["reason"] == ""
    assert ranks == {row["unit"]: row["adjusted_rank"] for row in adjusted["adjusted"]["units"]}
