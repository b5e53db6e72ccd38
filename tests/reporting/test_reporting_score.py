from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.errors import ConfigError, RecipeError, ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

MATRIX = "unit,a,b\nx,10,1\ny,5,3\nz,0,\n"
TREE = "id,parent,direction,weight\nindex,,1,\na,index,1,\nb,index,1,\n"


@pytest.fixture
def table(tmp_path: Path) -> tuple[str, str]:
    matrix, tree = tmp_path / "m.csv", tmp_path / "t.csv"
    matrix.write_text(MATRIX, encoding="utf-8")
    tree.write_text(TREE, encoding="utf-8")
    return str(matrix), str(tree)


def test_score_prints_exactly_recipe_weights_and_units(ccgcii: Call) -> None:
    result = json.loads(ccgcii("score", "--json").stdout)
    assert [*result] == ["recipe", "weights", "units", "adjusted"]
    assert [*result["units"][0]] == ["unit", "index", "rank", "nodes"]
    assert len(result["units"]) == 5
    assert len(result["units"][0]["nodes"]) == 65
    assert result["units"][-1]["unit"] == "silent"


def test_scoring_again_gives_the_same_digits(ccgcii: Call) -> None:
    assert ccgcii("score", "--json").stdout == ccgcii("score", "--json").stdout


def test_a_score_is_kept_with_its_recipe_and_versions(ccgcii: Call, config: Path) -> None:
    ccgcii("score", "--since", "2020-01-01", "--set", "normalisation.upper=1")
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        kind, state, arguments, versions = store.execute(
            "SELECT kind, state, arguments, versions FROM run"
        ).fetchone()
        body = store.execute("SELECT body FROM recipe").fetchone()[0]
    store.close()
    assert (kind, state) == ("score", "done")
    assert json.loads(arguments)["since"] == "2020-01-01"
    assert "pandas" in json.loads(versions)
    assert json.loads(body)["normalisation"]["upper"] == 1


def test_a_table_is_scored_without_a_store(
    ccgcii: Call, config: Path, table: tuple[str, str]
) -> None:
    (config.parent / "ccgcii.db").unlink()
    config.unlink()
    result = json.loads(ccgcii("score", "--matrix", table[0], "--tree", table[1], "--json").stdout)
    assert result["recipe"]["name"] == "ccgcii-2020"
    assert set(result["weights"]) == {"a", "b"}
    assert not (config.parent / "ccgcii.db").exists()


def test_set_changes_one_entry_of_the_recipe(ccgcii: Call, table: tuple[str, str]) -> None:
    arguments = ("score", "--matrix", table[0], "--tree", table[1], "--set", "weighting=equal")
    assert json.loads(ccgcii(*arguments, "--json").stdout)["weights"] == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["--matrix"], ConfigError, "belong together"),
        (["--set", "weighting"], ConfigError, "KEY=VALUE"),
        (["--set", "wieghting=equal"], RecipeError, "weighting"),
        (["--recipe", "ccgcii-2021"], RecipeError, "ccgcii-2020"),
        (["--since", "2018-01-01"], ScoreError, "not inside the study"),
    ],
)
def test_mistakes_are_errors_with_the_next_step(
    ccgcii: Call, table: tuple[str, str], arguments: list[str], error: type, message: str
) -> None:
    if arguments == ["--matrix"]:
        arguments = ["--matrix", table[0]]
    result = ccgcii("score", *arguments, fails=True)
    assert isinstance(result.exception, error)
    assert message in str(result.exception)


def test_nothing_to_score_is_an_error_and_the_run_is_marked(ccgcii: Call, config: Path) -> None:
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        store.execute("UPDATE document SET dropped = 1")
    store.close()
    result = ccgcii("score", fails=True)
    assert isinstance(result.exception, ScoreError)
    assert "ccgcii clean" in str(result.exception)
    assert "no score yet" in ccgcii("report").stderr


def test_the_table_shows_dimensions_and_notes_go_to_stderr(ccgcii: Call) -> None:
    result = ccgcii("score")
    assert "responsiveness" in result.stdout
    assert "beijing" in result.stdout
    assert "left out" in result.stderr
    assert "left out" not in result.stdout


def test_a_broken_indicator_of_a_plugin_costs_only_itself(config: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from ccgcii.cli import cli

    plugin = tmp_path / "my_night.py"
    plugin.write_text(
        "from ccgcii import hookimpl, indicator\n"
        "@indicator('N01', dimension='breadth', empty=0)\n"
        "def nights(corpus):\n"
        "    '''Fail.'''\n"
        "    return corpus.count('no_such_column = 1')\n"
        "@hookimpl\n"
        "def ccgcii_indicators():\n"
        "    return [nights]\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(
        cli, ["--config", str(config), "--plugin", str(plugin), "score", "--json"]
    )
    assert result.exit_code == 0, result.exception
    assert "N01: failed and is left out" in result.stderr
    assert json.loads(result.stdout)["weights"]["N01"] == 0
