"""What files, servers and folders say reaches a terminal as text, never as its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands import ccgcii

if TYPE_CHECKING:
    from pathlib import Path

RED, TITLE, OVERRIDE = "\x1b[31m", "\x1b]0;yours\x07", "\u202e"


def test_columns_and_reasons_of_a_file_hold_no_commands(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("")
    head = f"url,text\x1b\x07{OVERRIDE},channel"
    path = tmp_path / "a.csv"
    path.write_text(f"{head}\nhttps://a.com/1,Wuhan,x\nhttps://a.com/2,c,{RED}\n")
    run = ccgcii("import", path, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "text = text" in run.stderr
    assert not {"\x1b", "\x07", OVERRIDE} & set(run.stdout + run.stderr)


def test_an_error_that_quotes_a_file_holds_no_commands(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("")
    path = tmp_path / "a.csv"
    path.write_text(f"gdp{RED},{TITLE}population\n1,2\n")
    for run in (
        ccgcii("import", path, cwd=tmp_path),
        ccgcii("import", "--format", RED, path, cwd=tmp_path),
    ):
        assert run.returncode == 1
        assert run.stderr.startswith("error: ")
        assert not {"\x1b", "\x07"} & set(run.stderr)


@pytest.mark.parametrize("name", ["a[/red]", "[bold]b", "c [link=d]"])
def test_a_folder_may_be_called_as_markup_is(tmp_path: Path, name: str) -> None:
    run = ccgcii("init", name, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert name.split("/", maxsplit=1)[0] in run.stdout
    assert (tmp_path / name / "ccgcii.toml").is_file()
