"""Feeds read again over real HTTP: asked for when due, sent only if changed, and nothing lost."""

from __future__ import annotations

import gzip
import time
from contextlib import contextmanager
from datetime import date
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.conduct.purging import Choice, find_doomed, purge
from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ccgcii.crawling.outcomes import Counts

HTML = {"Content-Type": "text/html"}
HOST = "www.herald.example"
LONG_AGO = "Mon, 06 Jan 2020 08:00:00 GMT"


class Site:
    """A site with one feed that a test changes, and the conditions it was asked with."""

    def __init__(self, *articles: str) -> None:
        self.articles = list(articles)
        self.headers: dict[str, str] = {}
        self.honours = True
        self.packs = False
        self.comment = ""
        self.broken: dict[str, int] = {}
        self.asked: list[dict[str, str]] = []

    @property
    def body(self) -> bytes:
        items = "".join(f"<item><title>t</title><link>{a}</link></item>" for a in self.articles)
        return f"<rss version='2.0'><channel>{items}{self.comment}</channel></rss>".encode()

    def answer(self, ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        if ask.path != "/feed.xml":
            return Reply(b"<p>x</p>", self.broken.get(ask.path, 200), HTML)
        names = ("if-none-match", "if-modified-since")
        conditions = {name: ask.headers[name] for name in names if name in ask.headers}
        self.asked.append(conditions)
        packed = {"Content-Encoding": "gzip"} if self.packs else {}
        if self.honours and conditions and self._holds(conditions):
            return Reply(b"", 304, {**self.headers, **packed})
        body = gzip.compress(self.body) if self.packs else self.body
        return Reply(body, 200, {"Content-Type": "application/rss+xml", **self.headers, **packed})

    def _holds(self, conditions: dict[str, str]) -> bool:
        tag, moment = self.headers.get("ETag"), self.headers.get("Last-Modified")
        if "if-none-match" in conditions:
            return conditions["if-none-match"] == tag
        return conditions["if-modified-since"] == moment


@contextmanager
def study(folder: Path, site: Site, **crawling: Any) -> Iterator[Workspace]:
    with LoopbackServer(site.answer) as server:
        settings = Settings(
            store={"url": f"sqlite:///{folder}/s.db", "archive": folder / "archive"},
            crawl={"delay": 0, "retries": 0, "hosts": {HOST: "127.0.0.1"}, **crawling},
            sources={"news": {"feeds": [server.url(HOST, "/feed.xml")]}},
        )
        with Workspace(settings, create=True) as workspace:
            yield workspace


def again(workspace: Workspace) -> Counts:
    return crawl(workspace, now=True).sources[0]


def poll_row(workspace: Workspace) -> Any:
    with workspace.engine.connect() as connection:
        return connection.execute(text("SELECT * FROM poll")).one()


def set_poll(workspace: Workspace, **values: object) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in values)
    with workspace.engine.begin() as connection:
        connection.execute(text(f"UPDATE poll SET {sets}"), values)


def test_an_etag_goes_back_and_304_is_nothing_new_counted_apart(tmp_path: Path) -> None:
    site = Site("/a", "/b")
    site.headers = {"ETag": '"v1"'}
    with study(tmp_path, site) as workspace:
        first, second = again(workspace), again(workspace)
        site.articles, site.headers = ["/b", "/c"], {"ETag": '"v2"'}
        third = again(workspace)
    assert site.asked == [{}, {"if-none-match": '"v1"'}, {"if-none-match": '"v1"'}]
    assert [one.captures for one in (first, second, third)] == [2, 0, 1]
    assert (second.requests, second.failed, second.not_modified, second.slices_done) == (1, 0, 1, 1)
    assert third.not_modified == 0


def test_last_modified_goes_back_word_for_word(tmp_path: Path) -> None:
    site = Site("/a")
    site.headers = {"Last-Modified": LONG_AGO}
    with study(tmp_path, site) as workspace:
        again(workspace)
        assert again(workspace).not_modified == 1
    assert site.asked[1] == {"if-modified-since": LONG_AGO}


def test_a_last_modified_ahead_of_the_servers_clock_or_of_this_minute_is_not_relied_on(
    tmp_path: Path,
) -> None:
    now = time.time()
    for ahead in (86_400, -5):
        folder = tmp_path / str(ahead)
        folder.mkdir()
        site = Site("/a")
        moments = {"Last-Modified": now + ahead, "Date": now}
        site.headers = {name: formatdate(at, usegmt=True) for name, at in moments.items()}
        with study(folder, site) as workspace:
            again(workspace)
            site.articles.append("/b")  # in the same second: the header stays as it was
            assert again(workspace).captures == 1
        assert site.asked == [{}, {}]


def test_a_server_clock_that_is_a_year_slow_does_no_harm(tmp_path: Path) -> None:
    site, then = Site("/a"), time.time() - 365 * 86_400
    site.headers = {
        "Date": formatdate(then, usegmt=True),
        "Last-Modified": formatdate(then - 3_600, usegmt=True),
    }
    with study(tmp_path, site) as workspace:
        again(workspace)
        assert again(workspace).not_modified == 1


def test_the_same_bytes_are_nothing_new_where_a_server_knows_no_conditions(tmp_path: Path) -> None:
    site = Site("/a")
    with study(tmp_path, site) as workspace:
        again(workspace)
        second = again(workspace)
    assert (second.not_modified, second.same_body, second.captures) == (0, 1, 0)


def test_an_etag_that_changes_over_the_same_bytes_is_nothing_new_and_is_renewed(
    tmp_path: Path,
) -> None:
    site = Site("/a")
    site.headers = {"ETag": '"v1"'}
    with study(tmp_path, site) as workspace:
        again(workspace)
        site.headers = {"ETag": '"v2"'}
        assert again(workspace).same_body == 1
        assert again(workspace).not_modified == 1
    assert [one.get("if-none-match") for one in site.asked] == [None, '"v1"', '"v2"']


def test_a_304_that_claims_to_be_gzip_is_read(tmp_path: Path) -> None:
    site = Site("/a")
    site.headers, site.packs = {"ETag": 'W/"v1"'}, True
    with study(tmp_path, site) as workspace:
        assert again(workspace).captures == 1
        second = again(workspace)
    assert (second.not_modified, second.failed) == (1, 0)


def test_a_feed_that_is_not_due_is_left_alone_and_says_when_it_is(tmp_path: Path) -> None:
    site = Site("/a")
    with study(tmp_path, site) as workspace:
        crawl(workspace)
        second = crawl(workspace).sources[0]
        assert len(site.asked) == 1
        assert (second.requests, second.listings_resting) == (0, 1)
        assert second.listings_due_at == poll_row(workspace).due_at > time.time() + 3_000
        set_poll(workspace, due_at=int(time.time()))
        assert crawl(workspace).sources[0].requests == 1


def test_a_feed_checked_in_the_future_by_a_wrong_clock_is_due(tmp_path: Path) -> None:
    site = Site("/a")
    with study(tmp_path, site) as workspace:
        crawl(workspace)
        set_poll(
            workspace, checked_at=int(time.time()) + 10**6, due_at=int(time.time()) + 2 * 10**6
        )
        assert crawl(workspace).sources[0].requests == 1


def test_the_time_until_a_feed_is_read_again_follows_how_much_of_it_was_new(
    tmp_path: Path,
) -> None:
    site = Site(*(f"/{n}" for n in range(10)))
    with study(tmp_path, site) as workspace:
        intervals = []
        for articles in (range(10), range(10, 20), range(15, 25), range(16, 26), range(16, 26)):
            site.articles = [f"/{n}" for n in articles]
            again(workspace)
            intervals.append(poll_row(workspace).interval)
        row = poll_row(workspace)
    # New to us; all new: halved; half of it new: kept; a tenth new, and nothing: half as long more.
    assert intervals == [3_600, 1_800, 1_800, 2_700, 4_050]
    assert (row.named, row.fresh, row.reads, row.unchanged) == (10, 1, 4, 1)


def test_another_window_reads_a_feed_that_has_not_changed(tmp_path: Path) -> None:
    site = Site("/a")
    site.headers = {"ETag": '"v1"'}
    with study(tmp_path, site) as workspace:
        crawl(workspace)
        second = crawl(workspace, until=date(2021, 6, 1)).sources[0]
    assert site.asked == [{}, {}]
    assert (second.listings, second.not_modified, second.same_body) == (1, 0, 0)


def test_an_article_that_failed_in_passing_is_tried_again_though_its_feed_says_304(
    tmp_path: Path,
) -> None:
    site = Site("/a", "/gone", "/busy")
    site.headers, site.broken = {"ETag": '"v1"'}, {"/gone": 404, "/busy": 503}
    with study(tmp_path, site) as workspace:
        assert again(workspace).failed == 2
        site.broken = {"/gone": 404}
        second = again(workspace)
    assert (second.not_modified, second.captures, second.requests) == (1, 1, 2)


def test_a_feed_of_which_not_all_found_room_is_read_whole_until_all_has(tmp_path: Path) -> None:
    site = Site(*(f"/{n}" for n in range(5)))
    site.headers = {"ETag": '"v1"'}
    with study(tmp_path, site) as workspace:
        workspace.settings.sources["news"]["max_pages"] = 3
        counts = [crawl(workspace).sources[0] for _ in range(3)]
    assert sum(one.captures for one in counts) == 5
    assert site.asked[0] == {}
    assert site.asked[1] == {}


def test_what_a_purge_leaves_is_found_though_the_feed_has_not_changed(tmp_path: Path) -> None:
    site = Site("/a", "/b")
    site.headers = {"ETag": '"v1"'}
    with study(tmp_path, site) as workspace:
        again(workspace)
        choice = Choice(source="news")
        purge(workspace, choice, find_doomed(workspace, choice))
        row = poll_row(workspace)
        assert (row.etag, row.body, row.due_at) == (None, None, 0)
        site.articles.append("/c")  # by a server that does not change its tag
        second = crawl(workspace).sources[0]
        with workspace.engine.connect() as connection:
            urls = connection.execute(text("SELECT url FROM capture")).scalars().all()
    assert site.asked == [{}, {}]
    assert second.captures == 1
    assert [url.rpartition("/")[2] for url in urls] == ["c"]


def test_a_servers_word_is_taken_for_a_week_at_most(tmp_path: Path) -> None:
    site = Site("/a")
    site.headers = {"ETag": '"for ever"'}
    with study(tmp_path, site) as workspace:
        again(workspace)
        site.articles.append("/b")
        assert again(workspace).captures == 0
        set_poll(workspace, read_at=int(time.time()) - 8 * 86_400)
        assert again(workspace).captures == 1


def test_a_feed_that_keeps_failing_is_tried_by_each_crawl_and_then_rests(tmp_path: Path) -> None:
    site = Site("/a")
    site.headers = {}

    def gone(ask: Ask) -> Reply:
        site.asked.append({})
        return Reply(b"", 404)

    with LoopbackServer(gone) as server:
        settings = Settings(
            store={"url": f"sqlite:///{tmp_path}/s.db", "archive": tmp_path / "archive"},
            crawl={"delay": 0, "retries": 0, "hosts": {HOST: "127.0.0.1"}, "obey_robots": False},
            sources={"news": {"feeds": [server.url(HOST, "/feed.xml")]}},
        )
        with Workspace(settings, create=True) as workspace:
            counts = [crawl(workspace).sources[0] for _ in range(6)]
            assert again(workspace).requests == 1
    assert [one.requests for one in counts] == [1, 1, 1, 1, 0, 0]
    assert counts[-1].listings_resting == 1


def test_a_redirected_feed_is_asked_for_with_its_own_tag_only(tmp_path: Path) -> None:
    site, seen = Site("/a"), []
    site.headers = {"ETag": '"new"'}

    def answer(ask: Ask) -> Reply:
        if ask.path == "/old.xml":
            seen.append(ask.headers.get("if-none-match"))
            return Reply(b"", 301, {"Location": "/feed.xml", "ETag": '"old"'})
        return site.answer(ask)

    with LoopbackServer(answer) as server:
        settings = Settings(
            store={"url": f"sqlite:///{tmp_path}/s.db", "archive": tmp_path / "archive"},
            crawl={"delay": 0, "retries": 0, "hosts": {HOST: "127.0.0.1"}},
            sources={"news": {"feeds": [server.url(HOST, "/old.xml")]}},
        )
        with Workspace(settings, create=True) as workspace:
            again(workspace)
            second = again(workspace)
    assert seen == [None, None]
    assert [one.get("if-none-match") for one in site.asked] == [None, '"new"']
    assert (second.not_modified, second.failed) == (1, 0)
