"""Rewriting the archive takes as long as it is large, in however many files it lies."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from ccgcii.conduct.erasing import mark_doomed
from ccgcii.conduct.rewriting import Rewriting, rewrite_archive
from ccgcii.conduct.traces import read_traces
from ccgcii.config import Settings
from ccgcii.workspace import Workspace
from ccgcii_db import Dictionary, insert_row, table_of, tables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

PAGES = 50
PAGE = zlib.compress(b"a page", 1, 31)


def archive_pages(connection: Connection, folder: Path, files: int) -> None:
    """Write files of pages, and the rows that point into them."""
    source = Dictionary(connection, tables.Source).id("any")
    (folder / "any").mkdir(parents=True)
    for file in range(files):
        path = f"any/{file}.warc.gz"
        (folder / path).write_bytes(PAGES * PAGE)
        row = {"path": path, "committed": PAGES * len(PAGE)}
        number = insert_row(connection, table_of(tables.WarcFile), row)
        common = {"source_id": source, "channel_id": 1, "kind": "page", "fetched_at": 1}
        common |= {"warc_id": number, "url": "http://a.test/", "hints": "{}"}
        pages = [
            common | {"identity": bytes([file, page]), "warc_offset": page * len(PAGE)}
            for page in range(PAGES)
        ]
        connection.execute(insert(table_of(tables.Capture)), pages)


def steps_of(folder: Path, files: int) -> int:
    """Return the thousands of steps that SQLite takes to take one page out of so many files."""
    settings = Settings(store={"url": f"sqlite:///{folder}/s.db", "archive": folder / "archive"})
    archive, steps = folder / "archive", [0]

    def count() -> None:
        steps[0] += 1

    folder.mkdir()
    with Workspace(settings, create=True) as workspace, workspace.engine.begin() as connection:
        archive_pages(connection, archive, files)
        mark_doomed(connection, (1,))
        traces, done = read_traces(connection, None), Rewriting()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 1_000)
        rewrite_archive(connection, archive, ["any"], traces, done)
        driver.set_progress_handler(None, 0)
        assert (done.files, done.responses) == (1, 1)
        kept = connection.execute(text("SELECT count(warc_offset) FROM capture")).scalar_one()
        assert kept == files * PAGES - 1
        left = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'purge%'"
        assert connection.execute(text(left)).scalar_one() == 0
    return steps[0]


def test_twice_as_many_files_take_twice_as_long(tmp_path: Path) -> None:
    some, more = steps_of(tmp_path / "some", 40), steps_of(tmp_path / "more", 80)
    assert some > 10
    assert more < 2.5 * some
