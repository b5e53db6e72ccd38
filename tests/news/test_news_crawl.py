"""The news source over real HTTP: what a window lets in, traps that end, troubles that are told."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.testing.ageing import let_days_pass
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

HTML = {"Content-Type": "text/html"}
HOST = "www.herald.example"


def item(path: str, day: str | None, title: str = "t") -> str:
    date = f"<pubDate>{day} 08:00:00 GMT</pubDate>" if day else ""
    return f"<item><title>{title}</title><link>{path}</link>{date}</item>"


def feed(*items: str) -> Reply:
    head = "<rss version='2.0'><channel><title>f</title><language>en</language>"
    return Reply(f"{head}{''.join(items)}</channel></rss>".encode())


def sitemap(*entries: tuple[str, str], kind: str = "url") -> bytes:
    listed = "".join(
        f"<{kind}><loc>{url}</loc><lastmod>{day}</lastmod></{kind}>" for url, day in entries
    )
    root = "urlset" if kind == "url" else "sitemapindex"
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<{root} xmlns="{space}">{listed}</{root}>'.encode()


def run(folder: Path, answer: Any, **options: Any) -> tuple[Any, dict[str, Any], list[str]]:
    """Crawl and return the counts, the hints by path, and the paths that were asked for."""
    with LoopbackServer(lambda ask: answer(ask) or Reply(b"", 404)) as server:
        base = server.url(HOST, "")
        settings = Settings(
            store={"url": f"sqlite:///{folder}/s.db", "archive": folder / "archive"},
            crawl={"delay": 0, "retries": 0, "hosts": {HOST: "127.0.0.1"}},
            sources={
                "news": {
                    name: [base + path for path in value] if isinstance(value, list) else value
                    for name, value in options.items()
                }
            },
        )
        with Workspace(settings, create=True) as workspace:
            counts = crawl(workspace, ["news"]).sources[0]
            with workspace.engine.connect() as connection:
                rows = connection.execute(text("SELECT url, hints FROM capture")).all()
        paths = [path for _, path in server.hits if path != "/robots.txt"]
    hints = {row.url.removeprefix(base): json.loads(row.hints) for row in rows}
    return counts, hints, paths


def test_only_articles_inside_the_window_are_kept_and_each_once(tmp_path: Path) -> None:
    one = feed(
        item("/a?utm_source=one", "Sat, 01 Feb 2020", "Wuhan"),
        item("/old", "Tue, 31 Dec 2019"),
        item("/new", "Fri, 01 Jan 2021"),
        item("/undated", None),
    )
    two = feed(item("/a?utm_source=two", "Sat, 01 Feb 2020", "Wuhan"))

    def answer(ask: Ask) -> Reply:
        return {"/1.xml": one, "/2.xml": two}.get(ask.path) or Reply(b"<p>x</p>", headers=HTML)

    counts, hints, paths = run(tmp_path, answer, feeds=["/1.xml", "/2.xml"])
    assert counts.slices_done == 2
    assert sorted(paths) == ["/1.xml", "/2.xml", "/a", "/undated"]
    assert hints["/a"] == {
        "title": "Wuhan",
        "published_at": "2020-02-01T08:00:00Z",
        "language": "en",
        "outlet": "herald.example",
    }


def test_sitemaps_that_name_themselves_and_each_other_come_to_an_end(tmp_path: Path) -> None:
    def answer(ask: Ask) -> Reply | None:
        base = f"http://{HOST}:{ask.headers['host'].rpartition(':')[2]}"
        if ask.path == "/robots.txt":
            return Reply(f"Sitemap: {base}/index.xml".encode())
        if ask.path == "/index.xml":
            children = [("/index.xml", "2020-05-01"), ("/s.xml.gz", "2020-05-01")]
            children += [("/old.xml", "2019-05-01")]
            return Reply(sitemap(*((base + p, day) for p, day in children), kind="sitemap"))
        if ask.path == "/s.xml.gz":
            pages = [(base + "/in", "2020-05-01"), (base + "/out", "2019-05-01")]
            foreign = ("http://elsewhere.example/x", "2020-05-01")
            return Reply(gzip.compress(sitemap(*pages, foreign)))
        return Reply(b"<p>x</p>", headers=HTML) if ask.path == "/in" else None

    counts, hints, paths = run(tmp_path, answer, sitemaps=["/robots.txt"])
    assert sorted(paths) == ["/in", "/index.xml", "/s.xml.gz"]
    assert (list(hints), counts.failed) == (["/in"], 0)


def test_an_endless_calendar_ends_and_articles_of_a_section_are_kept(tmp_path: Path) -> None:
    def answer(ask: Ask) -> Reply | None:
        if ask.path == "/robots.txt":
            return None
        year, month = ([*ask.path.strip("/").split("/")[1:], "2020", "1"])[:2]
        following = f"/calendar/{year}/{int(month) + 1}" if month.isdigit() else "/calendar/2020/1"
        story = "/2020/02/03/wuhan-opens-a-hospital"
        links = f'<a href="{following}">next</a><a href="{story}">story</a><a href="/x.jpg">i</a>'
        return Reply(links.encode(), headers=HTML)

    counts, hints, paths = run(tmp_path, answer, sections=["/world"], depth=3)
    assert list(hints) == ["/2020/02/03/wuhan-opens-a-hospital"]
    assert len(paths) < 8
    assert counts.failed == 0


def test_a_malformed_feed_is_told_and_the_rest_is_unharmed(tmp_path: Path) -> None:
    def answer(ask: Ask) -> Reply | None:
        return {
            "/good.xml": feed(item("/a", "Sat, 01 Feb 2020")),
            "/bad.xml": Reply(b"<html><p>We have moved"),
            "/a": Reply(b"<p>x</p>", headers=HTML),
        }.get(ask.path)

    counts, hints, _ = run(tmp_path, answer, feeds=["/bad.xml", "/good.xml"])
    assert (counts.slices_done, counts.slices_failed, list(hints)) == (1, 1, ["/a"])
    (reason,) = counts.reasons
    assert reason.startswith("malformed feed: ")


def test_asking_again_reads_feeds_and_no_article_twice(tmp_path: Path) -> None:
    def answer(ask: Ask) -> Reply | None:
        if ask.path == "/1.xml":
            return feed(item("/a", "Sat, 01 Feb 2020"))
        return Reply(b"<p>x</p>", headers=HTML) if ask.path == "/a" else None

    with LoopbackServer(lambda ask: answer(ask) or Reply(b"", 404)) as server:
        settings = Settings(
            store={"url": f"sqlite:///{tmp_path}/s.db", "archive": tmp_path / "archive"},
            crawl={"delay": 0, "hosts": {HOST: "127.0.0.1"}},
            sources={"news": {"feeds": [server.url(HOST, "/1.xml")]}},
        )
        with Workspace(settings, create=True) as workspace:
            first = crawl(workspace).sources[0]
            second = crawl(workspace, now=True).sources[0]
            let_days_pass(workspace.engine)
            third = crawl(workspace).sources[0]
        paths = [path for _, path in server.hits if path != "/robots.txt"]
    assert (first.captures, second.captures, third.captures) == (1, 0, 0)
    assert paths == ["/1.xml", "/a", "/1.xml", "/1.xml"]


def test_an_address_that_is_none_costs_a_listing_nothing_else(tmp_path: Path) -> None:
    bad = ("http://[herald/2020/05/01/a-b-c", f"http://{HOST}:port/2020/05/01/a-b-c", "//[x")

    def answer(ask: Ask) -> Reply | None:
        base = f"http://{HOST}:{ask.headers['host'].rpartition(':')[2]}"
        good = base + ask.path.removesuffix(".xml") + "/2020/05/01/good-one"
        links = "".join(f'<a href="{url}">x</a>' for url in (*bad, good))
        return {
            "/f.xml": feed(*(item(url, None) for url in (*bad, good))),
            "/s.xml": Reply(sitemap(*((url, "2020-05-01") for url in (*bad, good)))),
            "/section": Reply(links.encode(), headers=HTML),
        }.get(ask.path, Reply(b"<p>x</p>", headers=HTML))

    listings = {"feeds": ["/f.xml"], "sitemaps": ["/s.xml"], "sections": ["/section"]}
    counts, hints, _ = run(tmp_path, answer, **listings)
    assert (counts.failed, counts.slices_done) == (0, 3)
    assert sorted(hints) == [f"/{name}/2020/05/01/good-one" for name in ("f", "s", "section")]
