"""Cells as values: dates, counts, places, ids; what is unreadable is None, never zero."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ccgcii.importing.dates import DateReader
from ccgcii.importing.places import as_country, named_outlet
from ccgcii.importing.values import (
    as_author,
    as_count,
    as_flag,
    as_id,
    as_language,
    as_name,
    as_text,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-04-20", "2020-04-20T00:00"),
        ("20200420", "2020-04-20T00:00"),
        ("2022-09-01T15:50:01.000Z", "2022-09-01T15:50:01"),
        ("2017-07-14T03:53:33+0000", "2017-07-14T03:53:33"),
        ("2020-01-01T08:00:00+08:00", "2020-01-01T00:00"),
        ("Thu Feb 13 16:25:42 +0000 2020", "2020-02-13T16:25:42"),
        ("Thu Feb 13 00:25:42 +0800 2020", "2020-02-12T16:25:42"),
        ("20:39, 26-Mar-2022", "2022-03-26T20:39"),
        ("Published: Jul 16, 2022 10:30 PM Updated: Jul 16, 2022 11:00 PM", "2022-07-16T22:30"),
        ("Updated: 2022-04-14 06:56", "2022-04-14T06:56"),
        ("2020-03-08 21:00:00 EDT", "2020-03-09T01:00"),
        ("2020-03-07 21:00:00 EST", "2020-03-08T02:00"),
        ("Wed, 05 Feb 2020 05:20:21 GMT", "2020-02-05T05:20:21"),
        ("April 3, 2020", "2020-04-03T00:00"),
        ("2020年4月5日", "2020-04-05T00:00"),
        ("1580880021", "2020-02-05T05:20:21"),
        ("1580880021000", "2020-02-05T05:20:21"),
    ],
)
def test_dates_are_read_as_exports_write_them(written: str, expected: str) -> None:
    assert DateReader()(written) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "03/04/2020", "2020", "13", "5 May", "2020-13-45", "0001-01-01", None),
        "Thu Feb 13 00:25:42 +9900 2020",
        *("2020-W14", "2020W14"),  # a week is no day
        # Chicago's winter or China's time.
        "2020-03-08 21:00:00 CST",
        "Mon, 09 Mar 2020 08:00:00 CST",
    ],
)
def test_a_date_that_cannot_be_read_in_one_way_is_unknown(written: str | None) -> None:
    assert DateReader()(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sunday, April 05, 2020 9:30 PM", "2020-04-05T21:30:00+00:00"),
        ("5 Apr 2020 10:00 PM", "2020-04-05T22:00:00+00:00"),
        ("Apr 5, 2020, 12:00 AM", "2020-04-05T00:00:00+00:00"),
        ("20200405103059", "2020-04-05T10:30:59+00:00"),  # as GDELT and the Wayback Machine do
        ("Sun, 05 Apr 2020 10:00:00 -0400 (EDT)", "2020-04-05T14:00:00+00:00"),
        (
            "Sun Apr 05 2020 10:00:00 GMT+0800 (China Standard Time)",
            "2020-04-05T02:00:00+00:00",
        ),
    ],
)
def test_halves_of_the_day_and_zones_in_words_are_kept(written: str, expected: str) -> None:
    moment = DateReader()(written)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "written",
    ["Sun, 05 Apr 2020 10:00:00 JST", "05 Apr 2020 10:00:00 MSK", "Sun, 05 Apr 2020 10:00 of PM"],
)
def test_a_zone_that_is_not_known_is_not_taken_for_the_files_own(written: str) -> None:
    assert DateReader()(written) is None


@pytest.mark.parametrize("written", ["2020040510", "202004051030"])
def test_digits_that_are_a_date_and_seconds_since_1970_are_neither(written: str) -> None:
    assert DateReader()(written) is None


def test_a_format_replaces_guessing() -> None:
    read = DateReader("%d/%m/%Y")
    assert read("03/04/2020") == datetime(2020, 4, 3, tzinfo=UTC)
    assert read("2020-04-03") is None


def test_a_zone_moves_moments_but_not_days() -> None:
    read = DateReader(zone=ZoneInfo("Asia/Shanghai"))
    assert read("2020-01-01 07:30:00 CST") == datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    assert read("2020-01-01 07:30:00 EST") == datetime(2020, 1, 1, 12, 30, tzinfo=UTC)
    assert read("2020-01-01 07:30:00") == datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    assert read("2020-01-01") == datetime(2020, 1, 1, tzinfo=UTC)
    assert read(date(2020, 1, 1)) == datetime(2020, 1, 1, tzinfo=UTC)


def test_one_reader_follows_a_file_that_changes_its_dates() -> None:
    read = DateReader()
    written = ["2020-01-01", "Thu Feb 13 16:25:42 +0000 2020", "2020-01-02"] * 2
    assert all(read(text) is not None for text in written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1,234", 1234),
        ("1 234 567", 1234567),
        ("12.0", 12),
        ("12.00", 12),
        ("12.000", None),  # or twelve thousand
        ("1,234.000", 1234),
        ("0.000", 0),
        (7, 7),
        (7.0, 7),
        ("", None),
        ("n/a", None),
        ("-1", None),
        ("1.5", None),
        ("1,23", None),
        (True, None),
        (Decimal(12), 12),
        (Decimal("1.5"), None),
        (float("nan"), None),
        (float("inf"), None),
        ("9" * 30, None),
        ("1" + ",000" * 2_000, None),
    ],
)
def test_a_count_is_whole_or_unknown(written: object, expected: int | None) -> None:
    assert as_count(written) == expected


def test_an_identity_is_text_and_never_a_rounded_number() -> None:
    assert as_id(1227992251252559878) == "1227992251252559878"
    assert as_id(12.0) == "12"
    assert as_id("1.2279922512525599E+18") is None
    # As pandas writes a column of numbers in which one is missing.
    assert as_id("4503599627370497.0") == "4503599627370497"
    assert as_id("1227992251252559872.0") is None
    assert as_id(1.2279922512525599e18) is None


def test_an_accounts_number_is_no_float() -> None:
    written = ("4503599627370497.0", 12.0, "12.0", "@cgtn", "3e8", "1227992251252559872.0", 1.2e18)
    assert [as_author(value) for value in written] == [
        *("4503599627370497", "12", "12", "@cgtn", "3e8", None, None)
    ]


def test_a_character_that_no_database_keeps_is_left_out() -> None:
    assert as_text("Wu\0han") == "Wuhan"
    assert as_name("\0") is None


def test_names_in_lists_are_joined() -> None:
    assert as_name("['Ann Lee', 'Bo Li']") == "Ann Lee, Bo Li"
    assert as_name("[]") is None
    assert as_name("[broken") == "[broken"


def test_flags_and_languages() -> None:
    assert (as_flag("True"), as_flag(0), as_flag("maybe")) == (True, False, None)
    assert [as_language(word) for word in ("en", "zh-Hans", "English", "und", "iw", "qme")] == [
        "en",
        "zh",
        "en",
        None,
        "he",
        None,
    ]


def test_countries_by_name_or_code() -> None:
    words = ("USA", "Russia", "Iran", "cyprus", "gb", "South Korea", "Middle-earth", 7)
    assert [as_country(word) for word in words] == [
        "US",
        "RU",
        "IR",
        "CY",
        "GB",
        "KR",
        None,
        None,
    ]


def test_an_outlet_is_known_by_name_by_label_and_by_domain() -> None:
    names = (
        "The New York Times",
        "cgtn",
        "globaltimes",
        "bbc",
        "https://edition.cnn.com",
        "Gazette",
    )
    assert [named_outlet(name) for name in names] == [
        "nytimes.com",
        "cgtn.com",
        "globaltimes.cn",
        "bbc.com",
        "cnn.com",
        None,
    ]
