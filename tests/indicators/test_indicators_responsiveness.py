from __future__ import annotations

from math import isnan, log
from typing import TYPE_CHECKING, Any

import pytest

import ccgcii_indicators
from ccgcii.measuring.raw import OutletRow

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[..., dict[str, float]]

RESPONSIVENESS = [
    thing.id
    for thing in ccgcii_indicators.ccgcii_indicators()
    if thing.dimension == "responsiveness"
]


def quake(day: float, cities: str = "a", **given: Any) -> dict[str, Any]:
    """Write of the quake: it lasts nine days, and begins on day 30 of the window."""
    return {"day": 30 + day, "cities": cities, "events": ["quake"], **given}


def games(day: float, cities: str = "a", **given: Any) -> dict[str, Any]:
    """Write of the games: they last three days and begin on day 40 of the window."""
    return {"day": 40 + day, "cities": cities, "events": ["games"], **given}


DOCUMENTS = [
    *[quake(0.25)] * 4,
    *[quake(1.5)] * 2,
    quake(8, "ab"),
    quake(8.5, "b"),
    quake(8.5, "b"),
    games(1, "b"),
    quake(9.5, "a"),
    quake(-0.5, "a"),
]


@pytest.mark.parametrize("key", RESPONSIVENESS)
def test_without_events_responsiveness_is_unknown(value: Value, key: str) -> None:
    found = value(key, DOCUMENTS, events=())
    assert all(isnan(number) for number in found.values())


def test_three_documents_inside_the_window_join_an_event(value: Value) -> None:
    assert value("R01", DOCUMENTS) == {"a": 0.5, "b": 0.5, "c": 0}
    assert value("R01", DOCUMENTS[:2] + DOCUMENTS[-2:]) == {"a": 0, "b": 0, "c": 0}


def test_event_types_are_those_of_joined_events(value: Value) -> None:
    assert value("R02", [*DOCUMENTS, *[games(0)] * 3]) == {"a": 2, "b": 1, "c": 0}


def test_event_documents_are_summed_over_events(value: Value) -> None:
    assert value("R03", DOCUMENTS) == {"a": 7, "b": 4, "c": 0}


def test_share_of_voice_is_the_mean_over_events_that_anyone_is_heard_in(value: Value) -> None:
    found = value("R04", DOCUMENTS)
    assert found["a"] == pytest.approx((7 / 10 + 0) / 2)
    assert found["b"] == pytest.approx((3 / 10 + 1) / 2)
    assert found["c"] == 0
    assert value("R04", DOCUMENTS[:4])["a"] == 1


ACCOUNTS = [{"id": 1, "channel_id": 3, "city_id": 1, "official": True}]


def test_official_response_needs_a_post_in_a_joined_event(value: Value) -> None:
    answer = quake(2, channel="x", account=1)
    found = value("R05", [*DOCUMENTS, answer], accounts=ACCOUNTS)
    assert found["a"] == 1
    assert isnan(found["b"])  # no account of b is listed: what it would have posted is unknown
    assert value("R05", DOCUMENTS, accounts=ACCOUNTS)["a"] == 0
    assert isnan(value("R05", DOCUMENTS)["a"])


@pytest.mark.parametrize("key", ["R05", "R07"])
def test_a_page_of_an_official_outlet_is_no_post(value: Value, key: str) -> None:
    portal = [*DOCUMENTS, quake(2, outlet=8)]
    own = [OutletRow(8, 1, official=True)]
    with_portal = value(key, portal, accounts=ACCOUNTS, outlets=own)["a"]
    assert with_portal == value(key, DOCUMENTS, accounts=ACCOUNTS)["a"]


def test_latency_is_the_median_over_all_events_and_absence_costs_the_whole_window(
    value: Value,
) -> None:
    found = value("R06", DOCUMENTS)
    assert found["a"] == (6 + 72) / 2
    assert found["b"] == (8 * 24 + 24) / 2
    assert found["c"] == (9 * 24 + 72) / 2


def test_official_latency_counts_the_first_official_post(value: Value) -> None:
    answer = quake(2, channel="x", account=1)
    found = value("R07", [*DOCUMENTS, answer], accounts=ACCOUNTS)
    assert found["a"] == (48 + 72) / 2
    assert isnan(found["b"])
    silent = {"id": 2, "channel_id": 3, "city_id": 2, "official": True}
    found = value("R07", [*DOCUMENTS, answer], accounts=[*ACCOUNTS, silent])
    assert found["b"] == (216 + 72) / 2
    assert isnan(value("R07", DOCUMENTS)["a"])


def test_early_share_needs_five_documents(value: Value) -> None:
    found = value("R08", DOCUMENTS)
    assert found["a"] == pytest.approx(4 / 7)
    assert isnan(found["b"])


def test_surge_compares_daily_documents_with_the_four_weeks_before(value: Value) -> None:
    before = [{"day": day} for day in range(2, 30)] + [{"day": 0}]
    found = value("R09", [*before, *[quake(0)] * 18])
    assert found["a"] == pytest.approx(log((2 + 1) / (1 + 1)))
    assert isnan(found["b"])


def test_surge_counts_no_week_that_nobody_looked_at(value: Value) -> None:
    # The baseline are days 21 to 29; without week 4 days 21 to 27, and the event days 35 to 38.
    before = [{"day": day} for day in (21, 22, 23)]
    within = [quake(day) for day in (5, 6, 6, 7, 7, 7, 8, 8)]
    found = value("R09", [*before, {"day": 8}, *within], unseen_weeks=[0, 1, 2])
    assert found["a"] == pytest.approx(log((8 / 9 + 1) / (3 / 9 + 1)))
    found = value("R09", [*before, *within], unseen_weeks=[0, 1, 2, 4])
    assert found["a"] == pytest.approx(log((8 / 4 + 1) / (3 / 7 + 1)))
    assert isnan(value("R09", [*before, *within], unseen_weeks=[0, 1, 2, 3])["a"])


def test_an_event_that_does_not_count_is_not_joined_either(value: Value) -> None:
    # The quake lies in weeks 4 and 5, the games end in week 6: a search brought both.
    documents = [*[quake(0)] * 3, *[games(1)] * 3, *[quake(2, "b")] * 3]
    assert value("R01", documents) == {"a": 1, "b": 0.5, "c": 0}
    assert value("R01", documents, unseen_weeks=[4, 5]) == {"a": 1, "b": 0, "c": 0}
    assert value("R03", documents, unseen_weeks=[4, 5]) == {"a": 3, "b": 0, "c": 0}


def test_persistence_counts_days_from_the_peak_until_three_days_fall_below_half(
    value: Value,
) -> None:
    daily = [2, 8, 6, 5, 4, 2, 1, 0, 0]
    documents = [quake(day) for day, number in enumerate(daily) for _ in range(number)]
    # Means of three days from day 2: 5, 3.7 (below 4).
    assert value("R10", documents) == {"a": 2, "b": 0, "c": 0}


def test_persistence_ends_with_the_event(value: Value) -> None:
    documents = [quake(day) for day in range(9) for _ in range(3)]
    assert value("R10", documents)["a"] == 8


def test_tail_share_counts_after_the_seventh_day_in_long_events_only(value: Value) -> None:
    documents = [*[quake(0)] * 3, quake(6.99), quake(7), *[games(1)] * 5]
    assert value("R11", documents)["a"] == pytest.approx(1 / 5)


def test_event_engagement_sums_each_social_document_once(value: Value) -> None:
    both = {"day": 41, "events": ["games", "games"], "channel": "x", "likes": 5}
    news = quake(1, likes=100)
    found = value(
        "R12", [both, quake(1, channel="x", shares=2), news, {"channel": "x", "likes": 9}]
    )
    assert found["a"] == 7


def test_event_tone_and_crisis_negativity_read_event_documents_only(value: Value) -> None:
    documents = [quake(1, tone=-600), games(1, tone=200), {"tone": 1000}]
    assert value("R13", documents)["a"] == pytest.approx(-0.2)
    assert value("R15", documents)["a"] == pytest.approx(1)
    assert isnan(value("R15", documents[1:])["a"])


def test_tone_recovery_is_the_last_third_minus_the_first(value: Value) -> None:
    first = [quake(0, tone=-500)] * 4 + [quake(2.9, tone=-1000)]
    last = [quake(6, tone=100)] * 5
    found = value("R14", [*first, quake(4, tone=1000), *last])
    assert found["a"] == pytest.approx(0.1 + 0.6)
    assert isnan(value("R14", [*first, *last[:4]])["a"])
