from __future__ import annotations

from math import isnan, log
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[..., dict[str, float]]


@pytest.mark.parametrize(
    ("key", "channel"),
    [("P01", "media"), ("P02", "facebook"), ("P03", "x"), ("P04", "instagram"), ("P05", "youtube")],
)
def test_documents_are_counted_by_channel(value: Value, key: str, channel: str) -> None:
    others = {"media": "x"}.get(channel, "media")
    documents = [{"cities": "ab", "channel": channel}, {"channel": channel}, {"channel": others}]
    assert value(key, documents) == {"a": 2, "b": 1, "c": 0}


def test_a_channel_that_was_not_crawled_is_unknown(value: Value) -> None:
    found = value("P05", [{"channel": "media"}], channels=["media"])
    assert all(isnan(number) for number in found.values())


def test_salient_volume_sums_salience(value: Value) -> None:
    found = value("P06", [{"salience": 250}, {"salience": 500}, {"cities": "b", "salience": 1}])
    assert found == {"a": 0.75, "b": 0.001, "c": 0}


def test_headline_share_needs_five_documents_of_titled_channels(value: Value) -> None:
    titled: list[dict[str, Any]] = [{"in_title": True}, *[{"channel": "youtube"}] * 4]
    tweets = [{"channel": "x", "in_title": True}] * 9
    few = [{"cities": "b"}] * 4
    found = value("P07", [*titled, *tweets, *few])
    assert found["a"] == 0.2
    assert isnan(found["b"])
    assert isnan(found["c"])


def test_a_document_without_a_title_has_none_to_name_the_city_in(value: Value) -> None:
    comments = [{"channel": "youtube", "title": ""}] * 20
    titled: list[dict[str, Any]] = [{"in_title": True}] * 4 + [{"channel": "youtube"}]
    found = value("P07", [*comments, *titled, *[{"cities": "b"}] * 4, {"cities": "b", "title": ""}])
    assert found["a"] == 0.8
    assert isnan(found["b"])  # four titles are too few, five documents or not


def test_media_tone_is_weighted_by_salience_and_shrunk_to_the_overall_mean(value: Value) -> None:
    documents = [
        {"tone": 500, "salience": 1000},
        {"tone": -500, "salience": 500},
        {"cities": "b", "tone": 100, "salience": 500},
        {"tone": 900, "channel": "x"},
        {"tone": None},
    ]
    overall = (0.5 - 0.25 + 0.05) / 2.0
    found = value("P08", documents)
    assert found["a"] == pytest.approx((0.25 + 30 * overall) / 31.5)
    assert found["b"] == pytest.approx((0.05 + 30 * overall) / 30.5)
    assert isnan(found["c"])


def test_social_tone_leaves_the_media_out(value: Value) -> None:
    found = value("P09", [{"tone": 1000}, {"tone": 300, "channel": "x"}])
    assert found["a"] == pytest.approx(0.3)


def test_the_sentence_that_names_the_city_counts_before_the_document(value: Value) -> None:
    found = value("P08", [{"tone": -400, "sentiment": 900}, {"tone": None, "sentiment": 200}])
    assert found["a"] == pytest.approx(-0.1)


def test_tone_seen_weighs_by_interactions(value: Value) -> None:
    liked = {"channel": "x", "tone": 1000, "likes": 9}
    shared = {"channel": "x", "tone": -1000, "shares": 99}
    unseen = {"channel": "x", "tone": -1000, "likes": 0}
    found = value("P10", [*[liked] * 4, shared, unseen])
    assert found["a"] == pytest.approx(
        (4 * log(10) - log(100)) / (4 * log(10) + log(100)), abs=1e-6
    )
    assert isnan(value("P10", [liked] * 4)["a"])


def test_negative_share_counts_tones_below_a_fifth(value: Value) -> None:
    documents = [{"tone": -201}, {"tone": -200}, {"cities": "b", "tone": 0}, {"tone": None}]
    overall = 1 / 3
    found = value("P11", documents)
    assert found["a"] == pytest.approx((1 + 30 * overall) / 32)
    assert found["b"] == pytest.approx(30 * overall / 31)


ACCOUNTS = [
    {"id": 1, "channel_id": 3, "followers": 100, "official": False},
    {"id": 2, "channel_id": 3, "followers": 7, "official": False},
    {"id": 3, "channel_id": 3, "followers": 5000, "city_id": 1, "official": True},
    {"id": 4, "channel_id": 3, "followers": None, "official": False},
]


def test_audience_counts_each_foreign_account_once(value: Value) -> None:
    posts = [{"channel": "x", "account": n} for n in (1, 1, 2, 3, 4)]
    found = value("P12", [*posts, {"cities": "b", "channel": "x", "account": 4}], accounts=ACCOUNTS)
    assert found["a"] == 107
    assert isnan(found["b"])
    assert found["c"] == 0


def test_another_citys_own_account_is_audience(value: Value) -> None:
    found = value("P12", [{"cities": "b", "channel": "x", "account": 3}], accounts=ACCOUNTS)
    assert found["b"] == 5000


def test_followers_seen_with_a_document_stand_in_for_unknown_ones(value: Value) -> None:
    post = {"channel": "x", "account": 4, "followers": 12}
    assert value("P12", [post], accounts=ACCOUNTS)["a"] == 12


def test_views_hidden_everywhere_are_unknown_even_for_the_silent(value: Value) -> None:
    hidden = value("P13", [{"channel": "x"}])
    assert all(isnan(number) for number in hidden.values())
    shown = value("P13", [{"channel": "youtube", "views": 5_000_000_000}] * 2)
    assert shown["a"] == 10_000_000_000
    assert shown["c"] == 0


def test_interactions_add_what_is_known(value: Value) -> None:
    documents = [
        {"channel": "x", "likes": 3, "shares": 2},
        {"channel": "facebook", "comments": 4},
        {"channel": "x"},
        {"channel": "media", "likes": 100},
    ]
    assert value("P14", documents) == {"a": 9, "b": 0, "c": 0}


def test_tier_one_counts_media_of_the_first_tier(value: Value) -> None:
    documents = [{"tier": 1}, {"tier": 2}, {"tier": None}, {"tier": 1, "channel": "x"}]
    assert value("P15", documents) == {"a": 1, "b": 0, "c": 0}
