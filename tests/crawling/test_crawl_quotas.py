"""Buckets of an API: when they fill again, and what fits in until then."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ccgcii import Quota
from ccgcii.crawling.apis.quotas import QuotaBook
from ccgcii.crawling.apis.values import days_for
from ccgcii_db import Dictionary, open_engine, tables

if TYPE_CHECKING:
    from pathlib import Path

PACIFIC = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("moment", "day", "reset"),
    [
        ("2026-11-23T07:59:59+00:00", "2026-11-22", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T08:00:00+00:00", "2026-11-23", "2026-11-24T08:00:00+00:00"),
        # The day of 23 hours and the day of 25.
        ("2026-03-08T08:00:00+00:00", "2026-03-08", "2026-03-09T07:00:00+00:00"),
        ("2026-11-01T07:00:00+00:00", "2026-11-01", "2026-11-02T08:00:00+00:00"),
    ],
)
def test_a_bucket_fills_at_midnight_in_california(moment: str, day: str, reset: str) -> None:
    quota, now = Quota("search", 100, PACIFIC), datetime.fromisoformat(moment).timestamp()
    assert quota.day(now) == day
    assert quota.resets_at(now) == datetime.fromisoformat(reset).timestamp()


def test_a_monthly_bucket_fills_on_the_first() -> None:
    quota = Quota("posts", 100, period="month")
    now = datetime(2026, 12, 31, 23, 59, tzinfo=UTC).timestamp()
    assert quota.day(now) == "2026-12"
    assert quota.resets_at(now) == datetime(2027, 1, 1, tzinfo=UTC).timestamp()


def test_a_rolling_limit_has_room_again_when_enough_use_is_a_week_old(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 's.db'}", create=True)
    monday = datetime(2026, 11, 23, 23, 50, tzinfo=UTC)
    with engine.begin() as connection:
        number = Dictionary(connection, tables.Source).id("notes")
        assert number is not None
        book = QuotaBook(number, [Quota("tags", 10, span=7)])
        book.open(connection)
        book.spend(connection, {"tags": 4}, (monday - timedelta(days=5)).timestamp())
        book.spend(connection, {"tags": 6}, (monday - timedelta(days=2)).timestamp())
    engine.dispose()
    now = monday.timestamp()
    # Ten minutes to midnight, and midnight frees nothing.
    assert book.wait({"tags": 1}, now) == datetime(2026, 11, 25, tzinfo=UTC).timestamp()
    assert book.wait({"tags": 5}, now) == datetime(2026, 11, 28, tzinfo=UTC).timestamp()
    assert book.wait({}, now) is None


def test_more_than_the_whole_limit_is_tried_when_all_of_it_is_free() -> None:
    book, now = QuotaBook(1, [Quota("posts", 5)]), time.time()
    assert book.wait({"posts": 10}, now) is None
    book.reserve({"posts": 1})
    assert book.wait({"posts": 10}, now) == Quota("posts", 5).resets_at(now)


def test_the_days_of_a_rolling_limit_are_those_of_the_calendar() -> None:
    # Half past midnight, a day after one of 23 hours.
    now = datetime(2026, 3, 9, 7, 30, tzinfo=UTC).timestamp()
    days = Quota("tags", 1, PACIFIC, span=3).window(now)
    assert days == ("2026-03-09", "2026-03-08", "2026-03-07")


def test_days_are_those_of_the_slowest_bucket() -> None:
    quotas = {"a": Quota("a", 100), "b": Quota("b", 10)}
    assert days_for({"a": 101, "b": 30}, quotas) == 3
    assert days_for({}, quotas) == 0
