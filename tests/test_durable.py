"""Names of new files are forced to the disk before a row counts on them.

No test here cuts the power: what is told is that the system was asked, in time, for every folder
that holds a new name. Whether a disk does what it is asked is beyond a test.
"""

from __future__ import annotations

import errno
import os
import resource
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii import BulkPage, Page
from ccgcii.config import Settings
from ccgcii.crawling.archive import ArchiveWriter, RawResponse
from ccgcii.crawling.bulk.archive import SliceArchive
from ccgcii.durable import sync_names, written_whole
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = datetime(2020, 1, 2, tzinfo=UTC)


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the inodes of what was forced to the disk, in order."""
    done: list[int] = []
    sync = os.fsync

    def noting(number: int) -> None:
        sync(number)
        done.append(os.fstat(number).st_ino)

    monkeypatch.setattr(os, "fsync", noting)
    return done


def inodes(*paths: Path) -> list[int]:
    return [path.stat().st_ino for path in paths]


def test_a_new_archive_file_of_a_crawl_has_its_name_on_the_disk_before_its_rows(
    tmp_path: Path, forced: list[int]
) -> None:
    folder = tmp_path / "study" / "archive"
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/s.db", "archive": folder})
    with (
        Workspace(settings, create=True) as workspace,
        closing(ArchiveWriter(workspace.engine, folder, "any")) as writer,
    ):
        writer.write(RawResponse("http://a.test/", 200, (), b"<p>one</p>", MOMENT))
        writer.flush()
        (file,) = (folder / "any").iterdir()
        assert forced == inodes(folder / "any", folder, folder.parent, file)
        writer.write(RawResponse("http://a.test/2", 200, (), b"<p>two</p>", MOMENT))
        writer.flush()
        assert forced[4:] == inodes(file)


def test_so_has_that_of_a_slice_of_files(tmp_path: Path, forced: list[int]) -> None:
    archive = SliceArchive(tmp_path / "archive", "warc", "1")
    archive.write(BulkPage(Page("http://a.test/"), b"<p>one</p>", MOMENT))
    archive.finish()
    folder = tmp_path / "archive"
    assert forced == inodes(folder / archive.name, folder / "warc", folder, tmp_path)


@pytest.mark.parametrize(("number", "raises"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_system_that_forces_no_folder_is_no_error_a_broken_disk_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    raises: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    if raises:
        with pytest.raises(OSError, match=os.strerror(number)):
            sync_names(tmp_path / "file")
    else:
        sync_names(tmp_path / "file")


def test_what_cannot_be_written_whole_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("of last week")
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As on a full disk: no file may grow further.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, allowed[1]))
    try:
        with pytest.raises(OSError, match="too large"), written_whole(path) as beside:
            beside.write_bytes(bytes(1_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert path.read_text() == "of last week"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with written_whole(pipe) as beside:
        assert beside == pipe
    assert pipe.is_fifo()


def test_what_a_link_names_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to("real.json")
    with written_whole(link) as beside:
        beside.write_text("new")
    assert link.is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"
