from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from ccgcii.cli.clean import command as clean_command
from ccgcii.cli.inspect import command as inspect_command
from ccgcii.cli.invocation import Invocation

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = (
    "<html lang='en'><head><title>Bridge opens</title>"
    "<meta name='date' content='2031-05-01'></head>"
    "<body><article><p>Wuhan opened a wonderful bridge.</p></article></body></html>"
)


def inspect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str = ""
) -> Any:
    monkeypatch.chdir(tmp_path)
    return CliRunner().invoke(inspect_command, list(arguments), input=given, obj=Invocation())


def test_a_page_is_shown_step_by_step_also_past_a_drop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    result = inspect(tmp_path, monkeypatch, "page.html", "--json")
    shown = json.loads(result.stdout)
    assert shown["dropped"]["filter"] == "too-short"
    assert shown["title"] == "Bridge opens"
    assert shown["published_at"] is None
    assert shown["language"] == "en"
    (city,) = shown["cities"]
    assert shown["text"][city["start"] : city["end"]] == city["as_written"] == "Wuhan"
    assert (city["name_en"], city["name_zh"]) == ("Wuhan", "武汉")
    assert shown["sentiment"] > 0
    assert "transport" in shown["topics"]


def test_the_rich_view_names_every_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    result = inspect(
        tmp_path, monkeypatch, "page.html.gz", "--url", "https://news.test/2020/05/01/a"
    )
    assert result.exit_code == 0
    for word in ("validity", "relevance", "duplication", "noise", "quality", "Wuhan", "2020-05-01"):
        assert word in result.stdout


def test_a_text_on_standard_input_is_inspected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = inspect(tmp_path, monkeypatch, "-", "--json", given="武汉的美食非常好吃。")
    shown = json.loads(result.stdout)
    assert (shown["language"], shown["dropped"]) == ("zh", None)


def test_lines_are_answered_in_order_and_a_bad_one_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        json.dumps({"id": "a", "text": "Wuhan is great.", "published_at": "2020-05-01"}),
        "{bad",
        json.dumps({"id": "c", "txet": "Wuhan"}),
        json.dumps({"id": "d", "html": PAGE, "title": "Given title"}),
    ]
    result = inspect(tmp_path, monkeypatch, "-", "--ndjson", given="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "c", "d"]
    fields = "id title text published_at date_rule language cities sentiment topics dropped"
    assert list(answers[0]) == fields.split()
    assert (answers[0]["published_at"], answers[0]["date_rule"]) == (
        "2020-05-01T00:00:00Z",
        "given",
    )
    assert "line 2" in answers[1]["error"]
    assert "txet" in answers[2]["error"]
    assert answers[3]["title"] == "Given title"
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_a_window_applies_only_where_there_is_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"id": 1, "text": "Wuhan is a great city.", "published_at": "2019-05-01"})
    free = json.loads(inspect(tmp_path, monkeypatch, "-", "--ndjson", given=line).stdout)
    (tmp_path / "ccgcii.toml").write_text("[study]\nsince = 2020-01-01\nuntil = 2020-12-31\n")
    bound = json.loads(inspect(tmp_path, monkeypatch, "-", "--ndjson", given=line).stdout)
    assert free["dropped"] is None
    assert bound["dropped"]["filter"] == "outside-window"


def test_clean_prints_the_funnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ccgcii.toml").write_text("[execution]\nworkers = 1\n")
    with Invocation().workspace(create=True) as workspace:
        assert workspace.engine
    result = CliRunner().invoke(clean_command, [], obj=Invocation())
    assert result.exit_code == 0
    assert "names-no-city" in result.stdout
    assert "0 captures" in result.stderr
    machine = CliRunner().invoke(clean_command, ["--again", "--json"], obj=Invocation())
    assert json.loads(machine.stdout)["captures"] == 0
