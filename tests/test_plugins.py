"""Plugins: loaded one by one, each trouble named and kept to its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii.errors import PluginError
from ccgcii.plugins import Plugins, PluginStatus

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '''
"""A report of one line."""
from ccgcii import hookimpl

class LineReport:
    name = "{name}"
    suffix = ".txt"
    def write(self, results, path):
        path.write_text("ok")

@hookimpl
def ccgcii_reports():
    return [LineReport()]
'''


def plugin(folder: Path, name: str, code: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(code, encoding="utf-8")
    return path


def status_of(plugins: Plugins, name: str) -> PluginStatus:
    return next(status for status in plugins.statuses() if status.name == name)


def test_a_single_file_is_a_plugin_without_packaging(tmp_path: Path) -> None:
    plugins = Plugins.load(files=[plugin(tmp_path, "lines", GOOD.format(name="line"))])
    assert "line" in plugins.reports()
    assert status_of(plugins, "lines").brings == ("report line",)


def test_the_built_ins_come_through_the_same_entry_points() -> None:
    names = {status.name for status in Plugins.load().statuses() if status.status == "ok"}
    assert {"news", "imports", "cleaning", "indicators", "methods", "reports"} <= names


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import not_there", "No module named 'not_there'"),
        ("this is no python", "SyntaxError"),
        (
            "from ccgcii import hookimpl\n@hookimpl\ndef ccgcii_indicatrs():\n    return []\n",
            "unknown hook 'ccgcii_indicatrs'; did you mean 'ccgcii_indicators'?",
        ),
        (
            "from ccgcii import hookimpl\n@hookimpl\ndef ccgcii_filters():\n    return [42]\n",
            "42 is not a filter",
        ),
        (
            "from ccgcii import hookimpl\n@hookimpl\ndef ccgcii_methods():\n    return 1 / 0\n",
            "ZeroDivisionError",
        ),
        (
            "from ccgcii import hookimpl\n@hookimpl\ndef ccgcii_reports():\n    return None\n",
            "TypeError",
        ),
        (
            "from ccgcii import hookimpl\n@hookimpl\ndef ccgcii_filters(studdy):\n    return []\n",
            "studdy",
        ),
    ],
)
def test_a_broken_plugin_is_shown_with_its_reason_and_costs_only_itself(
    tmp_path: Path, code: str, reason: str
) -> None:
    files = [
        plugin(tmp_path, "bad", code),
        plugin(tmp_path, "lines", GOOD.format(name="line")),
    ]
    plugins = Plugins.load(files=files)
    status = status_of(plugins, "bad")
    assert status.status == "broken"
    assert reason in status.reason
    assert "line" in plugins.reports()


@pytest.mark.parametrize(
    ("name", "reason"), [("gone.py", "no such file"), ("list.txt", "its name ends in .py")]
)
def test_a_file_that_cannot_be_a_plugin_says_why(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "list.txt").write_text("no code\n", encoding="utf-8")
    plugins = Plugins.load(files=[tmp_path / name])
    assert reason in status_of(plugins, name.partition(".")[0]).reason


def test_strict_mode_raises_for_authors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCGCII_STRICT_PLUGINS", "1")
    with pytest.raises(PluginError, match="not_there"):
        Plugins.load(files=[plugin(tmp_path, "bad", "import not_there")])


def test_two_things_of_one_name_are_an_error_that_names_both_owners(tmp_path: Path) -> None:
    files = [plugin(tmp_path, name, GOOD.format(name="line")) for name in ("first", "second")]
    with pytest.raises(PluginError, match=r"'first' and 'second' both give report 'line'"):
        Plugins.load(files=files).reports()


def test_two_plugins_of_one_name_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files = [plugin(folder, "twin", "") for folder in (tmp_path, tmp_path / "other")]
    with pytest.raises(PluginError, match="two plugins are called 'twin'"):
        Plugins.load(files=files)


def test_a_disabled_plugin_is_never_imported(tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    code = f"open({str(mark)!r}, 'w')"
    plugins = Plugins.load(disabled=["loud"], files=[plugin(tmp_path, "loud", code)])
    assert status_of(plugins, "loud").status == "disabled"
    assert not mark.exists()


def test_the_allow_list_of_the_environment_keeps_all_others_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCGCII_PLUGINS", "lines")
    plugins = Plugins.load(files=[plugin(tmp_path, "lines", GOOD.format(name="line"))])
    assert [status.name for status in plugins.statuses() if status.status == "ok"] == ["lines"]


def test_an_unknown_name_to_leave_out_is_refused_with_a_suggestion() -> None:
    with pytest.raises(PluginError, match="did you mean 'news'"):
        Plugins.load(disabled=["newz"])


def test_a_listener_that_raises_is_heard_of_and_not_fatal(tmp_path: Path) -> None:
    code = (
        "from ccgcii import hookimpl\n@hookimpl\n"
        "def ccgcii_run_finished(run):\n    raise ValueError('no mail server')\n"
    )
    plugins = Plugins.load(files=[plugin(tmp_path, "mailer", code)])
    assert plugins.finished(object()) == [
        "plugin 'mailer': ValueError: no mail server (mailer.py:4)"
    ]


def test_the_same_plugins_load_again_from_their_arguments(tmp_path: Path) -> None:
    plugins = Plugins.load(["news"], [plugin(tmp_path, "lines", GOOD.format(name="line"))])
    again = Plugins.load(**plugins.arguments())
    assert again.statuses() == plugins.statuses()
