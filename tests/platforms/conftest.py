"""A study of any platform, a fake of it, and what must come of a crawl."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.records import record_from_json
from ccgcii.testing import LoopbackServer, World
from ccgcii.testing.ageing import let_days_pass
from ccgcii.testing.platforms.meta import MetaServer
from ccgcii.testing.platforms.meta_objects import page_id
from ccgcii.testing.platforms.x import XServer
from ccgcii.testing.platforms.youtube import YouTubeServer
from ccgcii.testing.platforms.youtube_objects import video_id
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ccgcii.testing.world.posts import Post

KEYS = {"youtube_key": "yk", "x_bearer_token": "xt", "meta_token": "mt"}
USER = "17841400000000001"
PLATFORMS = ("youtube", "x", "instagram", "facebook")


@dataclass
class Platform:
    """A platform under study: Shanghai in 2020, or three accounts that write of it.

    Every crawl is the same command over the same store, at the same address.
    """

    name: str
    folder: Path
    posts: Sequence[Post]
    server: Any
    options: dict[str, Any]
    port: int = 0
    since: date = date(2020, 1, 1)
    until: date = date(2020, 12, 31)

    # Patience of 20 s: a test that spends a bucket must not wait for the midnight that fills it.
    def workspace(self, port: int = 9) -> Workspace:
        settings = Settings(
            study={"since": self.since, "until": self.until},
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={
                "delay": 0,
                "retries": 3,
                "patience": 20,
                "hosts": {"platform.example": "127.0.0.1"},
            },
            sources={self.name: {"root": f"http://platform.example:{port}", **self.options}},
            secrets=KEYS,
        )
        return Workspace(settings, create=True)

    def crawl(self) -> Any:
        with LoopbackServer(self.server.answer, port=self.port) as web:
            self.port = web.port
            with self.workspace(web.port) as workspace:
                return crawl(workspace, [self.name], cities=["shanghai"]).sources[0]

    def let_days_pass(self, days: int) -> None:
        with self.workspace() as workspace:
            let_days_pass(workspace.engine, days)

    def found(self) -> list[str]:
        """Return the platform's ids of all that is kept, each as often as it is kept."""
        with self.workspace() as workspace, workspace.engine.connect() as connection:
            rows = connection.execute(text("SELECT payload FROM capture_record")).scalars()
            return sorted(str(record_from_json(row).id) for row in rows)

    def truth(self) -> list[str]:
        """Return the ids of all that the platform has for this study."""
        mine = [post for post in self.posts if post.channel == self.name]
        if self.name in ("youtube", "x"):
            named = ("Shanghai", "上海")
            mine = [p for p in mine if any(name in f"{p.title} {p.text}" for name in named)]
        return sorted(self._identity(post) for post in mine if not post.is_share)

    def _identity(self, post: Post) -> str:
        if self.name == "youtube":
            return video_id(post)
        return f"{page_id(post.author)}_{post.id}" if self.name == "facebook" else post.id


@pytest.fixture(scope="session")
def posts() -> list[Post]:
    """Give the posts of each platform to three accounts."""
    world = World(7, cities=2, articles=4, posts=1200)
    authors: dict[str, list[Any]] = {}
    for post in world.posts:
        known = authors.setdefault(post.channel, [])
        if len(known) < 3 and post.author not in known:
            known.append(post.author)
    return [
        replace(post, author=authors[post.channel][number % 3])
        for number, post in enumerate(world.posts)
    ]


@pytest.fixture
def make(tmp_path: Path, posts: list[Post]) -> Any:
    """Make a platform by its name; pages are small, so that there are many."""

    def make(name: str, **options: Any) -> Platform:
        names = sorted({post.author.name for post in posts if post.channel == name})
        meta = {"catalogue": False, "pace": 0.01, "page_size": 20}
        given: dict[str, dict[str, Any]] = {
            "youtube": {"span": "year", "pages": 10},
            "x": {"pace": 0, "page_size": 10, "posts_per_slice": 1000, "span": "quarter"},
            "instagram": {**meta, "user_id": USER, "accounts": names},
            "facebook": {**meta, "pages": names},
        }
        servers: dict[str, Callable[[], Any]] = {
            "youtube": lambda: YouTubeServer(posts, key="yk"),
            "x": lambda: XServer(posts, token="xt", window=1.0),
            "instagram": lambda: MetaServer(posts, token="mt", user_id=USER),
            "facebook": lambda: MetaServer(posts, token="mt"),
        }
        return Platform(name, tmp_path, posts, servers[name](), {**given[name], **options})

    return make
