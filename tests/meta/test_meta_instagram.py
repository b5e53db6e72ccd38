"""The Instagram source against the fake Graph API over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import ConfigError
from ccgcii.crawling.runs import choose_sources, estimate, planned_slices
from ccgcii.planning.plans import make_plan
from ccgcii.testing.platforms.meta import MetaServer
from ccgcii.testing.platforms.meta_objects import hides_likes

if TYPE_CHECKING:
    from tests.meta.conftest import Study

TOKEN = "PLANTED|meta/token+0123456789"


def accounts(posts: list[Any]) -> list[str]:
    return sorted({post.author.name for post in posts if post.channel == "instagram"})


def wanted(study: Study, posts: list[Any]) -> dict[str, Any]:
    return {
        post.id: post
        for post in posts
        if post.channel == "instagram" and study.since <= post.published_at.date() <= study.until
    }


@pytest.fixture
def fresh(study: Study, posts: list[Any]) -> list[Any]:
    """Give Instagram posts of the last three days, and let the study last until today."""
    now = datetime.now(UTC)
    study.since, study.until = now.date() - timedelta(days=5), date(2999, 1, 1)
    mine = [post for post in posts if post.channel == "instagram"][:72]
    return [
        replace(post, text=f"{post.text} #Tag{number}", published_at=now - timedelta(hours=number))
        for number, post in enumerate(mine)
    ]


def test_known_accounts_are_read_back_through_the_window(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    counts = study.crawl("instagram", server, accounts=accounts(posts), page_size=5)
    records, truth = study.records(), wanted(study, posts)
    assert server.refused == []
    assert records.keys() == truth.keys()
    assert (counts.slices_done, counts.failed, counts.notes) == (3, 0, 0)
    for key, record in records.items():
        post = truth[key]
        assert record.likes == (None if hides_likes(post) else post.likes)
        assert (record.comments, record.shares, record.views) == (post.comments, None, None)
        assert (record.author, record.author_followers) == (
            post.author.name,
            post.author.followers,
        )
    assert {record.likes is None for record in records.values()} == {True, False}


def test_a_study_of_a_past_year_asks_for_no_hashtag(study: Study) -> None:
    with study.workspace("instagram", city_hashtags=2, accounts=["someone"]) as workspace:
        kind = choose_sources(workspace, ["instagram"])["instagram"]
        plan = make_plan(workspace, "instagram")
        assert [piece.key for piece in planned_slices(kind, plan)] == [
            "account:someone:2020-02-01..2020-10-31"
        ]


def test_a_study_of_today_reads_what_hashtags_show_of_the_last_day(
    study: Study, fresh: list[Any]
) -> None:
    server = MetaServer(fresh, token=TOKEN)
    study.crawl("instagram", server, hashtags=["#Shanghai"], page_size=5)
    assert server.refused == []
    day_ago = datetime.now(UTC) - timedelta(hours=24)
    truth = {
        post.id
        for post in fresh
        if "shanghai" in post.text.lower() and post.published_at >= day_ago
    }
    assert study.records().keys() == truth
    assert {record.author for record in study.records().values()} == {None}


def test_the_most_liked_posts_of_a_hashtag_come_if_they_are_wanted(
    study: Study, fresh: list[Any]
) -> None:
    server = MetaServer(fresh, token=TOKEN)
    study.crawl("instagram", server, hashtags=["shanghai"], top=True)
    truth = {post.id for post in fresh if "shanghai" in post.text.lower()}
    assert study.records().keys() == truth
    assert server.refused == []


def test_a_hashtag_asked_for_again_is_read_again_and_counts_once(
    study: Study, fresh: list[Any]
) -> None:
    server = MetaServer(fresh[1:], token=TOKEN)
    study.crawl("instagram", server, hashtags=["tag0", "tag3"])
    before = study.records().keys()
    server = MetaServer(fresh, token=TOKEN)
    study.crawl("instagram", server, hashtags=["tag0", "tag3"])
    assert study.records().keys() - before == {fresh[0].id}
    used = dict(map(tuple, study.rows("SELECT bucket, sum(used) FROM quota GROUP BY bucket")))
    assert used["hashtags"] == len(server.hashtags) == 2


def test_more_than_thirty_hashtags_wait_in_the_store_and_the_api_is_never_asked(
    study: Study, fresh: list[Any]
) -> None:
    server = MetaServer(fresh, token=TOKEN)
    tags = [f"tag{number}" for number in range(33)]
    counts = study.crawl("instagram", server, hashtags=tags)
    assert len(server.hashtags) == 30
    assert (counts.slices_done, counts.slices_deferred) == (30, 3)
    assert counts.resumes_at > datetime.now(UTC).timestamp()
    again = study.crawl("instagram", server, hashtags=tags)
    assert len(server.hashtags) == 30
    assert again.slices_deferred == 3


def test_an_estimate_counts_the_weeks_that_hashtags_take(study: Study, fresh: list[Any]) -> None:
    with study.workspace("instagram", hashtags=[f"tag{n}" for n in range(61)]) as workspace:
        (told,) = estimate(workspace, ["instagram"])
    assert (told.requests, told.days, told.dollars) == (61 * 201, 16.0, None)


def test_a_budget_that_others_have_spent_puts_hashtags_off(study: Study, fresh: list[Any]) -> None:
    server = MetaServer(fresh, token=TOKEN)
    server.hashtags = {f"other{number}": 4e9 for number in range(30)}
    counts = study.crawl("instagram", server, hashtags=["tag1"])
    assert (counts.slices_deferred, counts.slices_failed) == (1, 0)


def test_a_hashtag_or_account_that_is_not_there_costs_only_itself(
    study: Study, fresh: list[Any]
) -> None:
    server = MetaServer(fresh, token=TOKEN)
    counts = study.crawl(
        "instagram", server, hashtags=["nosuchtag", "tag1"], accounts=["nobody", *accounts(fresh)]
    )
    assert (counts.slices_done, counts.slices_failed) == (6, 0)
    assert sorted(reason.split(":")[0] for reason in counts.reasons) == [
        "error 110/2207013",
        "error 24/2207024",
    ]
    assert study.records().keys() == wanted(study, fresh).keys()


def test_what_passes_by_itself_costs_nothing(study: Study, posts: list[Any]) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.regain = 0.02  # minutes
    for kind in ("empty page", "transient", "instagram limit", "repeated page"):
        server.fail(kind, after=2)
    counts = study.crawl("instagram", server, accounts=accounts(posts), page_size=5)
    assert server.pending == 0
    assert study.records().keys() == wanted(study, posts).keys()
    assert (counts.slices_done, counts.slices_failed, counts.stopped) == (3, 0, None)
    assert server.refused == []


def test_a_cursor_that_leads_back_to_itself_ends_and_is_told(
    study: Study, posts: list[Any]
) -> None:
    server = MetaServer(posts, token=TOKEN)
    server.fail("looping cursor", times=99, after=2)
    counts = study.crawl("instagram", server, accounts=accounts(posts)[:1], page_size=2)
    assert any("same page again and again" in reason for reason in counts.reasons)
    assert counts.requests < 10


def test_the_token_stands_in_nothing_that_was_written(study: Study, fresh: list[Any]) -> None:
    server = MetaServer(fresh, token=TOKEN)
    server.fail("permission", after=8)
    counts = study.crawl(
        "instagram", server, hashtags=["shanghai"], accounts=accounts(fresh), page_size=2
    )
    assert "App Review" in counts.stopped
    assert study.records()
    for written in (TOKEN, "PLANTED", "PLANTED%7Cmeta%2Ftoken%2B0123456789"):
        assert study.holds(written.encode()) == []


def test_a_handle_that_would_change_the_question_is_refused(study: Study, posts: Any) -> None:
    with pytest.raises(ConfigError, match="is no handle"):
        study.crawl("instagram", MetaServer(posts), accounts=["x){id}"])
    with pytest.raises(ConfigError, match="'#!' is no hashtag"):
        study.crawl("instagram", MetaServer(posts), hashtags=["wuhan", "#!"])
