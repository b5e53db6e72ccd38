"""Recording a source and replaying it: what is kept, what is told, and what no recording holds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ccgcii import Record, Slice, Source, SourceError
from ccgcii.cli import cli
from ccgcii.config import Settings
from ccgcii.crawling.recordings import Recording
from ccgcii.crawling.rehearsals import record, replay
from ccgcii.testing import LoopbackServer, World
from ccgcii.testing.platforms.meta import MetaServer
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

WIRE = Path(__file__).parents[2] / "examples" / "plugins" / "hello_wire"
TOKEN = "PLANTED|meta/token"


class Wire(Source):
    """The example's source, that also follows what `also` names."""

    name = "hello-wire"
    also = ""

    def slices(self, plan: Any) -> list[Slice]:
        return [Slice("wire", polls=True)]

    def start_slice(self, piece: Slice) -> Iterator[Any]:
        import scrapy

        yield scrapy.Request("https://wire.example/latest.json")

    def parse(self, response: Any, **known: Any) -> Iterator[Any]:
        for item in response.json()["items"]:
            yield Record(id=item["id"], channel="media", url=item["link"], title=item["headline"])
        if self.also:
            yield response.follow(self.also)


def test_what_is_not_recorded_is_named_and_fails() -> None:
    class Curious(Wire):
        also = "/secret.json"

    found = replay(Curious, Recording.open(WIRE))
    assert "GET https://wire.example/secret.json" in found.missing
    assert found.crawls[0].failed == 1


def test_a_page_that_was_changed_is_seen_in_the_pieces(tmp_path: Path) -> None:
    copytree(WIRE, tmp_path / "wire")
    page = tmp_path / "wire" / "002.json"
    page.write_text(page.read_text(encoding="utf-8").replace("bridges", "lakes"), encoding="utf-8")
    recording = Recording.open(tmp_path / "wire")
    pieces = replay(Wire, recording).pieces
    assert any("lakes" in piece["title"] for piece in pieces)
    assert pieces != recording.expected


def test_no_recording_and_a_broken_one_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ccgcii record SOURCE"):
        Recording.open(tmp_path)
    (tmp_path / "recording.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match="not a recording"):
        Recording.open(tmp_path)


def test_an_api_is_recorded_without_its_token_and_replayed_without_any(tmp_path: Path) -> None:
    world = World(7, cities=2, articles=4, posts=300)
    names = Counter(post.author.name for post in world.posts if post.channel == "facebook")
    ((page, _),) = names.most_common(1)
    server = MetaServer(world.posts, token=TOKEN)
    folder = tmp_path / "recording"
    with LoopbackServer(server.answer) as web:
        settings = Settings(
            study={"since": date(2020, 1, 1), "until": date(2020, 12, 31)},
            crawl={"delay": 0, "hosts": {"graph.example": "127.0.0.1"}},
            sources={
                "facebook": {
                    "root": web.url("graph.example", ""),
                    "catalogue": False,
                    "pages": [page],
                    "page_size": 1,
                }
            },
            secrets={"meta_token": TOKEN},
        )
        with Workspace(settings) as workspace:
            made = record(workspace, "facebook", folder)
            kind = workspace.plugins.sources()["facebook"]
    assert len(made.pieces) > 1
    told = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"access_token=REDACTED" in told
    assert b"PLANTED" not in told
    again = replay(kind, Recording.open(folder), times=2)  # type: ignore[arg-type]  # a web source
    assert again.pieces == made.pieces == Recording.open(folder).expected
    assert [counts.captures for counts in again.crawls] == [len(made.pieces), 0]
    assert again.missing == []


def test_the_command_refuses_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "ccgcii.toml").write_text("", encoding="utf-8")
    asked = ["-c", str(tmp_path), "record"]
    refused = CliRunner().invoke(cli, [*asked, "news", str(tmp_path)])
    assert "holds something else" in str(refused.exception)
    unknown = CliRunner().invoke(cli, [*asked, "youtub", str(tmp_path / "new")])
    assert "did you mean 'youtube'" in str(unknown.exception)
    assert json.dumps(sorted(path.name for path in tmp_path.iterdir())) == (
        '["ccgcii.toml", "mine.txt"]'
    )
