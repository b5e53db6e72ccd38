"""A study in a folder, the sources of archives over it, and ways to look at the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii.archive import read_page
from ccgcii.cleaning.runs import clean
from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.records import record_from_json
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = dict.fromkeys(("files.test", "cdx.test", "mediacloud.test", "gdeltdoc.test"), "127.0.0.1")


@dataclass
class ArchiveStudy:
    """1 and 2 June 2020 unless told; `crawl` gives the counts of one source."""

    folder: Path
    since: date = date(2020, 6, 1)
    until: date = date(2020, 6, 2)
    workers: int = 1
    limits: dict[str, Any] = field(default_factory=dict)

    def workspace(self, source: str = "gdelt", **options: Any) -> Workspace:
        settings = Settings(
            study={"since": self.since, "until": self.until},
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "retries": 1, "hosts": HOSTS, **self.limits},
            execution={"workers": self.workers},
            sources={source: options},
            secrets={"mediacloud_token": "PLANTED-token"},
        )
        return Workspace(settings, create=True)

    def crawl(self, source: str, *, limit: int | None = None, **options: Any) -> Any:
        with self.workspace(source, **options) as workspace:
            return crawl(workspace, [source], limit=limit).sources[0]

    def clean(self, source: str = "gdelt") -> Any:
        with self.workspace(source) as workspace:
            return clean(workspace)

    def rows(self, query: str) -> list[Any]:
        with self.workspace() as workspace, workspace.engine.connect() as connection:
            return list(connection.execute(text(query)))

    def records(self) -> list[Any]:
        rows = self.rows("SELECT payload FROM capture_record ORDER BY capture_id")
        return [record_from_json(row.payload) for row in rows]

    def pages(self) -> dict[str, Any]:
        """Return what is archived of each page, by its address."""
        rows = self.rows(
            "SELECT capture.url, warc_offset, path FROM capture "
            "JOIN warc_file ON warc_id = warc_file.id WHERE kind = 'page'"
        )
        return {
            row.url: read_page(self.folder / "archive" / row.path, row.warc_offset) for row in rows
        }

    def pages_by_place(self) -> list[Any]:
        """Return all that is archived, whatever the address it was fetched from."""
        rows = self.rows(
            "SELECT warc_offset, path FROM capture JOIN warc_file ON warc_id = warc_file.id"
        )
        return [read_page(self.folder / "archive" / row.path, row.warc_offset) for row in rows]


@pytest.fixture
def study(tmp_path: Path) -> ArchiveStudy:
    return ArchiveStudy(tmp_path)
