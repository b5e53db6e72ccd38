"""The Facebook source against the fake Graph API over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import ConfigError
from ccgcii.testing.platforms.meta import MetaServer
from ccgcii.testing.platforms.meta_objects import page_id, shares_of

if TYPE_CHECKING:
    from tests.meta.conftest import Study

TOKEN = "PLANTED|meta/token+0123456789"


def pages(posts: list[Any]) -> list[str]:
    return sorted({post.author.name for post in posts if post.channel == "facebook"})


def wanted(study: Study, posts: list[Any]) -> dict[str, Any]:
    return {
        f"{page_id(post.author)}_{post.id}": post
        for post in posts
        if post.channel == "facebook" and study.since <= post.published_at.date() <= study.until
    }


def test_every_post_of_the_window_is_kept_once_with_its_counts(
    study: Study, posts: list[Any]
) -> None:
    server = MetaServer(posts, token=TOKEN)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    records, truth = study.records(), wanted(study, posts)
    assert server.refused == []
    assert records.keys() == truth.keys()
    assert (counts.slices_done, counts.failed, counts.notes) == (3, 0, 0)
    for key, record in records.items():
        post = truth[key]
        assert (record.text, record.likes, record.comments, record.shares) == (
            post.text,
            post.likes,
            post.comments,
            shares_of(post),
        )
        assert (record.author, record.author_followers) == (
            post.author.name,
            post.author.followers,
        )
    assert 0 in {record.shares for record in records.values()}  # absent means none


def test_reading_ends_with_the_first_page_that_is_older_than_the_window(
    study: Study, posts: list[Any]
) -> None:
    server = MetaServer(posts, token=TOKEN)
    study.since = study.since.replace(month=8)
    study.crawl("facebook", server, pages=pages(posts)[:1], page_size=2)
    (page,) = {post.author.number for post in posts if post.author.name == pages(posts)[0]}
    mine = [post for post in posts if post.channel == "facebook" and post.author.number == page]
    newer = sum(post.published_at.date() >= study.since for post in mine)
    assert len(server.accepted) == 1 + (newer + 1) // 2 + 1 < 1 + len(mine) // 2


def test_the_token_stands_in_nothing_that_was_written_or_logged_and_in_no_address(
    study: Study, posts: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", logger="scrapy")
    server = MetaServer(posts, token=TOKEN)
    server.fail("expired token", after=6)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert "CCGCII__SECRETS__META_TOKEN" in counts.stopped
    assert study.records()
    for written in (TOKEN, "PLANTED", "PLANTED%7Cmeta%2Ftoken%2B0123456789"):
        assert study.holds(written.encode()) == []
    assert "PLANTED" not in caplog.text + repr(counts)
    assert study.holds(b"access_token=REDACTED")  # the addresses of next pages were cleaned


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("expired token", "error 190/463"),
        ("permission", "error 10: "),
        ("blocked", "error 368: "),
    ],
)
def test_what_no_waiting_mends_stops_the_source_and_the_same_command_goes_on(
    study: Study, posts: list[Any], kind: str, why: str
) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.fail(kind, times=99, after=3)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert why in counts.stopped
    assert counts.slices_failed == 0
    mended = MetaServer(posts, token=TOKEN)
    mended._cursors = server._cursors
    assert study.crawl("facebook", mended, pages=pages(posts), page_size=5).stopped is None
    assert study.records().keys() == wanted(study, posts).keys()


def test_what_passes_by_itself_costs_nothing(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    for kind in ("transient", "5xx", "429 without headers", "cut", "broken json"):
        server.fail(kind, after=1)
    for kind in ("empty page", "repeated page"):
        server.fail(kind, after=4)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert server.pending == 0
    assert study.records().keys() == wanted(study, posts).keys()
    assert (counts.slices_done, counts.slices_failed, counts.stopped) == (3, 0, None)
    assert counts.retried == 5
    assert server.refused == []


@pytest.mark.parametrize("kind", ["user limit", "page limit", "429"])
def test_a_limit_that_is_reached_ends_the_crawl_for_an_hour_and_loses_nothing(
    study: Study, posts: list[Any], kind: str
) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.fail(kind, after=3)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert counts.slices_deferred > 0
    assert 3_000 < counts.resumes_at - datetime.now(UTC).timestamp() < 3_601
    assert (counts.failed, counts.slices_failed) == (0, 0)
    asked = len(server.accepted)
    assert asked <= 3 + 4  # what was in flight, and nothing after it


def test_a_limit_that_tells_when_it_ends_is_waited_for(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.usage, server.regain = 95, 20
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert counts.slices_deferred == 3
    assert len(server.accepted) <= 4
    server.usage = 1
    study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert study.records().keys() == wanted(study, posts).keys()


def test_a_limit_that_passes_soon_is_sat_out(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.regain = 0.02  # minutes
    server.fail("pages limit", after=3)
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=5)
    assert study.records().keys() == wanted(study, posts).keys()
    assert (counts.slices_done, counts.failed) == (3, 0)


def test_from_75_percent_on_requests_come_slower(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.usage = 94
    counts = study.crawl("facebook", server, pages=pages(posts), page_size=50)
    assert study.records().keys() == wanted(study, posts).keys()
    assert counts.slices_done == 3


def test_a_cursor_that_leads_back_to_itself_ends_and_is_told(
    study: Study, posts: list[Any]
) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.fail("looping cursor", times=99, after=4)
    counts = study.crawl("facebook", server, pages=pages(posts)[:1], page_size=2)
    assert any("same page again and again" in reason for reason in counts.reasons)
    assert counts.requests < 10


def test_a_page_that_is_not_there_costs_only_itself_and_is_told(
    study: Study, posts: list[Any]
) -> None:
    server = MetaServer(posts, token=TOKEN)
    counts = study.crawl("facebook", server, pages=["no.such.page", *pages(posts)])
    assert counts.slices_done == 4
    assert study.records().keys() == wanted(study, posts).keys()
    (reason,) = counts.reasons
    assert reason.startswith("error 100/33: ")


def test_the_cities_own_pages_come_from_the_catalogue(study: Study) -> None:
    from ccgcii.crawling.runs import choose_sources, planned_slices
    from ccgcii.planning.plans import make_plan

    with study.workspace("facebook", catalogue=True) as workspace:
        kind = choose_sources(workspace, ["facebook"])["facebook"]
        plan = make_plan(workspace, "facebook", cities=["beijing"])
        slices = planned_slices(kind, plan)
    assert {(piece.payload["page"], piece.city) for piece in slices} == {
        ("BeijingTourismOfficial", "beijing"),
        ("DiscoverBeijing", "beijing"),
    }


def test_an_address_instead_of_a_name_is_refused(study: Study, posts: list[Any]) -> None:
    with pytest.raises(ConfigError, match="no name or id of a Page"):
        study.crawl("facebook", MetaServer(posts), pages=["https://facebook.com/x"])
