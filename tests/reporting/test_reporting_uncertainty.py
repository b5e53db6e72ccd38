from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ccgcii.errors import ConfigError, RecipeError, ScoreError
from ccgcii.reporting.matrices import read_matrix, read_tree
from ccgcii.reporting.runs import latest_score
from ccgcii.scoring import Recipe, score
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., Any]

MATRIX = "unit,a,b\nx,10,1\ny,5,3\nz,0,2\n"
TREE = "id,parent,direction,weight\nindex,,1,\na,index,1,\nb,index,1,\n"


@pytest.fixture
def table(tmp_path: Path) -> tuple[str, ...]:
    matrix, tree = tmp_path / "m.csv", tmp_path / "t.csv"
    matrix.write_text(MATRIX, encoding="utf-8")
    tree.write_text(TREE, encoding="utf-8")
    return ("--matrix", str(matrix), "--tree", str(tree))


def test_a_stored_score_comes_back_to_the_same_digits(scored: Call, config: Path) -> None:
    shown = json.loads(scored("report", "--json").stdout)["ranking"]
    with Workspace.open(config) as workspace:
        with workspace.engine.connect() as store:
            run = latest_score(store)
            matrix = read_matrix(store, run)
        recipe = Recipe.from_dict(run.recipe)
        ranking = score(matrix, read_tree(run), recipe, methods=workspace.plugins.methods())
    stored = {row["city"]: row["index"] for row in shown if row["index"] is not None}
    assert ranking.index.dropna().to_dict() == stored


def test_the_newest_score_is_rebuilt_and_its_ranks_are_the_nominal_ones(scored: Call) -> None:
    ranking = json.loads(scored("report", "--json").stdout)["ranking"]
    result = json.loads(scored("uncertainty", "--quick", "--draws", "30", "--json").stdout)
    assert [row["unit"] for row in result["units"]] == [row["city"] for row in ranking]
    assert [row["rank"] for row in result["units"]] == [row["rank"] for row in ranking]
    assert result["factors"][-1] == "channel"
    assert {row["left_out"] for row in result["without_channel"]} >= {"media"}
    assert len(result["without_indicator"]) == 60
    assert result["sensitivity"] is None


def test_a_seed_gives_the_same_digits_again(scored: Call) -> None:
    call = ("uncertainty", "--quick", "--draws", "20", "--seed", "3", "--json")
    assert scored(*call).stdout == scored(*call).stdout


def test_the_tables_fit_a_terminal(scored: Call) -> None:
    output = scored("uncertainty", "--quick", "--draws", "20", "--sensitivity", "4").stdout
    assert "Sampling: --quick reads no documents" in output
    assert "Method: other methods than ccgcii-2020, 20 draws" in output
    assert "Experts: no expert has adjusted this score" in output
    # Without documents nobody can say what the indicators of several channels would be.
    assert "Ranks moved without the indicators of one channel alone" in output
    assert "Share of the rank changes that a choice explains (Sobol)" in output
    assert max(map(len, output.splitlines())) <= 120


def test_any_table_can_be_rebuilt(ccgcii: Call, table: tuple[str, ...]) -> None:
    result = json.loads(ccgcii("uncertainty", *table, "--draws", "50", "--json").stdout)
    assert result["units"][0]["unit"] == "y"
    assert 0 < result["units"][0]["above_next"] <= 1
    assert result["without_channel"] == []
    assert np.isfinite([row["mean_shift"] for row in result["without_indicator"]]).all()


@pytest.mark.parametrize("command", ["score", "uncertainty"])
def test_a_table_may_hold_groups_beside_its_indicators(
    ccgcii: Call, table: tuple[str, ...], tmp_path: Path, command: str
) -> None:
    _, matrix, _, _ = table
    Path(matrix).write_text("unit,region,a,b\nx,north,10,1\ny,north,,3\nz,south,0,2\n", "utf-8")
    recipe = tmp_path / "grouped.toml"
    grouped = 'imputation = { method = "group_mean", by = "region" }\nnormalisation = "minmax"\n'
    recipe.write_text(f'{grouped}weighting = "equal"\naggregation = "arithmetic"\n', "utf-8")
    result = json.loads(ccgcii(command, *table, "--recipe", str(recipe), "--json").stdout)
    first = result["units"][0]
    assert (first["unit"], first["rank"]) == ("y", 1)  # 10, as x, and 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["--tree"], ConfigError, "belong together"),
        (["--sensitivity", "100"], ScoreError, "no power of two"),
        (["--recipe", "robus"], RecipeError, "did you mean 'robust'"),
    ],
)
def test_what_cannot_be_is_refused(
    ccgcii: Call,
    table: tuple[str, ...],
    arguments: list[str],
    error: type[Exception],
    message: str,
) -> None:
    arguments = [*arguments, table[3]] if arguments == ["--tree"] else [*table, *arguments]
    result = ccgcii("uncertainty", *arguments, "--draws", "5", fails=True)
    assert isinstance(result.exception, error)
    assert message in str(result.exception)


def test_before_the_first_score_there_is_nothing_to_rebuild(ccgcii: Call) -> None:
    result = ccgcii("uncertainty", fails=True)
    assert "run `ccgcii score`" in str(result.exception)


def test_the_layers_are_kept_apart_and_documents_are_left_out(scored: Call) -> None:
    call = ("uncertainty", "--draws", "9", "--samples", "4", "--every-source", "--json")
    result = json.loads(scored(*call).stdout)
    sampling = {row["unit"]: row for row in result["sampling"]["units"]}
    assert result["sampling"]["draws"] == 4
    assert [row["unit"] for row in result["units"]] == [*sampling]
    assert all({"low", "high", "top10", "top30", "above_next"} <= {*r} for r in sampling.values())
    assert result["experts"]["reason"].startswith("no expert")
    channels = {row["left_out"]: row for row in result["without_channel"]}
    assert {*channels} == {"media", "facebook", "x", "instagram", "youtube"}
    assert all(row["documents"] > 0 for row in channels.values())
    # The sample has one source: without it nothing is left to be ranked.
    [row] = result["without_source"]
    assert row["left_out"] == "sample (unavailable)"
    assert row["documents"] == 0
    assert row["tau"] is None


def test_a_quick_look_reads_no_documents_and_says_so(scored: Call) -> None:
    result = json.loads(scored("uncertainty", "--quick", "--draws", "9", "--json").stdout)
    assert result["sampling"]["reason"] == "--quick reads no documents"
    assert result["without_source"] == []
