from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from ccgcii.catalogues import read_events, read_outlets
from ccgcii.config import load_settings
from ccgcii.importing.mappings import load_mapping
from ccgcii.importing.tables import Row, open_table
from ccgcii.readers import BadRow

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.testing import World
    from ccgcii.testing.world import Export


@pytest.fixture(scope="session")
def exports(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Export, ...]:
    return world.write_exports(tmp_path_factory.mktemp("exports"))


def test_the_configuration_is_one_that_ccgcii_reads(world: World, tmp_path: Path) -> None:
    config = world.write_config(tmp_path, 8123)
    settings = load_settings(config)
    assert str(settings.study.since) == "2020-01-01"
    assert settings.crawl.hosts["herald.example"] == "127.0.0.1"
    assert len(settings.crawl.hosts) == len(world.sites)
    news = settings.sources["news"]
    assert "http://herald.example:8123/sitemap.xml" in news["sitemaps"]
    assert "http://courier.example:8123/feeds/broken.xml" in news["feeds"]
    assert news["sections"] == [
        f"http://emerald.example:8123/{name}/" for name in ("world", "business", "life")
    ]


def test_outlets_and_events_are_ones_that_ccgcii_reads(world: World, tmp_path: Path) -> None:
    world.write_config(tmp_path, 8123)
    outlets = read_outlets(tmp_path / "outlets.csv")
    assert {site.domain for site in world.sites} == set(outlets)
    assert outlets["huabao.example"].country == "CN"
    events = read_events(tmp_path / "events.csv")
    assert [event.key for event in events] == [event.key for event in world.events]
    assert [event.words_zh for event in events] == [event.words_zh for event in world.events]
    assert sum(event.is_crisis for event in events) == 2


def test_exports_hold_every_post_and_the_bad_rows_that_are_told(
    world: World, exports: tuple[Export, ...]
) -> None:
    assert {export.channel for export in exports} == {"x", "facebook", "instagram", "youtube"}
    assert sum(export.records for export in exports) == len(world.posts)
    for export in exports:
        if export.mapping is None:
            continue
        table = open_table(export.path)
        make = load_mapping(export.mapping).record_maker(table)
        rows = [make(row) if isinstance(row, Row) else row for row in table.rows()]
        bad = [row for row in rows if isinstance(row, BadRow)]
        assert len(bad) == export.bad_rows == 2
        records = {row.id: row for row in rows if not isinstance(row, BadRow)}
        assert len(records) == export.records
        for post in world.posts:
            if post.channel == export.channel:
                record = records[post.id]
                assert (record.text, record.published_at) == (post.text, post.published_at)
                assert (record.likes, record.views) == (post.likes, post.views)
                assert record.author_followers == post.author.followers


def test_tweets_are_written_as_twarc_writes_them(world: World, exports: tuple[Export, ...]) -> None:
    export = next(export for export in exports if export.channel == "x")
    tweets, bad = [], 0
    for line in export.path.read_text(encoding="utf-8").splitlines():
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            tweets.append(value)
        else:
            bad += 1
    assert (len(tweets), bad) == (export.records, export.bad_rows)
    assert bad == 2
    shares = [tweet for tweet in tweets if "retweeted_status" in tweet]
    assert len(shares) == sum(post.is_share for post in world.posts)
    assert all(tweet["full_text"].startswith("RT @") for tweet in shares)
    assert tweets[0]["created_at"].endswith(" +0000 2020")


def test_posts_lie_in_the_window_and_speak_several_languages(world: World) -> None:
    assert {post.published_at.year for post in world.posts} == {2020}
    assert {"en", "zh", "es", "fr", "de"} == {post.language for post in world.posts}
    assert len({(post.channel, post.id) for post in world.posts}) == len(world.posts)


def test_the_world_can_be_served_from_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ccgcii.testing.world", "serve", "--port", "0"]
    command += ["--articles", "60", "--config", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            request = Request(f"{url}/robots.txt", headers={"Host": "herald.example:80"})
            with urlopen(request, timeout=10) as response:
                assert b"Disallow: /members/" in response.read()
            assert url.rsplit(":", 1)[1] in (tmp_path / "ccgcii.toml").read_text()
        finally:
            process.terminate()
