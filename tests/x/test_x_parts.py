"""Queries, spans, prices and posts of X, each by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ccgcii import Abort, ConfigError, default_cities
from ccgcii.testing.platforms.x_queries import read_query
from ccgcii_x.posts import read_posts
from ccgcii_x.prices import Bill
from ccgcii_x.queries import build_queries, names_of
from ccgcii_x.spans import day_under_way, recent_spans, spans
from ccgcii_x.troubles import judge_answer

WUHAN = next(city for city in default_cities() if city.key == "wuhan")


def test_every_city_is_asked_for_with_queries_that_x_accepts_and_that_find_each_name() -> None:
    for city in default_cities():
        for longest in (512, 1024):
            queries = build_queries(city, longest, languages=["en", "fr"])
            assert max(map(len, queries)) <= longest
            tests = [read_query(query) for query in queries]
            for name in names_of(city):
                post = {"text": f"- {name} -", "lang": "fr", "retweet": False, "country": None}
                assert any(test(post) for test in tests), (city.key, name)


def test_a_long_query_is_cut_between_names_and_none_is_lost() -> None:
    queries = build_queries(WUHAN, 60)
    assert len(queries) > 3
    assert all(len(query) <= 60 and query.endswith(" -is:retweet") for query in queries)
    assert sum(query.count(" OR ") + 1 for query in queries) == len(names_of(WUHAN))


def test_languages_that_leave_no_room_are_refused() -> None:
    with pytest.raises(ConfigError, match="leave no room"):
        build_queries(WUHAN, 40, languages=["en", "fr", "de", "es"])
    with pytest.raises(ConfigError, match="'english' is no code"):
        build_queries(WUHAN, 512, languages=["english"])


def test_ambiguous_names_are_left_out_unless_they_are_wanted() -> None:
    beijing = next(city for city in default_cities() if city.key == "beijing")
    assert "Peiping" not in names_of(beijing)
    assert "Peiping" in names_of(beijing, ambiguous=True)


def test_months_that_are_over_are_one_span_and_the_present_one_is_read_by_day() -> None:
    found = spans(date(2020, 1, 15), date(2020, 12, 31), date(2020, 3, 3))
    assert found == [
        (date(2020, 1, 15), date(2020, 1, 31)),
        (date(2020, 2, 1), date(2020, 2, 29)),
        (date(2020, 3, 1), date(2020, 3, 1)),
        (date(2020, 3, 2), date(2020, 3, 2)),
    ]
    assert len(spans(date(2020, 1, 1), date(2020, 12, 31), date(2026, 1, 1))) == 12
    assert spans(date(2027, 1, 1), date(2027, 2, 1), date(2026, 1, 1)) == []


def test_recent_search_plans_only_days_it_can_reach() -> None:
    today = date(2026, 11, 23)
    found = recent_spans(date(2020, 1, 1), date(2026, 12, 31), today)
    assert [first.day for first, _ in found] == [17, 18, 19, 20, 21, 22]
    assert recent_spans(date(2020, 1, 1), date(2020, 12, 31), today) == []


def test_the_price_is_that_of_the_price_list() -> None:
    # platforms.md 4.4: one city and year of daily counts is 12-13 requests, about $0.13;
    # 1,000 posts are $5 and their authors as much again twice.
    assert Bill("all", 0, 13, 0, 0).dollars == 0.13
    assert Bill("all", 2, 0, 1000, 1000).dollars == 15.0
    assert Bill("recent", 0, 10, 0, 0).dollars == 0.05
    assert Bill("all", 28_800, 0, 0, 0).days == 1.0


def test_both_spellings_give_the_same_record() -> None:
    common = {
        "id": "7",
        "text": "Wuhan &amp; its lak…",
        "author_id": "9",
        "created_at": "2023-06-01T00:00:00.000Z",
        "lang": "en",
        "geo": {"place_id": "p"},
    }
    metrics = {"reply_count": 0, "like_count": 2, "quote_count": 1, "impression_count": 5}
    old = common | {
        "public_metrics": metrics | {"retweet_count": 3},
        "note_tweet": {"text": "Wuhan &amp; its lakes"},
        "referenced_tweets": [{"type": "quoted", "id": "1"}],
    }
    new = common | {
        "public_metrics": metrics | {"repost_count": 3},
        "note_post": {"text": "Wuhan &amp; its lakes"},
        "referenced_posts": [{"type": "quoted", "id": "1"}],
    }
    boxes = {
        "users": [{"id": "9", "username": "visit_wuhan", "public_metrics": {"followers_count": 3}}],
        "places": [{"id": "p", "full_name": "Berlin", "country_code": "DE"}],
    }
    first, second = (next(read_posts({"data": [one], "includes": boxes})) for one in (old, new))
    assert first == second
    assert first.published_at == datetime(2023, 6, 1, tzinfo=UTC)
    assert (first.text, first.author, first.author_followers) == (
        "Wuhan & its lakes",
        "visit_wuhan",
        3,
    )
    assert (first.country, first.likes, first.comments, first.shares, first.views) == (
        "DE",
        2,
        0,
        4,
        5,
    )
    assert not first.is_share


def test_what_is_not_said_is_none_and_impressions_before_they_were_counted_are_too() -> None:
    bare = next(read_posts({"data": [{"id": "7", "text": "x", "lang": "und"}]}))
    assert (bare.author, bare.language, bare.country, bare.published_at) == (None,) * 4
    assert (bare.likes, bare.comments, bare.shares, bare.views) == (None,) * 4
    old = {"id": "7", "created_at": "2020-06-01T00:00:00Z", "lang": "in"}
    told = next(read_posts({"data": [old | {"public_metrics": {"impression_count": 0}}]}))
    assert told.views is None
    assert told.language == "id"


def test_a_retweet_is_a_share_and_a_page_without_data_gives_nothing() -> None:
    reference = [{"type": "retweeted", "id": "1"}]
    assert next(read_posts({"data": [{"id": "2", "referenced_tweets": reference}]})).is_share
    assert list(read_posts({"meta": {"result_count": 0}})) == []


def test_a_day_is_asked_for_once_x_answers_to_its_end() -> None:
    midnight = datetime(2026, 11, 28, tzinfo=UTC)
    assert day_under_way(midnight.replace(second=5)) == date(2026, 11, 27)
    assert day_under_way(midnight.replace(minute=2)) == date(2026, 11, 28)


def test_more_is_said_after_a_detail_that_ends_with_a_full_stop() -> None:
    told = judge_answer(402, {}, {"title": "Credits", "detail": "You have no credits left."})
    assert isinstance(told, Abort)
    assert told.reason.startswith("HTTP 402 Credits: You have no credits left; the account's")
