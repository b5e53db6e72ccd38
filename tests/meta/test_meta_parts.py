"""Errors, usage, next pages, posts and hashtags of the Graph API, each by itself."""

from __future__ import annotations

import json

import pytest

from ccgcii import Abort, Defer, Retry, Skip, default_cities
from ccgcii.crawling.apis.graph import judge_graph, next_page, usage_of
from ccgcii_facebook.posts import read_post
from ccgcii_instagram.hashtags import hashtags_of
from ccgcii_instagram.media import read_media

REGAIN = {
    "x-business-use-case-usage": json.dumps(
        {"17": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 5}]}
    )
}


def error(code: int, **more: object) -> dict[str, object]:
    return {"error": {"message": "m", "type": "OAuthException", "code": code, **more}}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, Retry) for code in (1, 2)),
        *((code, Defer) for code in (4, 17, 32, 341, 613, 80001, 80002, 18)),
        *((code, Skip) for code in (24, 100)),
        *((code, Abort) for code in (10, 200, 250, 299, 102, 190, 368)),
    ],
)
def test_the_code_decides_whatever_the_status_is(
    code: int, kind: type[object], status: int
) -> None:
    assert type(judge_graph(status if code > 2 else 400, {}, error(code), 0.0)) is kind


def test_a_limit_lasts_as_long_as_its_header_says_and_an_hour_if_it_says_nothing() -> None:
    told = judge_graph(400, REGAIN, error(80002), 1000.0)
    untold = judge_graph(400, {}, error(4, is_transient=True), 1000.0)
    assert isinstance(told, Defer)
    assert isinstance(untold, Defer)
    assert (told.until, untold.until) == (1300.0, 4600.0)


def test_more_is_said_after_a_message_that_ends_with_a_full_stop() -> None:
    expired = judge_graph(401, {}, error(190, message="Invalid OAuth access token."))
    assert isinstance(expired, Abort)
    assert "190: Invalid OAuth access token; " in expired.reason


def test_what_is_called_transient_is_tried_again_and_an_unknown_code_costs_one_item() -> None:
    assert isinstance(judge_graph(400, {}, error(999, is_transient=True)), Retry)
    assert isinstance(judge_graph(400, {}, error(999)), Skip)
    assert judge_graph(200, {}, {"data": []}) is None
    assert judge_graph(502, {}, None) is None


def test_the_fullest_limit_counts_and_a_broken_header_is_no_limit() -> None:
    app = {"x-app-usage": '{"call_count":16,"total_cputime":80,"total_time":12}'}
    assert usage_of(app).percent == 80
    assert (usage_of(app | REGAIN).percent, usage_of(REGAIN).regain) == (100, 300)
    assert usage_of({"x-app-usage": "{"}).percent == 0
    assert usage_of({}).percent == 0


def test_the_address_of_the_next_page_loses_the_token_and_an_empty_page_may_have_one() -> None:
    address = "https://graph.facebook.com/v25.0/1/posts?access_token=secret&limit=5&after=Q%3D"
    body = {"data": [], "paging": {"next": address, "cursors": {"after": "Q="}}}
    assert next_page(body) == ("/v25.0/1/posts", {"limit": "5", "after": "Q="})
    assert next_page({"data": [1], "paging": {"cursors": {"after": "Q="}}}) is None
    assert next_page({"data": []}) is None


def test_of_a_pages_post_absent_shares_are_none_at_all_and_other_absent_counts_unknown() -> None:
    post = read_post({"id": "1_2"}, author="visit_wuhan", followers=None)
    assert (post.shares, post.likes, post.comments) == (0, None, None)
    assert (post.text, post.title, post.published_at) == ("", "", None)


def test_the_title_of_a_post_is_that_of_its_attachment() -> None:
    attachments = {"data": [{"media_type": "photo"}, {"title": "Wuhan in spring"}]}
    post = read_post({"id": "1", "attachments": attachments}, author="a", followers=1)
    assert post.title == "Wuhan in spring"


def test_hidden_likes_are_unknown() -> None:
    post = read_media({"id": "1", "comments_count": 0, "timestamp": "2020-06-01T12:00:00+0000"})
    assert (post.likes, post.comments, post.author) == (None, 0, None)
    assert post.published_at is not None
    assert post.published_at.isoformat() == "2020-06-01T12:00:00+00:00"


def test_every_city_has_hashtags_of_its_own() -> None:
    first = [hashtags_of(city, 1)[0] for city in default_cities()]
    assert len(set(first)) == len(first)
    assert all(tag.isalnum() for city in default_cities() for tag in hashtags_of(city, 2))
    assert hashtags_of(default_cities()[0], 2) == ["shanghai", "上海"]
    assert hashtags_of(default_cities()[0], 0) == []
