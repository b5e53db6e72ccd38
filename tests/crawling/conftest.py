"""A study in a folder, a source that follows links, and ways to crawl and to look at the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii.archive import read_page
from ccgcii.config import Settings
from ccgcii.testing.loopback import Ask, Reply
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = Path(__file__).with_name("linked_source.py")
Site = dict[str, Reply]


@dataclass
class Study:
    """A study in a folder of its own; `crawl` takes settings of `[crawl]`."""

    folder: Path

    def workspace(
        self, *start: str, options: dict[str, Any] | None = None, **crawl: Any
    ) -> Workspace:
        hosts = dict.fromkeys(("a.test", "b.test"), "127.0.0.1")
        settings = Settings(
            store={"url": f"sqlite:///{self.folder}/ccgcii.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "hosts": hosts, "depth": 200, "retries": 1, **crawl},
            sources={"linked": {"start": list(start), **(options or {})}},
        )
        return Workspace(settings, create=True, files=[PLUGIN])

    def crawl(self, *start: str, options: dict[str, Any] | None = None, **crawl: Any) -> Any:
        from ccgcii.crawling.runs import crawl as run

        with self.workspace(*start, options=options, **crawl) as workspace:
            return run(workspace, ["linked"]).sources[0]

    def rows(self, query: str) -> list[Any]:
        with self.workspace() as workspace, workspace.engine.connect() as connection:
            return list(connection.execute(text(query)))

    def archived(self) -> dict[str, bytes]:
        """Return the body of every capture by URL, read from the archive."""
        rows = self.rows(
            "SELECT capture.url, warc_offset, path "
            "FROM capture JOIN warc_file ON warc_id = warc_file.id"
        )
        pages = {
            row.url: read_page(self.folder / "archive" / row.path, row.warc_offset) for row in rows
        }
        assert all(page.url == url for url, page in pages.items())
        return {url: page.body for url, page in pages.items()}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture
def serve() -> Callable[[Site], Callable[[Ask], Reply]]:
    """Turn a dict of path (or host/path) to Reply into an answer function; the rest is 404."""

    def answers(site: Site) -> Callable[[Ask], Reply]:
        return lambda ask: site.get(ask.host + ask.path) or site.get(ask.path) or Reply(b"", 404)

    return answers
