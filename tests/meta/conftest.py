"""A study of three accounts that are Pages too, a fake Graph API, and ways to look at both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.testing import LoopbackServer, World
from ccgcii.workspace import Workspace
from tests.kept import Kept

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.testing.platforms.meta import MetaServer

TOKEN = "PLANTED|meta/token+0123456789"
USER = "17841400000000001"
HOSTS = {"graph.example": "127.0.0.1"}


@dataclass
class Study(Kept):
    """A study in a folder of its own, from February to October 2020 unless told."""

    folder: Path
    since: date = date(2020, 2, 1)
    until: date = date(2020, 10, 31)

    # Patience of 20 s: a test that spends a bucket must not wait for the midnight that fills it.
    def workspace(self, source: str, port: int = 9, **options: Any) -> Workspace:
        given: dict[str, Any] = {"root": f"http://graph.example:{port}", "catalogue": False}
        given |= {"pace": 0.01} | ({"user_id": USER} if source == "instagram" else {})
        settings = Settings(
            study={"since": self.since, "until": self.until},
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "retries": 3, "patience": 20, "hosts": HOSTS},
            sources={source: given | options},
            secrets={"meta_token": TOKEN},
        )
        return Workspace(settings, create=True)

    def crawl(self, source: str, server: MetaServer, **options: Any) -> Any:
        with (
            LoopbackServer(server.answer) as web,
            self.workspace(source, web.port, **options) as workspace,
        ):
            counts = crawl(workspace, [source]).sources[0]
        assert all("access_token" not in path for _, path in web.hits)
        return counts


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture(scope="session")
def posts() -> list[Any]:
    """Give the world's posts to three accounts of each platform, one of which hides its likes."""
    world = World(7, cities=2, articles=4, posts=400)
    authors: dict[str, list[Any]] = {}
    for post in world.posts:
        known = authors.setdefault(post.channel, [])
        hides = post.author.number % 7 == 0
        if len(known) < 3 and post.author not in known and (hides or len(known) < 2):
            known.append(post.author)
    return [
        replace(post, author=authors[post.channel][number % 3])
        for number, post in enumerate(world.posts)
    ]
