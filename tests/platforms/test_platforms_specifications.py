"""No request of ours that an official specification would refuse, and no answer it does not give.

YouTube's description is inside its client and judges every request of every test (`youtube_rules`).
Those of X and Meta may not be shipped: they are read from the folder of real data.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ccgcii.testing import World
from ccgcii.testing.platforms import meta_fields as fields
from ccgcii.testing.platforms.x import XServer
from ccgcii_facebook.posts import PAGE_FIELDS, POST_FIELDS
from ccgcii_instagram.media import DISCOVERY_FIELDS, HASHTAG_FIELDS
from tests.platforms.specification import Specification
from tests.x.conftest import Study

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.testing.http import Ask, Reply

pytestmark = pytest.mark.real_data
TOKEN = "PLANTED-x/token+0123456789"
# The specification of each spelling.
VERSIONS = {"tweet": "x-openapi-2.166-slim.json", "post": "x-openapi-2.167-slim.json"}


class Listening:
    """A fake X that keeps what was asked and answered well."""

    def __init__(self, style: str, posts: Any) -> None:
        self.server = XServer(posts, token=TOKEN, styles=(style,))
        self.heard: list[tuple[str, dict[str, str], Any]] = []

    def answer(self, ask: Ask) -> Reply:
        reply = self.server.answer(ask)
        asked = urlsplit(ask.path)
        given = {name: ",".join(told) for name, told in parse_qs(asked.query).items()}
        assert reply.status == 200, reply.body
        self.heard.append((asked.path, given, json.loads(reply.body)))
        return reply


@pytest.fixture(scope="module")
def posts() -> Any:
    return World(7, cities=2, articles=4, posts=3000).posts


@pytest.mark.parametrize("style", VERSIONS)
@pytest.mark.parametrize("mode", ["all", "recent"])
def test_xs_specification_takes_every_request_and_gives_every_answer(
    real_data: Path, tmp_path: Path, posts: Any, style: str, mode: str
) -> None:
    specification = Specification(real_data / "specs" / VERSIONS[style])
    x = Listening(style, posts)
    study = Study(tmp_path, {"field_style": style, "mode": mode, "counts": True, "retweets": True})
    if mode == "recent":
        study.since = datetime.now(UTC).date() - timedelta(days=20)
        study.until = date(2999, 1, 1)
    study.crawl(x, page_size=20, languages=["en", "zh"])
    assert len(x.heard) >= 6
    for path, given, answer in x.heard:
        assert specification.refusals(path, given) == []
        assert specification.faults(path, answer) == []
    assert x.server.refused == []


def test_the_judge_of_x_refuses_what_is_wrong(real_data: Path) -> None:
    old, new = (Specification(real_data / "specs" / name) for name in VERSIONS.values())
    search = "/2/tweets/search/all"
    assert old.refusals(search, {"query": "Wuhan", "tweet.fields": "lang"}) == []
    assert new.refusals(search, {"query": "Wuhan", "tweet.fields": "lang"})
    for wrong in ({}, {"query": ""}, {"query": "x", "max_results": "501"}):
        assert old.refusals(search, wrong)
    assert old.refusals(search, {"query": "x", "tweet.fields": "mood"})
    assert old.faults(search, {"data": [{"id": 7}]})


def known_to_meta(folder: Path, *nodes: str) -> set[str]:
    """Return the fields and edges of some nodes together."""
    names: set[str] = set()
    for node in nodes:
        told = json.loads((folder / "specs" / "meta-graph" / f"{node}.json").read_text())
        names |= {field["name"] for field in told["fields"]}
        names |= {api["endpoint"].strip("/") for api in told["apis"] if api.get("endpoint")}
    return names


@pytest.mark.parametrize(
    ("table", "nodes"),
    [
        (fields.DISCOVERED_USER, ("IGUser",)),
        (fields.DISCOVERED_MEDIA, ("IGMedia",)),
        (fields.HASHTAG_MEDIA, ("IGMedia",)),
        (fields.PAGE, ("Page",)),
        (fields.PAGE_POST, ("PagePost",)),
    ],
)
def test_metas_specification_has_every_field_that_the_fake_knows(
    real_data: Path, table: frozenset[str], nodes: tuple[str, ...]
) -> None:
    assert table - known_to_meta(real_data, *nodes) == set()


@pytest.mark.parametrize(
    ("expression", "nodes"),
    [
        (PAGE_FIELDS, ("Page",)),
        (POST_FIELDS, ("PagePost",)),
        (DISCOVERY_FIELDS, ("IGMedia",)),
        (HASHTAG_FIELDS, ("IGMedia",)),
        ("business_discovery,followers_count,media_count,media", ("IGUser",)),
    ],
)
def test_metas_specification_has_every_field_that_we_ask_for(
    real_data: Path, expression: str, nodes: tuple[str, ...]
) -> None:
    wanted = {wish.name for wish in fields.read_wishes(expression)}
    assert wanted - known_to_meta(real_data, *nodes) == set()


@pytest.mark.parametrize(
    ("node", "edge"),
    [
        ("Page", "posts"),
        ("Page", "feed"),
        ("Page", "published_posts"),
        ("ShadowIGHashtag", "recent_media"),
        ("ShadowIGHashtag", "top_media"),
        ("IGUser", "recently_searched_hashtags"),
    ],
)
def test_metas_specification_has_every_edge_that_is_served(
    real_data: Path, node: str, edge: str
) -> None:
    assert edge in known_to_meta(real_data, node)
