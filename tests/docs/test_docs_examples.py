"""Every example of the docs is a file of examples/plugins, word for word, and runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ccgcii import load_mapping
from ccgcii.config import Settings
from ccgcii.plugins import Plugins
from ccgcii.testing.corpus import sample_corpus
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "plugins"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("add-a-source", "add-a-filter", "add-an-indicator")
BRINGS = {
    "hello_wire": "source hello-wire",
    "hello_news": "source hello-news",
    "hello_export": "source hello-export",
    "weather_table": "filter weather-table",
    "weekend": "indicator weekend_share",
}


def blocks(page: str, language: str) -> list[str]:
    content = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [body for found, body in BLOCK.findall(content) if found == language]


def test_the_examples_are_those_of_the_folder_word_for_word() -> None:
    shown: dict[str, str] = {}
    for page in PAGES:
        for body in blocks(page, "python"):
            head, _, code = body.partition("\n")
            if head.startswith("# examples/plugins/"):
                shown[head.removeprefix("# examples/plugins/")] = code
    assert shown == {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.py")}


@pytest.mark.parametrize("name", BRINGS)
def test_an_example_loads_as_a_single_file(name: str) -> None:
    plugins = Plugins.load(files=[EXAMPLES / f"{name}.py"])
    (status,) = [status for status in plugins.statuses() if status.name == name]
    assert (status.status, status.reason, status.brings) == ("ok", "", (BRINGS[name],))


def study(folder: Path, plugin: str, **settings: Any) -> Workspace:
    settings["store"] = {"url": f"sqlite:///{folder}/ccgcii.db", "archive": folder / "archive"}
    return Workspace(Settings(**settings), create=True, files=[EXAMPLES / f"{plugin}.py"])


def test_the_source_crawls_its_articles(tmp_path: Path) -> None:
    from ccgcii.crawling.runs import crawl

    def answer(ask: Ask) -> Reply:
        front = b"<article><a href='/a'>A</a></article><article><a href='/b'>B</a></article>"
        return Reply(front if ask.path == "/" else b"<h1>Wuhan</h1>", 200)

    with LoopbackServer(answer) as server:
        hosts = {"hello.example": "127.0.0.1"}
        sources = {"hello-news": {"front": server.url("hello.example", "/")}}
        with study(
            tmp_path, "hello_news", crawl={"delay": 0, "hosts": hosts}, sources=sources
        ) as workspace:
            crawl(workspace, ["hello-news"])
            with workspace.engine.connect() as connection:
                hints = connection.execute(text("SELECT hints FROM capture")).scalars().all()
    assert [json.loads(hint)["title"] for hint in hints] == ["Wuhan", "Wuhan"]


def test_the_reader_imports_its_export(tmp_path: Path) -> None:
    from ccgcii.importing.runs import import_files

    export = tmp_path / "export.csv"
    export.write_text("Hello Id,Hello Text,When,Hearts\n7,Wuhan,2020-03-01 20:00:00,5\n")
    with study(tmp_path, "hello_export") as workspace:
        (file,) = import_files(workspace, [export]).files
        with workspace.engine.connect() as connection:
            payload = connection.execute(text("SELECT payload FROM capture_record")).scalar_one()
    assert (file.format, file.new) == ("hello-export", 1)
    assert json.loads(payload)["published_at"] == "2020-03-02T01:00:00Z"
    assert json.loads(payload)["likes"] == 5


def test_the_filter_drops_what_its_page_says(tmp_path: Path) -> None:
    (tmp_path / "weather_table.py").write_bytes((EXAMPLES / "weather_table.py").read_bytes())
    (first, *_) = blocks("add-a-filter", "sh")
    script = f'ccgcii() {{ "{sys.executable}" -m ccgcii "$@"; }}\n{first}'
    run = subprocess.run(
        ["sh", "-e", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    dropped = json.loads(run.stdout)["dropped"]
    assert dropped == {
        "layer": 4,
        "filter": "weather-table",
        "reason": "6 temperatures: a weather report",
    }


def test_the_indicator_gives_a_share_for_the_cities_that_are_heard() -> None:
    plugins = Plugins.load(files=[EXAMPLES / "weekend.py"])
    (indicator,) = [i for i in plugins.indicators() if i.id == "weekend_share"]
    shares = indicator.compute(sample_corpus())
    assert shares.between(0, 1).all()
    assert shares.mean() == pytest.approx(2 / 7, abs=0.1)


def test_the_test_of_the_smallest_source_passes_on_its_recording() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "examples/plugins/test_hello_wire.py"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": f"{EXAMPLES}:{':'.join(sys.path)}"},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_smallest_source_has_at_most_twenty_lines_of_code() -> None:
    lines = (EXAMPLES / "hello_wire.py").read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 20


@pytest.mark.parametrize("page", PAGES)
def test_the_tests_of_the_docs_pass(page: str, tmp_path: Path) -> None:
    (code,) = [body for body in blocks(page, "python") if body.startswith("# test_")]
    name = code.splitlines()[0].removeprefix("# ")
    (tmp_path / name).write_text(code)
    (tmp_path / "export.csv").write_text("Hello Id,Hello Text,When,Likes\n7,Wuhan,2020-03-01,5\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{EXAMPLES}:{':'.join(sys.path)}"},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_mappings_of_the_docs_are_ones(tmp_path: Path) -> None:
    simple, full = blocks("import", "toml")
    (tmp_path / "m.toml").write_text(simple)
    assert load_mapping(tmp_path / "m.toml").columns["text"] == ("message", "description")
    (tmp_path / "m.toml").write_text(full)
    assert set(load_mapping(tmp_path / "m.toml").only) == {"facebook"}


def test_every_link_of_the_docs_leads_somewhere() -> None:
    for page in [*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"
