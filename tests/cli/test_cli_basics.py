"""The command line as its users meet it: help, typos, first steps, wrong files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ccgcii.cli.group import COMMANDS
from tests.commands import ccgcii

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(tmp_path: Path, name: str) -> None:
    run = ccgcii(name, "--help", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "Usage:" in run.stdout


@pytest.mark.parametrize(
    ("name", "option"),
    [
        *((name, "--since") for name in ("crawl", "findings", "record", "score")),
        ("purge", "--before"),
    ],
)
def test_a_day_is_called_one_and_a_wrong_one_is_told(
    tmp_path: Path, name: str, option: str
) -> None:
    assert f"{option} DAY" in ccgcii(name, "--help", cwd=tmp_path).stdout
    run = ccgcii(name, option, "2020-02-30", cwd=tmp_path)
    assert run.returncode == 2
    assert f"'{option}': '2020-02-30' is no day like 2020-01-31" in run.stderr


def test_a_mistyped_command_gets_a_suggestion(tmp_path: Path) -> None:
    run = ccgcii("crwal", cwd=tmp_path)
    assert run.returncode == 2
    assert "did you mean 'crawl'" in run.stderr


def test_init_writes_a_study_that_config_reads(tmp_path: Path) -> None:
    assert ccgcii("init", "study", cwd=tmp_path).returncode == 0
    run = ccgcii("config", "--json", cwd=tmp_path / "study")
    assert json.loads(run.stdout)["study"]["since"] == "2020-01-01"
    assert (tmp_path / "study" / "ccgcii.db").exists()


def test_init_makes_a_key_for_authors_once_and_for_its_owner_only(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert ccgcii("init", name, cwd=tmp_path).returncode == 0
    kept = [(tmp_path / name / ".env").read_text(encoding="utf-8") for name in ("one", "two")]
    assert kept[0] != kept[1]
    assert (tmp_path / "one" / ".env").stat().st_mode & 0o077 == 0
    key = kept[0].rpartition("=")[2].strip()
    assert len(key) == 64
    run = ccgcii("config", "--json", cwd=tmp_path / "one")
    stored = (tmp_path / "one" / "ccgcii.db").read_bytes()
    assert key not in run.stdout
    assert key.encode() not in stored
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".env").write_text("CCGCII__SECRETS__X=1\n", encoding="utf-8")
    assert ccgcii("init", "mine", cwd=tmp_path).returncode == 0
    assert (tmp_path / "mine" / ".env").read_text(encoding="utf-8") == "CCGCII__SECRETS__X=1\n"


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("# mine\n", encoding="utf-8")
    run = ccgcii("init", cwd=tmp_path)
    assert run.returncode == 1
    assert "is there already" in run.stderr
    assert (tmp_path / "ccgcii.toml").read_text(encoding="utf-8") == "# mine\n"


def test_a_command_without_a_study_says_how_to_make_one(tmp_path: Path) -> None:
    run = ccgcii("report", cwd=tmp_path)
    assert run.returncode == 1
    assert "ccgcii init" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unknown_key_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("[crawl]\ndelai = 2\n", encoding="utf-8")
    run = ccgcii("crawl", cwd=tmp_path)
    assert run.returncode == 1
    assert "unknown key 'crawl.delai'; did you mean 'delay'?" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_broken_plugin_is_listed_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import not_there\n", encoding="utf-8")
    run = ccgcii("--plugin", "bad.py", "plugins", "--json", cwd=tmp_path)
    found = {plugin["name"]: plugin for plugin in json.loads(run.stdout)}
    assert found["bad"]["status"] == "broken"
    assert "not_there" in found["bad"]["reason"]
    assert found["news"]["status"] == "ok"


def test_a_plugin_can_be_left_out_for_one_call(tmp_path: Path) -> None:
    run = ccgcii("--no-plugin", "news", "plugins", "--json", cwd=tmp_path)
    statuses = {plugin["name"]: plugin["status"] for plugin in json.loads(run.stdout)}
    assert statuses["news"] == "disabled"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:planted1@127.0.0.1:1/c",
        "postgresql//ann:planted1@127.0.0.1:1/c",
        "postgresql://127.0.0.1:1/c?user=ann&password=planted1",
    ],
)
def test_secrets_and_passwords_are_hidden(tmp_path: Path, url: str) -> None:
    (tmp_path / "ccgcii.toml").write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
    (tmp_path / ".env").write_text("CCGCII__SECRETS__KEY=planted2\n", encoding="utf-8")
    assert "planted" not in ccgcii("report", cwd=tmp_path).stderr
    for arguments in (("config",), ("config", "--json")):
        run = ccgcii(*arguments, cwd=tmp_path)
        assert run.returncode == 0
        assert "planted" not in run.stdout + run.stderr
        assert "ann" in run.stdout
