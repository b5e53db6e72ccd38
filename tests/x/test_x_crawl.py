"""The X source against the fake X over real HTTP: what it brings, and every way it can go wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import ConfigError
from ccgcii.crawling.runs import crawl, estimate
from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms.x import XServer
from ccgcii_x.spans import day_under_way

if TYPE_CHECKING:
    from ccgcii.testing import Ask, Reply
    from tests.x.conftest import Study

TOKEN = "PLANTED-x/token+0123456789"
NAMES = re.compile(r"shanghai|上海", re.IGNORECASE)


def wanted(posts: Any, *, retweets: bool = False) -> set[str]:
    """Return the ids of Shanghai's posts in the first quarter of 2020."""
    return {
        post.id
        for post in posts
        if post.channel == "x"
        and NAMES.search(post.text)
        and post.published_at < datetime(2020, 4, 1, tzinfo=UTC)
        and (retweets or not post.is_share)
    }


def test_every_post_of_the_window_is_kept_once_with_its_author_place_and_counts(
    study: Study, posts: Any
) -> None:
    server = XServer(posts, token=TOKEN)
    counts = study.crawl(server, page_size=10)
    records = study.records()
    assert server.refused == []
    assert set(records) == wanted(posts)
    assert (counts.slices_done, counts.failed, counts.notes) == (3, 0, 0)
    assert counts.requests > 6
    by_id = {post.id: post for post in posts if post.channel == "x"}
    assert all(record.text == by_id[key].text for key, record in records.items())
    assert all(r.likes == by_id[key].likes for key, r in records.items())
    assert all(r.author_followers == by_id[k].author.followers for k, r in records.items())
    assert all(record.views is None for record in records.values())
    placed = {k: r.country for k, r in records.items() if r.country}
    assert placed == {k: by_id[k].author.country for k in placed}
    assert placed


@pytest.mark.parametrize("style", ["tweet", "post"])
def test_both_spellings_bring_the_same(study: Study, posts: Any, style: str) -> None:
    server = XServer(posts, token=TOKEN, styles=(style,))
    study.crawl(server, field_style=style, retweets=True)
    assert server.refused == []
    records = study.records()
    assert set(records) == wanted(posts, retweets=True)
    shares = {post.id for post in posts if post.channel == "x" and post.is_share}
    assert {key for key, one in records.items() if one.is_share} == shares & records.keys()


def test_a_spelling_that_is_refused_is_tried_the_other_way_once_and_told(
    study: Study, posts: Any
) -> None:
    server = XServer(posts, token=TOKEN, styles=("post",))
    counts = study.crawl(server, field_style="tweet", page_size=10)
    assert set(study.records()) == wanted(posts)
    assert counts.slices_done == 3
    assert len(server.refused) == 3
    assert [row.used for row in study.rows("SELECT used FROM quota")] == [server.posts_read]
    assert any('set [sources.x] field_style = "post"' in reason for reason in counts.reasons)


def test_a_request_that_both_spellings_are_refused_for_fails_its_slice(
    study: Study, posts: Any
) -> None:
    server = XServer(posts, token=TOKEN, styles=())
    server._styles = ("neither",)
    counts = study.crawl(server)
    assert (counts.slices_failed, counts.captures) == (3, 0)
    assert len(server.refused) == 6


def test_counts_come_first_and_where_there_is_nothing_no_search_is_sent(
    study: Study, posts: Any
) -> None:
    few = [post for post in posts if post.published_at.month != 2]
    server = XServer(few, token=TOKEN)
    study.crawl(server, counts=True)
    assert server.refused == []
    paths = [path for path, _ in server.accepted]
    assert paths.count("/2/tweets/counts/all") == 3
    assert paths.count("/2/tweets/search/all") == 2
    assert set(study.records()) == wanted(few)


def test_a_count_that_is_not_told_is_no_zero(study: Study, posts: Any) -> None:
    class Silent(XServer):
        def answer(self, ask: Ask) -> Reply:
            reply = super().answer(ask)
            return replace(reply, body=b'{"meta": {}}') if "/counts/" in ask.path else reply

    counts = study.crawl(Silent(posts, token=TOKEN), counts=True)
    assert set(study.records()) == wanted(posts)
    assert {reason.partition(":")[0] for reason in counts.reasons} == {
        "X does not say how many posts there are"
    }


def test_no_more_posts_are_bought_than_a_slice_may_cost_and_the_rest_is_told(
    study: Study, posts: Any
) -> None:
    server = XServer(posts, token=TOKEN)
    counts = study.crawl(server, posts_per_slice=10, counts=True)
    assert server.posts_read == len(study.records()) == 30
    assert [r.startswith("the newest 10 of ") for r in counts.reasons] == [True] * len(
        counts.reasons
    )
    (used,) = study.rows("SELECT bucket, used FROM quota")
    assert tuple(used) == ("posts", 30)


def test_nothing_is_bought_twice_or_counted_wrong_after_the_options_have_changed(
    study: Study, posts: Any
) -> None:
    server = XServer(posts, token=TOKEN)
    with LoopbackServer(server.answer) as web:
        for options in ({"page_size": 20, "max_requests": 2}, {"page_size": 10, "authors": False}):
            with study.workspace(web.port, **options) as workspace:
                crawl(workspace, ["x"], cities=["shanghai"])
    (used,) = study.rows("SELECT used FROM quota")
    assert used.used == server.posts_read == len(study.records())


def test_a_month_whose_posts_are_bought_waits_for_the_next_one(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN)
    counts = study.crawl(server, posts_per_slice=10, posts_per_month=15)
    assert server.posts_read == 10
    assert (counts.slices_done, counts.slices_deferred) == (1, 2)
    assert counts.resumes_at > datetime.now(UTC).timestamp()


def test_the_token_stands_in_nothing_that_was_written_or_logged(
    study: Study, posts: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    # The command line, run by another test of this process, lets Scrapy tell errors only.
    caplog.set_level("DEBUG", logger="scrapy")
    server = XServer(posts, token=TOKEN)
    server.fail("expired token", after=2)
    counts = study.crawl(server, page_size=10)
    assert study.records()
    assert "CCGCII__SECRETS__X_BEARER_TOKEN" in counts.stopped
    for written in (TOKEN.encode(), b"PLANTED-x"):
        assert study.holds(written) == []
    assert "/2/tweets/search/all" in caplog.text
    assert "PLANTED" not in caplog.text + repr(counts)
    assert study.holds(b"Shanghai")  # the search itself works


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("usage capped", "UsageCapExceeded"),
        ("credits spent", "HTTP 402"),
        ("expired token", "HTTP 401"),
        ("forbidden", "HTTP 403 Client Forbidden"),
    ],
)
def test_what_no_waiting_mends_stops_the_source_and_the_same_command_goes_on(
    study: Study, posts: Any, kind: str, why: str
) -> None:
    server = XServer(posts, token=TOKEN)
    server.fail(kind, times=99, after=1)
    counts = study.crawl(server, page_size=10)
    assert why in counts.stopped
    assert counts.slices_failed == 0
    mended = XServer(posts, token=TOKEN)
    assert study.crawl(mended, page_size=10).stopped is None
    assert set(study.records()) == wanted(posts)


def test_what_passes_by_itself_costs_nothing(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN)
    for kind in ("5xx", "429 without headers", "cut", "broken json", "empty page", "repeated page"):
        server.fail(kind, after=1)
    counts = study.crawl(server, page_size=10)
    assert server.pending == 0
    assert set(study.records()) == wanted(posts)
    assert (counts.slices_done, counts.slices_failed, counts.stopped) == (3, 0, None)
    assert counts.retried == 4
    assert server.refused == []


def test_a_rate_limit_is_waited_for_until_it_is_lifted(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN, rate=4, window=2)
    counts = study.crawl(server, page_size=50)
    assert set(study.records()) == wanted(posts)
    assert (counts.slices_done, counts.failed) == (3, 0)


def test_a_429_with_a_reset_is_put_off_and_no_failure(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN, window=1)
    server.fail("429", after=1)
    counts = study.crawl(server)
    assert set(study.records()) == wanted(posts)
    assert (counts.failed, counts.stopped) == (0, None)


def test_a_token_that_leads_back_to_itself_ends_and_is_told(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN)
    server.fail("looping token", times=99, after=3)
    counts = study.crawl(server, page_size=10)
    assert any("same page again and again" in reason for reason in counts.reasons)
    assert counts.requests < 20


def test_posts_that_are_gone_are_told_and_the_others_kept(study: Study, posts: Any) -> None:
    server = XServer(posts, token=TOKEN)
    server.fail("partial")
    counts = study.crawl(server)
    assert len(study.records()) == len(wanted(posts)) - 1
    (reason,) = counts.reasons
    assert reason.startswith("X leaves posts out of an answer: Not Found Error")


def test_recent_search_reads_the_last_days_with_what_it_may_ask(study: Study, posts: Any) -> None:
    now = datetime.now(UTC)
    mine = [post for post in posts if post.channel == "x" and NAMES.search(post.text)]
    fresh = [
        replace(post, published_at=now - timedelta(hours=number), is_share=False, original=None)
        for number, post in enumerate(mine)
    ]
    study.until = date(2999, 1, 1)
    server = XServer(fresh, token=TOKEN)
    study.crawl(server, mode="recent", counts=True)
    assert server.refused == []
    days = {record.published_at.date() for record in study.records().values()}
    assert days == {post.published_at.date() for post in fresh} & {
        day_under_way(now) - timedelta(days=ago) for ago in range(1, 7)
    }
    assert {path for path, _ in server.accepted} == {
        "/2/tweets/counts/recent",
        "/2/tweets/search/recent",
    }


def test_an_estimate_says_requests_days_and_dollars_and_sends_nothing(study: Study) -> None:
    study.until = date(2020, 12, 31)
    with study.workspace(counts=True, posts_per_slice=100) as workspace:
        (told,) = estimate(workspace, ["x"], cities=["shanghai"])
    # 12 months: 12 counts and 12 pages of 100 posts with 100 authors.
    assert told.requests == 24
    assert told.dollars == pytest.approx(12 * 0.010 + 1200 * 0.005 + 1200 * 0.010)
    assert told.days == pytest.approx(12 / 28_800)
    assert any("2026-08-22" in note for note in told.notes)


def test_an_estimate_without_authors_costs_a_third(study: Study) -> None:
    with study.workspace(posts_per_slice=100, authors=False) as workspace:
        (told,) = estimate(workspace, ["x"], cities=["shanghai"])
    assert told.dollars == pytest.approx(300 * 0.005)


def test_without_a_token_the_message_names_the_variable(study: Study, posts: Any) -> None:
    from ccgcii.crawling.runs import crawl

    with study.workspace() as workspace:
        bare = workspace.settings.model_copy(update={"secrets": {}})
        workspace.settings = bare
        with pytest.raises(ConfigError, match="CCGCII__SECRETS__X_BEARER_TOKEN"):
            crawl(workspace, ["x"], cities=["shanghai"])
