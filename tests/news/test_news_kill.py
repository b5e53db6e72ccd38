"""`kill -9` while feeds are read again with conditions: no article is lost, none is kept twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ccgcii.testing.loopback import Ask, LoopbackServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

HOST = "www.herald.example"
FEEDS, MORE, ROUNDS = 6, 20, 3
COMMAND = "from ccgcii.cli import main; main()"


class Feeds:
    """Feeds that honour ETags and name `MORE` further articles in every round."""

    def __init__(self) -> None:
        self.round = 1

    def articles(self, feed: int) -> list[str]:
        return [f"/{feed}-{number}" for number in range(MORE * self.round)]

    def answer(self, ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        if not ask.path.startswith("/feed"):
            return Reply(b"<p>x</p>", headers={"Content-Type": "text/html"})
        tag = f'"{self.round}"'
        if ask.headers.get("if-none-match") == tag:
            return Reply(b"", 304, {"ETag": tag})
        links = self.articles(int(ask.path.removeprefix("/feed")))
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        return Reply(body, headers={"ETag": tag, "Content-Type": "application/rss+xml"})


def start_crawl(folder: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", COMMAND, "-c", str(folder), "crawl", "news", "--now"]
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_killed_in_each_round_of_polling_a_crawl_loses_no_article(tmp_path: Path) -> None:
    feeds, dice = Feeds(), random.Random()
    with LoopbackServer(feeds.answer, latency=0.005) as server:
        addresses = [server.url(HOST, f"/feed{number}") for number in range(FEEDS)]
        (tmp_path / "ccgcii.toml").write_text(
            "[crawl]\ndelay = 0\nconcurrency = 4\n"
            f'[crawl.hosts]\n"{HOST}" = "127.0.0.1"\n[sources.news]\nfeeds = {addresses}\n',
            encoding="utf-8",
        )
        for feeds.round in range(1, ROUNDS + 1):
            until = len(server.hits) + dice.randrange(2, FEEDS * MORE)
            process = start_crawl(tmp_path)
            while len(server.hits) < until and process.poll() is None:
                time.sleep(0.002)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            last = start_crawl(tmp_path)
            _, errors = last.communicate(timeout=60)
            assert last.returncode == 0, errors.decode()
        # What was running when it was killed goes on; the next crawl reads all feeds again.
        start_crawl(tmp_path).communicate(timeout=60)
    with sqlite3.connect(tmp_path / "ccgcii.db") as store:
        kept = [url.partition(HOST)[2] for (url,) in store.execute("SELECT url FROM capture")]
    store.close()
    wanted = {link for feed in range(FEEDS) for link in feeds.articles(feed)}
    assert len(kept) == len(wanted) == FEEDS * MORE * ROUNDS
    assert {url[url.index("/") :] for url in kept} == wanted
