"""`ccgcii import` as its users meet it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commands import ccgcii

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "ccgcii.toml").write_text("")
    (tmp_path / "posts.csv").write_text("id_str,full\n1,Wuhan\n2\n")
    return tmp_path


def test_the_outcome_goes_to_standard_output_and_what_is_refused_to_the_other(
    study: Path,
) -> None:
    run = ccgcii("import", "posts.csv", cwd=study)
    assert run.returncode == 0, run.stderr
    assert "generic (CSV" in run.stdout
    assert "posts.csv: channel x; id = id_str, text = full" in run.stderr
    assert "posts.csv: line 3: 1 column, the header has 2" in run.stderr


def test_a_missing_file_gives_exit_code_one_and_the_others_are_imported(study: Path) -> None:
    run = ccgcii("import", "--json", "none.csv", "posts.csv", cwd=study)
    assert run.returncode == 1
    summary = json.loads(run.stdout)
    assert (summary["state"], summary["new"], summary["refused"]) == ("failed", 1, 1)
    assert "none.csv: no such file" in run.stderr
    assert "Traceback" not in run.stderr


def test_without_a_terminal_no_progress_bar_leaves_an_empty_line(study: Path) -> None:
    for command in (["import", "posts.csv"], ["clean"]):
        run = ccgcii(*command, cwd=study)
        assert run.returncode == 0, run.stderr
        assert "" not in run.stderr.splitlines()
    assert "1 capture cleaned" in run.stderr
    assert "documents telling 0 stories" in run.stderr
