"""A study of one city on YouTube, a fake YouTube, and ways to crawl and to look at the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl, estimate
from ccgcii.testing import LoopbackServer, World
from ccgcii.testing.platforms.youtube import YouTubeServer
from ccgcii.workspace import Workspace
from tests.kept import Kept
from tests.youtube.expected import KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTS = {"youtube.example": "127.0.0.1"}


@dataclass
class Study(Kept):
    """A study in a folder of its own: Shanghai in the first quarter of 2020 unless told."""

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    since: date = date(2020, 1, 1)
    until: date = date(2020, 3, 31)
    cities: tuple[str, ...] = ("shanghai",)
    port: int = 0

    # Patience of 20 s: a test that spends a bucket must not wait for the midnight that fills it.
    def workspace(self, port: int = 9, **options: Any) -> Workspace:
        settings = Settings(
            study={"since": self.since, "until": self.until},
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "retries": 1, "patience": 20, "hosts": HOSTS},
            sources={
                "youtube": {"root": f"http://youtube.example:{port}", **self.options, **options}
            },
            secrets={"youtube_key": KEY},
        )
        return Workspace(settings, create=True)

    def crawl(self, server: YouTubeServer, **options: Any) -> Any:
        with (
            LoopbackServer(server.answer, port=self.port) as web,
            self.workspace(web.port, **options) as workspace,
        ):
            # Requests that wait know the address by heart: the next server must be there as well.
            self.port = web.port
            return crawl(workspace, ["youtube"], cities=self.cities).sources[0]

    def estimate(self, **options: Any) -> Any:
        with self.workspace(**options) as workspace:
            return estimate(workspace, ["youtube"], cities=self.cities)[0]

    def let_a_day_pass(self) -> None:
        """Make everything in the store a day older."""
        with closing(sqlite3.connect(self.folder / "s.db")) as store, store:
            store.execute("UPDATE request SET not_before = not_before - 86400 WHERE not_before > 0")
            store.execute("UPDATE slice SET not_before = not_before - 86400")
            store.execute("UPDATE quota SET day = date(day, '-1 day')")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture(scope="session")
def world() -> World:
    return World(cities=3, articles=10, posts=1200)


@pytest.fixture(scope="session")
def crowded() -> World:
    """Return a world where a month of one city fills more than a page."""
    return World(cities=1, articles=10, posts=6000)


@pytest.fixture
def make_server(world: World) -> Callable[..., YouTubeServer]:
    def make(**options: Any) -> YouTubeServer:
        return YouTubeServer(world.posts, key=KEY, **options)

    return make


@pytest.fixture
def server(make_server: Callable[..., YouTubeServer]) -> YouTubeServer:
    return make_server()
