from __future__ import annotations

from math import exp, isnan, log
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[..., dict[str, float]]

HARD, SOFT = {"topics": ["economy", "trade"]}, {"topics": ["culture"]}


def test_hard_and_soft_power_count_a_document_once(value: Value) -> None:
    documents = [HARD, HARD, SOFT, {"topics": ["economy", "culture"]}, {}]
    assert value("B01", documents) == {"a": 3, "b": 0, "c": 0}
    assert value("B02", documents) == {"a": 2, "b": 0, "c": 0}


def test_topic_richness_needs_three_documents_a_topic(value: Value) -> None:
    found = value("B03", [*[HARD] * 3, *[SOFT] * 2, {"cities": "b"}])
    assert found == {"a": 2, "b": 0, "c": 0}


def test_topic_evenness_is_entropy_over_the_whole_taxonomy(value: Value) -> None:
    found = value("B04", [*[SOFT] * 3, *[{"topics": ["festivals"]}] * 3])
    assert found["a"] == pytest.approx(log(2) / log(4))
    assert isnan(value("B04", [SOFT] * 4)["a"])
    several = {"topics": ["culture", "festivals"]}
    assert isnan(value("B04", [several] * 4)["a"])
    assert value("B04", [several] * 5)["a"] == pytest.approx(log(2) / log(4))


def test_balance_is_one_when_hard_equals_soft(value: Value) -> None:
    assert value("B05", [*[HARD] * 3, *[SOFT] * 3])["a"] == 1
    assert value("B05", [*[HARD] * 4, SOFT])["a"] == pytest.approx(1 - 3 / 5)
    assert isnan(value("B05", [*[HARD] * 3, SOFT])["a"])
    both = {"topics": ["trade", "culture"]}
    assert isnan(value("B05", [*[both] * 3, HARD])["a"])
    assert value("B05", [*[both] * 3, HARD, HARD])["a"] == pytest.approx(1 - 2 / 8)


def test_countries_are_foreign_and_have_two_documents(value: Value) -> None:
    sources = ["CN", "CN", "US", "US", "FR", None]
    found = value("B06", [{"country": code} for code in sources])
    assert found["a"] == 1


def test_a_city_named_at_home_only_reaches_zero_countries_and_one_of_no_origin_is_unknown(
    value: Value,
) -> None:
    documents = [*[{"country": "CN"}] * 3, {"cities": "b", "country": None}]
    found = value("B06", documents)
    assert found["a"] == 0
    assert isnan(found["b"])
    assert found["c"] == 0


def test_effective_countries_is_exp_of_entropy(value: Value) -> None:
    sources = ["CN", "US", "US", "US"]
    found = value("B07", [{"country": code} for code in sources])
    assert found["a"] == pytest.approx(exp(-(0.25 * log(0.25) + 0.75 * log(0.75))))


def test_languages_need_two_documents(value: Value) -> None:
    found = value("B08", [{"language": code} for code in ("en", "en", "zh", "zh", "fr")])
    assert found["a"] == 2


def test_other_language_share_leaves_unknown_languages_out(value: Value) -> None:
    codes = ["en", "en", "zh", "fr", "fr", None, None]
    assert value("B09", [{"language": code} for code in codes])["a"] == pytest.approx(0.4)
    assert isnan(value("B09", [{"language": code} for code in codes[1:]])["a"])


def test_effective_channels_of_two_equal_ones_is_two(value: Value) -> None:
    assert value("B10", [{"channel": "x"}, {"channel": "media"}])["a"] == pytest.approx(2)


def test_outlets_are_distinct_and_unknown_where_hidden(value: Value) -> None:
    found = value("B11", [{"outlet": 1}, {"outlet": 1}, {"outlet": 2}, {"cities": "b"}])
    assert found["a"] == 2
    assert isnan(found["b"])
    assert found["c"] == 0


ACCOUNTS = [
    {"id": 1, "channel_id": 3, "official": False},
    {"id": 2, "channel_id": 3, "city_id": 1, "official": True},
    {"id": 3, "channel_id": 2, "city_id": 1, "official": True},
    {"id": 4, "channel_id": 3, "city_id": 1, "official": False},
]


def test_authors_leave_the_citys_own_accounts_out(value: Value) -> None:
    documents = [{"cities": "ab", "channel": "x", "account": n} for n in (1, 1, 2, 4)]
    assert value("B12", documents, accounts=ACCOUNTS) == {"a": 1, "b": 3, "c": 0}


def test_concentration_is_the_sum_of_squared_shares_of_outlets_and_accounts(value: Value) -> None:
    documents = [
        *[{"outlet": 1}] * 3,
        {"outlet": 2},
        {"channel": "x", "account": 1},
    ]
    found = value("B13", documents, accounts=ACCOUNTS)
    assert found["a"] == pytest.approx((9 + 1 + 1) / 25)
    assert isnan(value("B13", documents[:4], accounts=ACCOUNTS)["a"])


def test_footprint_counts_platforms_and_needs_a_catalogue(value: Value) -> None:
    found = value("B14", [{}], accounts=ACCOUNTS)
    assert found["a"] == 2
    assert isnan(found["b"])  # no account of b is listed, and a list is never complete
    assert isnan(value("B14", [{}])["a"])


def test_foreign_voice_is_neither_chinese_nor_the_citys_own(value: Value) -> None:
    own = {"country": "US", "channel": "x", "account": 4}
    documents = [*[{"country": "US"}] * 2, {"country": "CN"}, own, {"country": "FR"}]
    found = value("B15", [*documents, {"country": None}], accounts=ACCOUNTS)
    assert found["a"] == pytest.approx(3 / 5)
