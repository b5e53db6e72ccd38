"""`kill -9` in the middle of a crawl, five times: the promise that everything else rests on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ccgcii.testing.loopback import Ask, LoopbackServer, Reply

PAGES = 1_500
KILLS = 5
CONCURRENCY = 8
PLUGIN = Path(__file__).with_name("linked_source.py")
COMMAND = "from ccgcii.cli import main; main()"


def answer(ask: Ask) -> Reply:
    """Serve 1,500 pages: each of the first 75 names the twenty that belong to it."""
    if ask.path == "/robots.txt":
        return Reply(b"", 404)
    number = int(ask.path.strip("/"))
    named = range(1, 75) if number == 0 else range(75 + (number - 1) * 20, 75 + number * 20)
    links = "".join(f'<a href="/{other}">{other}</a> ' for other in named if other < PAGES)
    if 0 < number < 75 or number == 0:
        links += '<a href="/1495">x</a>' + "".join(
            f'<a href="/{n}">x</a>' for n in range(1490, PAGES)
        )
    body = f"<html><title>{number}</title><body>{links}{'words ' * 500}</body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html"})


def write_study(folder: Path, start: str) -> None:
    (folder / "ccgcii.toml").write_text(
        f"""
[crawl]
delay = 0
depth = 10
concurrency = {CONCURRENCY}
concurrency_per_host = {CONCURRENCY}
[crawl.hosts]
"a.test" = "127.0.0.1"
[sources.linked]
start = ["{start}"]
""",
        encoding="utf-8",
    )


def start_crawl(folder: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", COMMAND, "-c", str(folder), "--plugin", str(PLUGIN)]
    return subprocess.Popen(
        [*arguments, "crawl", "linked"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def fetched(server: LoopbackServer) -> Counter[str]:
    return Counter(path for _, path in server.hits if path != "/robots.txt")


def kill_in_the_middle(process: subprocess.Popen[bytes], server: LoopbackServer, at: int) -> None:
    while len(server.hits) < at:
        assert process.poll() is None, (process.stderr.read() if process.stderr else b"").decode()
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
def test_killed_five_times_a_crawl_loses_nothing_and_keeps_nothing_twice(study: Any) -> None:
    dice = random.Random()
    with LoopbackServer(answer, latency=0.005) as server:
        write_study(study.folder, server.url("a.test", "/0"))
        again = []
        for number in range(KILLS):
            moment = int(PAGES * (number + dice.random()) / (KILLS + 0.5)) + 1
            before = fetched(server)
            kill_in_the_middle(start_crawl(study.folder), server, max(moment, len(server.hits) + 1))
            new = fetched(server) - before
            again.append(sum(1 for path in new if path in before))
        before = fetched(server)
        last = start_crawl(study.folder)
        _, errors = last.communicate(timeout=60)
        again.append(sum(1 for path in fetched(server) - before if path in before))
        pages = fetched(server)
    assert last.returncode == 0, errors.decode()
    sys.stdout.write(f"fetched again after each kill: {again}; {sum(again)} in all\n")
    captures = study.rows("SELECT url, count(*) AS times FROM capture GROUP BY url")
    assert len(pages) == PAGES
    assert len(captures) == PAGES
    assert all(row.times == 1 for row in captures)
    assert len(study.archived()) == PAGES
    # In flight, plus downloaded but not yet committed: a group of eight and those beside it.
    assert max(again) <= 2 * CONCURRENCY + 8
