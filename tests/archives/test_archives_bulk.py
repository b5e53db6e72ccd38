"""Slices of files: whole or not at all, whatever happens to the process that reads them."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator

from ccgcii import BulkPage, Page
from ccgcii.config import load_settings
from ccgcii.crawling.bulk.archive import SliceArchive
from ccgcii.crawling.runs import crawl
from ccgcii.testing.loopback import LoopbackServer, Reply
from ccgcii.workspace import Workspace

FILES, LINES = 12, 30
PLUGIN = Path(__file__).with_name("counting_source.py")
LINKED = Path(__file__).parents[1] / "crawling" / "linked_source.py"
COMMAND = "from ccgcii.cli import main; main()"


def write_study(folder: Path, *, workers: int = 2, pause: float = 0.0, **lines: str) -> None:
    """Write twelve files of thirty numbers; `lines` replaces the third line of `fNN`."""
    (folder / "files").mkdir()
    for number in range(FILES):
        words = [f"{number}-{line}" for line in range(LINES)]
        name = f"f{number:02}"
        words[2] = lines.get(name, words[2])
        (folder / "files" / name).write_text("\n".join(words), encoding="utf-8")
    (folder / "ccgcii.toml").write_text(
        f"[sources.counting]\nfolder = '{folder / 'files'}'\npause = {pause}\n"
        f"[execution]\nworkers = {workers}\n",
        encoding="utf-8",
    )


def start(folder: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", COMMAND, "-c", str(folder), "--plugin", str(PLUGIN)]
    return subprocess.Popen(
        [*arguments, "crawl", "counting", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(folder: Path) -> Any:
    import json

    process = start(folder)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()
    return json.loads(out)["sources"][0]


def rows(folder: Path, query: str) -> list[Any]:
    if not (folder / "ccgcii.db").exists():
        return []
    connection = sqlite3.connect(folder / "ccgcii.db")
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # the store is being made
        return []
    finally:
        connection.close()


def done(folder: Path) -> int:
    found = rows(folder, "SELECT count(*) FROM slice WHERE state = 'done'")
    return int(found[0][0]) if found else 0


def wait_for(folder: Path, process: subprocess.Popen[bytes], slices: int) -> None:
    until = time.monotonic() + 60
    while done(folder) < slices and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)


def archived(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in (folder / "archive").rglob("*.warc.gz"):
        with path.open("rb") as stream:
            found.update(record.headers["WARC-Target-URI"] for record in ArchiveIterator(stream))
    return found


def assert_whole(folder: Path, lines: int = FILES * LINES) -> None:
    """Every line is there once, as a record and as a page, in the store and in the archive."""
    for kind in ("record", "page"):
        kept = rows(folder, f"SELECT identity, url FROM capture WHERE kind = '{kind}'")
        assert len(kept) == len(set(kept)) == lines
    assert set(archived(folder).values()) == {1}
    assert len(archived(folder)) == lines
    assert rows(folder, "SELECT count(*) FROM capture_record") == [(lines,)]


@pytest.mark.slow
def test_killed_again_and_again_a_crawl_of_files_loses_nothing_and_keeps_nothing_twice(
    tmp_path: Path,
) -> None:
    write_study(tmp_path, pause=0.002)
    dice = random.Random()
    for part in range(3):
        process = start(tmp_path)
        wait_for(tmp_path, process, done(tmp_path) + 1 + part % 2)
        time.sleep(dice.random() * 0.1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    finish(tmp_path)
    assert_whole(tmp_path)


def test_ctrl_c_gives_up_the_files_under_way_and_the_next_crawl_reads_them(tmp_path: Path) -> None:
    write_study(tmp_path, pause=0.01)
    process = start(tmp_path)
    wait_for(tmp_path, process, 2)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors.decode()
    assert b"run it again" in errors
    assert b"Traceback" not in errors
    before = done(tmp_path)
    assert 2 <= before < FILES
    assert len(archived(tmp_path)) == before * LINES
    assert finish(tmp_path)["slices_done"] == FILES - before
    assert_whole(tmp_path)


def test_a_file_that_kills_its_worker_costs_itself(tmp_path: Path) -> None:
    write_study(tmp_path, f04="die", f07="raise")
    counts = finish(tmp_path)
    assert (counts["slices_done"], counts["slices_failed"]) == (FILES - 2, 2)
    assert any("f04: the worker process died" in reason for reason in counts["reasons"])
    assert any("f07: ValueError" in reason for reason in counts["reasons"])
    assert_whole(tmp_path, (FILES - 2) * LINES)


def test_a_failed_file_is_tried_again_by_the_next_crawl(tmp_path: Path) -> None:
    write_study(tmp_path, workers=1, f03="raise")
    assert finish(tmp_path)["slices_failed"] == 1
    text = (tmp_path / "files/f03").read_text(encoding="utf-8")
    (tmp_path / "files/f03").write_text(text.replace("raise", "3-2"), encoding="utf-8")
    assert finish(tmp_path)["slices_done"] == 1
    assert_whole(tmp_path)


def test_the_same_crawl_twice_at_once_is_refused(tmp_path: Path) -> None:
    write_study(tmp_path, workers=1, pause=0.05)
    first = start(tmp_path)
    wait_for(tmp_path, first, 1)
    second = start(tmp_path)
    _, errors = second.communicate(timeout=30)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert second.returncode == 1
    assert b"being crawled by another process" in errors


def test_what_would_be_read_is_told_without_opening_anything(study: Any) -> None:
    from ccgcii.crawling.runs import estimate

    with study.workspace("gdelt", slots_per_day=4) as workspace:
        (one,) = estimate(workspace, ["gdelt"])
    assert one.requests == 2 * (1 + 8)
    assert one.notes == ("4.17% of GDELT's slots, about 0.2 GB to fetch",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full here")
def test_a_slice_that_finds_the_disk_full_is_given_up_and_its_file_is_gone(tmp_path: Path) -> None:
    archive = SliceArchive(tmp_path, "any", "1-1")
    path = tmp_path / archive.name
    path.parent.mkdir()
    path.symlink_to("/dev/full")
    archive.write(BulkPage(Page("http://a.test/"), b"words", datetime(2020, 1, 2, tzinfo=UTC)))
    with pytest.raises(OSError, match="No space left"):
        archive.finish()
    archive.give_up()
    assert not path.is_symlink()


def test_the_minutes_of_a_source_of_files_begin_when_it_does(tmp_path: Path) -> None:
    write_study(tmp_path, workers=1)
    settings = load_settings(tmp_path)
    counting = {**settings.sources["counting"], "max_minutes": 0.03}
    slow = Reply(b"<p>slow</p>", headers={"Content-Type": "text/html"}, delay=2.5)
    with LoopbackServer(lambda ask: slow) as server:
        hosts = {"a.test": "127.0.0.1"}
        linked = {"start": [server.url("a.test", "/")]}
        tables = {"linked": linked, "counting": counting}
        crawling = settings.crawl.model_copy(update={"hosts": hosts, "obey_robots": False})
        settings = settings.model_copy(update={"sources": tables, "crawl": crawling})
        with Workspace(settings, create=True, files=[PLUGIN, LINKED]) as workspace:
            web, files = crawl(workspace).sources
    assert (web.captures, files.slices_done, files.budget) == (1, FILES, None)
