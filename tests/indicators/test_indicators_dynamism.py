from __future__ import annotations

from datetime import date
from math import ceil, isnan, log
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.measuring.raw import OutletRow, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[..., dict[str, float]]

ACCOUNTS: list[dict[str, Any]] = [
    {"id": 1, "channel_id": 3, "followers": 1000, "city_id": 1, "official": True},
    {"id": 2, "channel_id": 2, "followers": 3000, "city_id": 1, "official": True},
    {"id": 3, "channel_id": 3, "followers": 9, "city_id": 2, "official": True},
    {"id": 4, "channel_id": 3, "followers": 50, "city_id": 1, "official": False},
]


def post(account: int, day: float = 0, **given: Any) -> dict[str, Any]:
    channel = "facebook" if account == 2 else "x"
    return {"account": account, "channel": channel, "day": day, **given}


POSTS = [
    post(1, 0, likes=8, comments=2, shares=0),
    post(1, 1, likes=0, comments=0, shares=0),
    post(1, 8, likes=5, comments=5, shares=10),
    post(2, 2, likes=6, comments=None, shares=2),
    post(2, 3, likes=10, comments=2, shares=0),
    post(4, 5, likes=1000),
]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("D01", 2),
        ("D02", 4000),
        ("D03", 5),
        ("D04", 2),
        ("D05", 2 / ceil(60 / 7)),
        ("D06", 10 + 0 + 20 + 8 + 12),
        ("D08", 1000 * (30 / 3 + 20 / 2) / 4000),
        ("D09", (2 + 0 + 5 + 2) / (10 + 0 + 20 + 12)),
        ("D10", (0 + 0 + 10 + 2 + 0) / (10 + 0 + 20 + 8 + 12)),
    ],
)
def test_official_accounts_are_measured_by_their_posts(
    value: Value, key: str, expected: float
) -> None:
    assert value(key, POSTS, accounts=ACCOUNTS)["a"] == pytest.approx(expected)


@pytest.mark.parametrize("key", ["D01", "D02", "D03", "D04", "D05", "D06", "D08", "D09", "D10"])
def test_without_a_catalogue_of_official_accounts_nothing_is_zero(value: Value, key: str) -> None:
    found = value(key, POSTS, accounts=[{"id": n, "official": False} for n in range(1, 5)])
    assert all(isnan(number) for number in found.values())


def test_a_city_whose_official_account_is_silent_has_zero_posts_but_followers(value: Value) -> None:
    assert value("D01", POSTS, accounts=ACCOUNTS)["b"] == 0
    assert value("D03", POSTS, accounts=ACCOUNTS)["b"] == 0
    assert value("D02", POSTS, accounts=ACCOUNTS)["b"] == 9
    assert isnan(value("D02", POSTS, accounts=ACCOUNTS)["c"])
    assert isnan(value("D03", POSTS, accounts=ACCOUNTS)["c"])


def test_interactions_per_post_is_the_median_of_five_or_more(value: Value) -> None:
    documents = [{"channel": "x", "likes": n} for n in (1, 2, 30, 400, 5000)]
    assert value("D07", documents)["a"] == 30
    assert isnan(value("D07", documents[:4])["a"])


def test_local_output_is_by_the_citys_own_accounts_and_not_chinese(value: Value) -> None:
    documents = [post(4), post(4, language="zh"), post(1), post(3)]
    assert value("D11", documents, accounts=ACCOUNTS)["a"] == 1
    assert isnan(value("D11", documents, accounts=ACCOUNTS[:3])["a"])


def test_local_output_is_by_the_citys_own_media_too_but_not_by_its_officials(value: Value) -> None:
    own = [OutletRow(7, 1, official=False), OutletRow(8, 1, official=True)]
    own.append(OutletRow(9, 2, official=False))
    documents = [{"outlet": 7}, {"outlet": 7}, {"outlet": 7, "language": "zh"}, {"outlet": 8}]
    documents += [{"outlet": 9}, {"outlet": 10}]  # another city's media, and nobody's
    found = value("D11", documents, outlets=own)
    assert (found["a"], found["b"]) == (2, 0)
    assert isnan(found["c"])
    assert value("D11", [*documents, post(4)], outlets=own, accounts=ACCOUNTS)["a"] == 3
    assert isnan(value("D11", documents, outlets=own[1:2])["a"])
    assert isnan(value("D11", documents, outlets=own, channels=["x"])["a"])


def test_activity_documents_and_days(value: Value) -> None:
    festival = {"topics": ["festivals"]}
    documents = [{**festival, "day": 1}] * 3 + [{**festival, "day": 2}] * 2 + [{"day": 1}]
    assert value("D12", documents) == {"a": 5, "b": 0, "c": 0}
    assert value("D13", documents) == {"a": 1, "b": 0, "c": 0}


@pytest.mark.parametrize("key", ["D12", "D13"])
def test_activities_are_unknown_where_the_taxonomy_has_none(value: Value, key: str) -> None:
    found = value(key, [{"day": 1}], topics=[("economy", "hard")])
    assert all(isnan(number) for number in found.values())


# A channel that was heard in each of the nine weeks of the window before.
STEADY = [{"cities": "b", "day": day} for day in range(-60, 0, 7)]


def test_growth_compares_with_the_equally_long_window_before(value: Value) -> None:
    documents = [{"day": 0}, {"day": 59}, {"day": -1}, *STEADY]
    found = value("D14", documents)
    assert found["a"] == pytest.approx(log(3 / 2))
    assert found["b"] == pytest.approx(log(1 / 10))
    assert isnan(found["c"])


def test_a_channel_whose_crawl_had_only_begun_is_no_growth(value: Value) -> None:
    begun = [{"channel": "facebook", "day": day} for day in (-20, -10, -1, 1, 2, 3, 4, 5, 6, 7)]
    documents = [{"day": 0}, {"day": 59}, {"day": -1}, *STEADY]
    assert value("D14", [*documents, *begun]) == pytest.approx(value("D14", documents), nan_ok=True)
    assert isnan(value("D14", begun)["a"])


def test_growth_is_unknown_where_the_study_has_no_before(value: Value) -> None:
    alone = Window(date(2020, 1, 1), date(2020, 2, 29), date(2019, 11, 3))
    assert isnan(value("D14", [{"day": 0}], window=alone)["a"])


def test_active_days_is_a_share_of_the_window(value: Value) -> None:
    found = value("D15", [{"day": 0}, {"day": 0.9}, {"day": 59.99}])
    assert found == {"a": 2 / 60, "b": 0, "c": 0}
