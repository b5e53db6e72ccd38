"""The whole way on a world with a known truth: exports in, cleaned, and its events proposed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ccgcii.cli import cli
from ccgcii.testing import World

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["-c", str(folder), *arguments])
    assert result.exit_code == 0, result.stderr or result.exception
    return result.stdout


@pytest.fixture(scope="module")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    world = World(seed=7, cities=12, articles=60, posts=1200)
    world.write_config(folder, 9)
    world.write_exports(folder / "exports")
    for channel in ("facebook", "instagram", "youtube"):
        export = folder / "exports" / f"{channel}.csv"
        run(folder, "import", str(export), "--mapping", str(export.with_suffix(".toml")))
    run(folder, "import", str(folder / "exports" / "x_twarc.jsonl"))
    # As a user would: it starts workers, and its libraries warn on their first import.
    command = [sys.executable, "-m", "ccgcii", "-c", str(folder), "clean"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_every_planted_event_is_proposed_and_nothing_else(world_folder: Path) -> None:
    proposals = json.loads(run(world_folder, "events", "--detect", "--json"))
    planted = {event.key for event in World(seed=7, cities=1, articles=0, posts=0).events}
    assert {row["known"] for row in proposals} == planted


def test_the_media_nobody_crawled_are_unknown(world_folder: Path) -> None:
    found = json.loads(run(world_folder, "findings", "--json"))
    assert found["sides"]["not_looked_at"] == ["media"]
    assert found["volume"]["documents"] > 800
    assert found["volume"]["cities_heard"] >= 11
