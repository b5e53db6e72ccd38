"""`kill -9` at ten random moments of a crawl over every source of the world, files included."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.testing import ServedWorld, World

if TYPE_CHECKING:
    from pathlib import Path

KILLS, OF_FILES = 10, 2  # kills in all, and of those while files are read
COMMAND = "from ccgcii.cli import main; main()"
SOURCES = {"news", "youtube", "x", "facebook", "instagram", "warc", "gdelt"}
# What is kept, told apart as one would: never by the ids of rows.
KEPT = """
SELECT source.name, channel_id, kind, identity, capture.url, payload FROM capture
JOIN source ON source.id = source_id LEFT JOIN capture_record ON capture_id = capture.id
"""
# Requests that are asked once in all: a front page or a feed is read again by every crawl.
ASKED_ONCE = """
SELECT request.url, request.state, request.error FROM request
JOIN source ON source.id = request.source_id
WHERE source.name != 'news' OR request.id IN (SELECT request_id FROM capture)
"""


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "-c", str(folder), "crawl", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def rows(folder: Path, query: str) -> list[Any]:
    if not (folder / "ccgcii.db").exists():
        return []
    with closing(sqlite3.connect(folder / "ccgcii.db", timeout=30)) as store:
        try:
            return store.execute(query).fetchall()
        except sqlite3.OperationalError:  # no tables yet
            return []


def files_read(folder: Path) -> int:
    query = (
        "SELECT count(*) FROM slice JOIN source ON source.id = source_id "
        "WHERE name IN ('warc', 'gdelt') AND state = 'done'"
    )
    return int((rows(folder, query) or [(0,)])[0][0])


def wait_until(process: subprocess.Popen[bytes], reached: Any) -> bool:
    while not reached():
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    return True


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def finish(folder: Path) -> None:
    out, errors = start(folder).communicate(timeout=120)
    assert b'"state": "done"' in out, (out + errors).decode()


def asked(hits: list[tuple[str, str]], port: int) -> Counter[str]:
    return Counter(f"http://{host}:{port}{path}" for host, path in hits)


def done(folder: Path) -> Counter[str]:
    return Counter(url for url, state, _ in rows(folder, ASKED_ONCE) if state == "done")


@pytest.fixture
def served() -> Any:
    world = World(cities=6, articles=120, posts=300)
    with ServedWorld(world, latency=0.003) as running:
        yield running


@pytest.mark.slow
@pytest.mark.timeout(600)  # a minute on a quiet machine of two cores, more on a busy one
def test_killed_ten_times_over_all_sources_nothing_is_lost_asked_again_or_kept_twice(
    served: ServedWorld, tmp_path: Path
) -> None:
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    for folder in (quiet, killed):
        config = served.write_study(folder, archives=True)
        text = config.read_text(encoding="utf-8").replace('span = "year"', 'span = "quarter"')
        text = text.replace("concurrency = 16", "concurrency = 4")
        config.write_text(f"{text}\n[execution]\nworkers = 1\n", encoding="utf-8")
    finish(quiet)
    total = len(served.hits)
    dice = random.Random()
    moments: list[Any] = sorted(dice.randrange(1, total) for _ in range(KILLS - OF_FILES))
    files = sorted(dice.sample(range(1, 11), OF_FILES))
    before: list[tuple[int, Counter[str]]] = []  # hits so far and requests done, at each kill
    for number in range(KILLS):
        process = start(killed)
        if number < KILLS - OF_FILES:
            goal = total + moments[number]
            wait_until(process, lambda goal=goal: len(served.hits) > goal)
        else:
            goal = files[number - KILLS + OF_FILES]
            wait_until(process, lambda goal=goal: files_read(killed) >= goal)
        assert process.poll() is None, "the crawl was over before it could be killed"
        kill(process)
        before.append((len(served.hits) - total, done(killed)))
    finish(killed)
    kept = [rows(folder, KEPT) for folder in (quiet, killed)]
    assert {row[0] for row in kept[0]} == SOURCES
    assert all(number == 1 for number in Counter(map(identity, kept[1])).values())
    assert_the_same(*kept)
    again = sent_again(served.hits[total:], served.port, killed, before)
    sys.stdout.write(f"{total} requests undisturbed; sent again after each kill: {again}\n")


def assert_the_same(first: list[Any], second: list[Any]) -> None:
    assert Counter(row[0] for row in first) == Counter(row[0] for row in second)
    assert {identity(row): row[5] for row in first} == {identity(row): row[5] for row in second}


def identity(row: Any) -> tuple[Any, ...]:
    """Return what a capture is: of a page in a WARC file its address, as the file is another."""
    source, channel, kind, fingerprint, url, _ = row
    return source, channel, kind, url if source == "warc" else fingerprint


def sent_again(
    hits: list[tuple[str, str]], port: int, folder: Path, kills: list[tuple[int, Counter[str]]]
) -> list[int]:
    """Return how many requests were sent again after each kill; none may have been done before."""
    rows_of = Counter(url for url, _, error in rows(folder, ASKED_ONCE) if error is None)
    ends = [end for end, _ in kills[1:]] + [len(hits)]
    again = []
    for (start_at, finished), end in zip(kills, ends, strict=True):
        new, old = asked(hits[start_at:end], port), asked(hits[:start_at], port)
        for url in new.keys() & finished.keys() & rows_of.keys():
            assert new[url] <= rows_of[url] - finished[url], f"{url} was done and is asked again"
        again.append(sum(min(number, old[url]) for url, number in new.items() if url in rows_of))
    return again
