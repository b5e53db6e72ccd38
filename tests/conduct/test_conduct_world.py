"""Health, one feed at a time and as a whole, on a real crawl of feeds that change and fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from ccgcii.cli import cli
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = ("good.example", "gone.example", "shut.example", "odd.example", "barred.example")
HTML = {"Content-Type": "text/html"}


class Web:
    """One good host, and one for each kind of trouble; `down` answers nothing but 503."""

    def __init__(self) -> None:
        self.articles = 4
        self.down = False

    def answer(self, ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            rules = b"User-agent: *\nDisallow: /" if ask.host == "barred.example" else b""
            return Reply(rules)
        if self.down:
            return Reply(b"", 503)
        if ask.path != "/feed":
            return Reply(b"<p>x</p>", headers=HTML)
        links = "".join(f"<item><link>/{n}</link></item>" for n in range(self.articles))
        feed = f"<rss version='2.0'><channel>{links}</channel></rss>".encode()
        if ask.headers.get("if-none-match") == f'"{self.articles}"':
            return Reply(b"", 304)
        return {
            "good.example": Reply(feed, headers={"ETag": f'"{self.articles}"'}),
            "gone.example": Reply(b"", 404),
            "shut.example": Reply(b"", 503),
            "odd.example": Reply(b"<html><p>We have moved", headers=HTML),
        }[ask.host]


def ask(folder: Path, *words: str) -> Any:
    ran = CliRunner().invoke(cli, ["-c", str(folder), *words])
    return json.loads(ran.stdout)


def news(folder: Path) -> dict[str, Any]:
    found = ask(folder, "sources", "--json")
    return next(one for one in found if one["source"] == "news")


def test_each_feed_has_a_verdict_and_the_source_one_against_its_history(tmp_path: Path) -> None:
    web = Web()
    with LoopbackServer(web.answer) as server:
        hosts = "".join(f'"{host}" = "127.0.0.1"\n' for host in HOSTS)
        feeds = [server.url(host, "/feed") for host in HOSTS]
        (tmp_path / "ccgcii.toml").write_text(
            f"[crawl]\ndelay = 0\nretries = 0\nmax_failures = 8\n[crawl.hosts]\n{hosts}"
            f"[sources.news]\nfeeds = {feeds}\n",
            encoding="utf-8",
        )
        first = ask(tmp_path, "crawl", "news", "--now", "--json")["sources"][0]
        assert (first["captures"], first["slices_failed"]) == (4, 4)
        one = news(tmp_path)
        assert (one["verdict"], one["listings"], one["listings_failing"]) == ("ok", 5, 4)
        assert one["last_new"] is not None
        for _ in range(2):
            ask(tmp_path, "crawl", "news", "--now", "--json")
        listings = ask(tmp_path, "sources", "--listings", "--json")
        assert {each["url"].split("/")[2].split(":")[0]: each["verdict"] for each in listings} == {
            "good.example": "ok",
            "gone.example": "broken",
            "shut.example": "unavailable",
            "odd.example": "broken",
            "barred.example": "blocked",
        }
        good = next(each for each in listings if "good" in each["url"])
        assert (good["reads"], good["unchanged"], good["named"], good["fresh"]) == (1, 2, 4, 4)
        table = CliRunner().invoke(cli, ["-c", str(tmp_path), "sources", "--listings"])
        assert "unavailable" in table.output
        web.down = True
        web.articles = 9
        last = ask(tmp_path, "crawl", "news", "--now", "--json")["sources"][0]
        assert last["captures"] == 0
        assert news(tmp_path)["verdict"] == "unavailable"
        web.down = False
        assert ask(tmp_path, "crawl", "news", "--now", "--json")["sources"][0]["captures"] == 5
        assert news(tmp_path)["verdict"] == "ok"
