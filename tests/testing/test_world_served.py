"""The whole world on one port: what its study asks the APIs for, and what is left to exports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from ccgcii.config import load_settings
from ccgcii.crawling.runs import estimate
from ccgcii.testing import ServedWorld, World
from ccgcii.testing.world.platforms import SECRETS, asked, exported
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_the_study_of_the_whole_world_plans_every_source_with_keys_of_its_own(
    world: World, tmp_path: Path
) -> None:
    with ServedWorld(world) as served:
        settings = load_settings(served.write_study(tmp_path))
    assert {name: key.get_secret_value() for name, key in settings.secrets.items()} == SECRETS
    with Workspace(settings, create=True) as workspace:
        planned = {one.source: one.slices for one in estimate(workspace)}
    assert planned.keys() == {"news", "youtube", "x", "facebook", "instagram"}
    assert planned["youtube"] == planned["x"] == 100
    assert "may_derive_metrics = true" in (tmp_path / "ccgcii.toml").read_text(encoding="utf-8")


def test_every_post_of_known_accounts_comes_by_api_or_export_and_some_by_both(
    world: World,
) -> None:
    files = exported(world.posts)
    for channel in ("facebook", "instagram"):
        posts = {post.id for post in world.posts if post.channel == channel}
        names = set(asked(world.posts, channel))
        by_api = {p.id for p in world.posts if p.channel == channel and p.author.name in names}
        by_file = {post.id for post in files if post.channel == channel}
        assert by_api | by_file == posts
        assert 0 < len(by_api & by_file) < len(posts) / 5
    assert {post.channel for post in files} == {"facebook", "instagram"}


def test_sites_and_platforms_answer_on_one_port_by_their_names(world: World) -> None:
    with ServedWorld(world) as served:
        site = Request(f"http://127.0.0.1:{served.port}/", headers={"Host": "herald.example"})
        with urlopen(site) as answer:
            assert b"Herald" in answer.read()
        name = asked(world.posts, "facebook")[0]
        page = Request(
            f"http://127.0.0.1:{served.port}/v25.0/{name}?fields=username",
            headers={"Host": "graph.example", "Authorization": f"Bearer {SECRETS['meta_token']}"},
        )
        with urlopen(page) as answer:
            assert json.load(answer)["username"] == name


def test_faults_are_shown_only_if_they_are_wanted(world: World) -> None:
    assert ServedWorld(world).platforms.pending == 0
    assert ServedWorld(world, faults=True).platforms.pending > 10
