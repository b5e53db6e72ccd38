"""Probing a source of the world: a few pieces come, and the study's store is never touched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from ccgcii.cli import cli
from ccgcii.conduct.probing import REQUESTS, probe
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.testing.world import World
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_one_slice_of_the_world_is_tried_and_nothing_is_kept(tmp_path: Path) -> None:
    world = World(seed=2020)
    with LoopbackServer(world.answer) as server:
        world.write_config(tmp_path, server.port)
        before = sorted(path.name for path in tmp_path.rglob("*"))
        with Workspace.open(tmp_path) as workspace:
            found = probe(workspace, "news", limit=2)
        hosts = {host for host, _ in server.hits}
        called = ["-c", str(tmp_path), "probe", "news", "--limit", "2", "--json"]
        listed = CliRunner().invoke(cli, called)
    assert found.slice is not None
    assert found.captures >= 2
    assert found.dated == found.captures == len(found.pieces)
    assert 2 <= found.requests <= REQUESTS
    assert len(hosts) == 1
    assert json.loads(listed.stdout)["source"] == "news"
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_source_that_is_refused_says_why(tmp_path: Path) -> None:
    def refuse(ask: Ask) -> Reply:
        return Reply(b"", 404 if ask.path == "/robots.txt" else 403)

    with LoopbackServer(refuse) as server:
        World(seed=2020).write_config(tmp_path, server.port)
        shown = CliRunner().invoke(cli, ["-c", str(tmp_path), "probe", "news"])
    assert shown.exit_code == 1
    assert "1 request, 1 failed; 0 pieces" in shown.stdout
    assert "1 x HTTP 403" in shown.stdout
