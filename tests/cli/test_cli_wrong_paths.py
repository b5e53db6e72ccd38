"""The command line with paths that lead nowhere, broken plugins, and a terminal of 1990."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands import ccgcii

if TYPE_CHECKING:
    from pathlib import Path

JUNK = b"\xa1\x00\xff junk"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    assert ccgcii("init", folder, cwd=tmp_path).returncode == 0
    return folder


def test_a_file_that_cannot_be_written_is_one_line(study: Path) -> None:
    run = ccgcii("sample", "--layer", 1, "--dropped", "--csv", "no/where.csv", cwd=study)
    assert run.returncode == 1
    assert "error: no/where.csv: cannot be read or written (No such file" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_sample_of_nothing_says_so(study: Path) -> None:
    run = ccgcii("sample", "--layer", 1, "--dropped", cwd=study)
    assert run.returncode == 0
    assert "nothing to draw from" in run.stderr


def test_a_recipe_that_is_no_text_is_one_line(study: Path) -> None:
    (study / "junk.toml").write_bytes(JUNK)
    run = ccgcii("score", "--recipe", "junk.toml", cwd=study)
    assert run.returncode == 1
    assert "error: junk.toml: no recipe can be read from it" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_with_nothing_to_import_is_an_error(study: Path) -> None:
    (study / "exports").mkdir()
    run = ccgcii("import", "exports", cwd=study)
    assert run.returncode == 1
    assert "error: exports: no file in it ends in .csv" in run.stderr


def test_a_plugin_that_breaks_is_told_by_the_command_that_does_without_it(study: Path) -> None:
    (study / "mine.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    run = ccgcii("--plugin", "mine.py", "inspect", "-", cwd=study)
    assert "plugin 'mine' is broken" in run.stderr
    assert "nothing_of_that_name" in run.stderr


def test_an_unknown_indicator_is_one_short_line(study: Path) -> None:
    for word in ("P999", "P1", "nothing like it"):
        run = ccgcii("explain", "wuhan", word, cwd=study)
        assert run.returncode == 1
        assert run.stderr == f"error: no indicator {word!r}; `ccgcii indicators` lists them\n"


def test_a_terminal_that_is_not_utf8_gets_escapes(study: Path) -> None:
    (study / "page.txt").write_text("上海的第一天", encoding="utf-8")
    run = ccgcii("inspect", "page.txt", cwd=study, PYTHONUTF8="0", PYTHONIOENCODING="latin-1")
    assert run.returncode == 0, run.stderr
    assert r"\u4e0a" in run.stdout
