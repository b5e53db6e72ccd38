"""Crawls over real HTTP: what is kept, what is not fetched twice, what goes wrong and how."""

from __future__ import annotations

import gzip
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ccgcii.config import Settings
from ccgcii.crawling.locks import source_lock
from ccgcii.crawling.runs import choose_sources, crawl
from ccgcii.errors import ConfigError, SourceError
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

PLUGIN = Path(__file__).with_name("linked_source.py")

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(*links: str, words: str = "words", **more: Any) -> Reply:
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    return Reply(f"<html><title>t</title>{anchors}{words}</html>".encode(), headers=HTML, **more)


def test_every_linked_page_is_kept_once_with_its_bytes(study: Any, serve: Any) -> None:
    packed = Reply(gzip.compress(b"<p>packed</p>"), headers={**HTML, "Content-Encoding": "gzip"})
    site = {"/": page("/1", "/2", "/1#top"), "/1": page("/", "/2", words="一"), "/2": packed}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
        bodies = study.archived()
        first, second = server.url("a.test", "/1"), server.url("a.test", "/2")
    assert (counts.captures, counts.failed, counts.slices_done) == (3, 0, 1)
    assert bodies[first] == site["/1"].body
    assert bodies[second] == b"<p>packed</p>"
    assert Counter(server.hits).most_common(1)[0][1] == 1


def test_a_second_crawl_asks_for_nothing_unless_a_slice_polls(study: Any, serve: Any) -> None:
    site = {"/": page("/1"), "/1": page()}
    with LoopbackServer(serve(site)) as server:
        study.crawl(server.url("a.test"))
        asked = len(server.hits)
        study.crawl(server.url("a.test"))
        assert len(server.hits) == asked
    assert len(study.archived()) == 2


def test_the_first_request_introduces_us_and_carries_no_referer(study: Any) -> None:
    seen: list[Ask] = []

    def answer(ask: Ask) -> Reply:
        seen.append(ask)
        return page("/1") if ask.path == "/" else page()

    with LoopbackServer(answer) as server:
        study.crawl(server.url("a.test"), contact="me@example.org")
    assert seen[0].path == "/robots.txt"
    assert all(ask.headers["user-agent"] == "ccgcii/0.1 (+me@example.org)" for ask in seen)
    assert not any("referer" in ask.headers or "cookie" in ask.headers for ask in seen)


def test_robots_txt_is_obeyed_and_refusals_are_rows(study: Any, serve: Any) -> None:
    rules = Reply(b"User-agent: ccgcii\nDisallow: /private")
    site = {"/robots.txt": rules, "/": page("/private/1", "/open"), "/open": page()}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
        assert ("a.test", "/private/1") not in server.hits
    assert counts.reasons == {"forbidden by robots.txt": 1}
    assert counts.captures == 2


def test_a_robots_txt_that_fails_forbids_everything(study: Any, serve: Any) -> None:
    with LoopbackServer(serve({"/robots.txt": Reply(b"", 503), "/": page()})) as server:
        counts = study.crawl(server.url("a.test"), retries=0)
        assert {path for _, path in server.hits} == {"/robots.txt"}
    assert counts.reasons == {"robots.txt answers HTTP 503": 1}
    assert counts.slices_failed == 1


def test_a_busy_server_is_asked_again_after_the_time_it_names(study: Any) -> None:
    moments: list[float] = []

    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        moments.append(time.monotonic())
        return Reply(b"", 429, {"Retry-After": "2"}) if len(moments) == 1 else page()

    with LoopbackServer(answer) as server:
        counts = study.crawl(server.url("a.test"))
    assert (counts.captures, counts.retried) == (1, 1)
    assert moments[1] - moments[0] >= 1.9


def test_a_wait_of_hours_puts_the_slice_off_instead_of_waiting(study: Any, serve: Any) -> None:
    busy = Reply(b"", 503, {"Retry-After": "7200"})
    with LoopbackServer(serve({"/": page("/1"), "/1": busy})) as server:
        counts = study.crawl(server.url("a.test"))
    assert counts.captures == 1
    (row,) = study.rows("SELECT state, not_before FROM slice")
    assert row.state == "deferred"
    assert row.not_before > time.time() + 7000


def test_a_host_that_wants_an_hour_gets_it_and_holds_up_nobody_else(study: Any) -> None:
    asked: list[str] = []
    open_again: list[bool] = []

    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        asked.append(ask.host)
        if ask.host == "a.test" and asked.count("a.test") > 3 and not open_again:
            return Reply(b"", 429, {"Retry-After": "3600"})
        return page(*(f"/{number}" for number in range(20)))

    with LoopbackServer(answer) as server:
        starts = server.url("a.test"), server.url("b.test")
        # With a delay, four requests of a host wait for their turn when it says no.
        first = study.crawl(*starts, delay=0.05)
        assert asked.count("b.test") == 21
        assert asked.count("a.test") <= 3 + 4
        assert first.failed == 0
        assert first.resumes_at > time.time() + 3_000
        open_again.append(True)
        with study.workspace(*starts) as workspace, workspace.engine.begin() as connection:
            connection.execute(text("UPDATE request SET not_before = 0"))
        second = study.crawl(*starts)
    assert first.captures + second.captures == 42


def test_a_redirect_closes_its_row_and_keeps_the_target(study: Any, serve: Any) -> None:
    site = {
        "/": page("/old"),
        "/old": Reply(b"", 301, {"Location": "/new"}),
        "/new": page("/self"),
        "/self": Reply(b"", 302, {"Location": "/self"}),
    }
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
        kept = {server.url("a.test", "/"), server.url("a.test", "/new")}
    assert set(study.archived()) == kept
    assert counts.reasons == {"redirects to itself": 1}


def test_a_slice_that_failed_in_another_plan_is_none_of_this_one(study: Any, serve: Any) -> None:
    with LoopbackServer(serve({"/": page()})) as server:
        first = study.crawl(server.url("a.test", "/gone"))
        second = study.crawl(server.url("a.test", "/"))
    assert (first.slices, first.slices_done, first.slices_failed) == (1, 0, 1)
    assert (second.slices, second.slices_done, second.slices_failed) == (1, 1, 0)


def test_redirects_end_after_the_fifth(study: Any) -> None:
    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        number = int(ask.path.strip("/") or 0)
        return Reply(b"", 302, {"Location": f"/{number + 1}"})

    with LoopbackServer(answer) as server:
        counts = study.crawl(server.url("a.test"))
        assert len(server.hits) == 1 + 6
    assert counts.reasons == {"max redirections reached": 1}


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/meta", "http://localhost:1/", "http://0x7f.1/", "http://10.0.0.1/"],
)
def test_private_addresses_are_refused_on_every_redirect(
    study: Any, serve: Any, target: str
) -> None:
    site = {"/": page("/out"), "/out": Reply(b"", 302, {"Location": target})}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
    (reason,) = counts.reasons
    assert "is not a public address" in reason
    assert counts.retried == 0


def test_other_schemes_are_never_followed(study: Any, serve: Any) -> None:
    site = {"/": page("/out"), "/out": Reply(b"", 302, {"Location": "file:///etc/passwd"})}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
    assert counts.captures == 1
    assert counts.reasons == {"HTTP 302": 1}


def test_a_body_that_unpacks_beyond_the_limit_is_refused(study: Any, serve: Any) -> None:
    bomb = Reply(gzip.compress(b" " * 3_000_000), headers={**HTML, "Content-Encoding": "gzip"})
    site = {"/": page("/bomb", "/big"), "/bomb": bomb, "/big": page(words="x" * 2_000_000)}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"), max_bytes=1_000_000)
    assert counts.captures == 1
    assert counts.failed == 2


def test_missing_pages_and_broken_callbacks_are_rows_and_harm_nobody(
    study: Any, serve: Any
) -> None:
    site = {"/": page("/gone", "/bad", "/good"), "/bad": page(words="raise-here"), "/good": page()}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"))
    assert counts.reasons == {"HTTP 404": 1, "ValueError: the page is not as expected": 1}
    assert (counts.captures, counts.slices_done) == (2, 1)
    errors = {row.error for row in study.rows("SELECT error FROM request WHERE state = 'failed'")}
    assert errors == set(counts.reasons)


def test_a_slice_fails_with_its_first_request_and_the_rest_goes_on(study: Any, serve: Any) -> None:
    with LoopbackServer(serve({"b.test/": page()})) as server:
        counts = study.crawl(server.url("a.test"), server.url("b.test"))
    assert (counts.slices_failed, counts.slices_done) == (1, 1)
    rows = study.rows("SELECT state, error FROM slice ORDER BY id")
    assert [tuple(row) for row in rows] == [("failed", "HTTP 404"), ("done", None)]


def test_an_endless_calendar_ends_with_the_budget_of_its_slice(study: Any) -> None:
    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        number = int(ask.path.strip("/") or 0)
        return page(f"/{number + 1}", f"/{number + 2}")

    with LoopbackServer(answer) as server:
        counts = study.crawl(server.url("a.test"), options={"budget": 25})
    assert counts.captures == 25
    assert "the slice's budget of 25 requests is used up" in counts.reasons


def test_links_are_followed_only_so_deep(study: Any) -> None:
    def answer(ask: Ask) -> Reply:
        return page(f"{ask.path}x") if ask.path != "/robots.txt" else Reply(b"", 404)

    with LoopbackServer(answer) as server:
        counts = study.crawl(server.url("a.test"), depth=3)
    assert counts.captures == 4


def test_a_host_that_is_down_gets_no_more_after_ten_failures(study: Any, serve: Any) -> None:
    links = [f"/{number}" for number in range(40)]
    site = {"/": page(*links), **{link: Reply(b"", 500) for link in links}}
    with LoopbackServer(serve(site)) as server:
        counts = study.crawl(server.url("a.test"), retries=0, concurrency=2)
        assert len(server.hits) < 20
    assert counts.failed == 40
    assert any("10 times in a row" in reason for reason in counts.reasons)


def test_a_slow_host_does_not_keep_others_waiting(study: Any, serve: Any) -> None:
    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        links = [f"/{number}" for number in range(30)] if ask.path == "/" else []
        return page(*links, delay=0.2 if ask.host == "a.test" else 0.0)

    with LoopbackServer(answer) as server:
        study.crawl(
            server.url("a.test"), server.url("b.test"), concurrency=4, concurrency_per_host=2
        )
        hosts = [host for host, _ in server.hits]
    fast_done = len(hosts) - 1 - hosts[::-1].index("b.test")
    assert hosts[:fast_done].count("a.test") < 20


def test_a_limit_ends_a_crawl_early_and_the_next_goes_on(study: Any, serve: Any) -> None:
    from ccgcii.crawling.runs import crawl

    links = [f"/{number}" for number in range(60)]
    with LoopbackServer(serve({"/": page(*links), **{link: page() for link in links}})) as server:
        start = server.url("a.test")
        with study.workspace(start, concurrency=2) as workspace:
            first = crawl(workspace, ["linked"], limit=10).sources[0]
        rest = study.crawl(start)
    assert 10 <= first.captures < 30
    assert first.captures + rest.captures == 61


def test_a_source_is_crawled_by_one_process_at_a_time(study: Any, serve: Any) -> None:
    with (
        source_lock(study.folder / "archive", "linked"),
        pytest.raises(SourceError, match="'linked' is being crawled by another process"),
    ):
        study.crawl("http://a.test/")


def test_unknown_sources_and_options_are_refused_with_suggestions(study: Any) -> None:
    with (
        study.workspace() as workspace,
        pytest.raises(SourceError, match="no source 'linkd'; did you mean 'linked'"),
    ):
        crawl(workspace, ["linkd"])
    settings = Settings(sources={"nwes": {}})
    with (
        Workspace(settings, create=False) as workspace,
        pytest.raises(
            SourceError, match=r"\[sources.nwes\]: no source 'nwes'; did you mean 'news'"
        ),
    ):
        choose_sources(workspace, [])
    with pytest.raises(
        ConfigError, match=r"\[sources.linked\] unknown key 'budgt'; did you mean 'bud"
    ):
        study.crawl("http://a.test/", options={"budgt": 3})
    with study.workspace() as workspace:
        settings = workspace.settings.model_copy(update={"sources": {"linked": {}}})
    with (
        Workspace(settings, files=[PLUGIN]) as workspace,
        pytest.raises(ConfigError, match=r"\[sources.linked\] needs `start`: add it to that table"),
    ):
        crawl(workspace, ["linked"])


def test_an_estimate_sends_and_writes_nothing(study: Any, serve: Any) -> None:
    from ccgcii.crawling.runs import estimate

    with LoopbackServer(serve({})) as server:
        with study.workspace(server.url("a.test"), options={"budget": 7}) as workspace:
            (one,) = estimate(workspace, ["linked"])
        assert server.hits == []
    assert (one.slices, one.requests) == (1, 7)
    assert study.rows("SELECT * FROM slice") == []


def test_polled_slices_read_listings_again_and_keep_pages(study: Any, serve: Any) -> None:
    site = {"/": page("/gone"), "/gone": Reply(b"", 404)}
    with LoopbackServer(serve(site)) as server:
        study.crawl(server.url("a.test"), options={"polls": True})
        site["/gone"] = page()
        counts = study.crawl(server.url("a.test"), options={"polls": True})
    assert counts.captures == 1
    assert len(study.archived()) == 2
