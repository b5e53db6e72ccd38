"""The date that an address holds: `/2020/05/12/`, or the month alone, `/2020/05/`.

A day in an address is the newsroom's own and right in 97 of 100 (`benchmarks/quality/dates.py`), so
it dates a page, and a record whose source gives no date. A month tells no day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
DAY_RULE = "url"
MONTH_RULE = "url, month"
_DAY = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y2>(?:19|20)\d\d)/(?P<m2>[1-9])/(?P<d2>[1-9]|[12]\d|3[01])/"
)
_MONTH = re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class AddressDate:
    """What an address says of the day: `last` is `first` where it holds a day, else the month's."""

    first: datetime
    last: datetime

    @property
    def rule(self) -> str:
        """Return the name of the rule that dates by it."""
        return DAY_RULE if self.first == self.last else MONTH_RULE

    @property
    def middle(self) -> datetime:
        """Return the day itself, or the one in the middle of the month."""
        return self.first + (self.last - self.first) // timedelta(days=2) * timedelta(days=1)


def date_in_address(url: str, fetched_at: datetime) -> AddressDate | None:
    """Return the day, else the month, that an address holds.

    None if it holds neither, or one before the web or more than a day after the fetch: a number
    that only looks like a date.
    """
    day = day_in_address(url)
    found = AddressDate(day, day) if day is not None else _month_in_address(url)
    latest = fetched_at + timedelta(days=1)
    return found if found is not None and EARLIEST <= found.first <= latest else None


def day_in_address(url: str) -> datetime | None:
    """Return the day that an address holds, as its midnight in UTC, however unlikely."""
    match = _DAY.search(url)
    if match is None:
        return None
    year, month, day = (int(match[k] or match[f"{k}2"]) for k in ("y", "m", "d"))
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _month_in_address(url: str) -> AddressDate | None:
    match = _MONTH.search(urlsplit(url).path)
    if match is None:
        return None
    first = datetime(int(match["y"]), int(match["m"]), 1, tzinfo=UTC)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return AddressDate(first, next_month - timedelta(days=1))
