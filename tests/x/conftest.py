"""A study of one city on X, a fake X, and ways to crawl and to look at what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.testing import LoopbackServer, World
from ccgcii.workspace import Workspace
from tests.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ccgcii.testing import Ask, Reply

TOKEN = "PLANTED-x/token+0123456789"
HOSTS = {"x.example": "127.0.0.1"}


class HasAnswer(Protocol):
    """A server, or one that listens in front of it."""

    @property
    def answer(self) -> Callable[[Ask], Reply]: ...


@dataclass
class Study(Kept):
    """A study in a folder of its own: Shanghai in the first quarter of 2020 unless told."""

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    since: date = date(2020, 1, 1)
    until: date = date(2020, 3, 31)

    # Patience of 20 s: a test that spends a bucket must not wait for the midnight that fills it.
    def workspace(self, port: int = 9, **options: Any) -> Workspace:
        given = {"root": f"http://x.example:{port}", "pace": 0, "posts_per_slice": 1000}
        settings = Settings(
            study={"since": self.since, "until": self.until},
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "retries": 3, "patience": 20, "hosts": HOSTS},
            sources={"x": given | self.options | options},
            secrets={"x_bearer_token": TOKEN},
        )
        return Workspace(settings, create=True)

    def crawl(self, server: HasAnswer, **options: Any) -> Any:
        with (
            LoopbackServer(server.answer) as web,
            self.workspace(web.port, **options) as workspace,
        ):
            return crawl(workspace, ["x"], cities=["shanghai"]).sources[0]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture(scope="session")
def posts() -> tuple[Any, ...]:
    return World(7, cities=2, articles=4, posts=3000).posts
