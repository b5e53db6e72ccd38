"""Dates as exports write them, into UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LABEL = re.compile(
    r"^(?:published|updated|posted|created|date)\s*(?:on|at)?\s*:?\s+", re.IGNORECASE
)
SECOND_LABEL = re.compile(r"\s+(?:published|updated|modified)\s*:.*$", re.IGNORECASE | re.DOTALL)
ZONE_WORD = re.compile(r"\s*\(?\b(EDT|EST|CDT|MDT|MST|PDT|PST|BST|CEST|CET|GMT|UTC)\)?$")
WEEK = re.compile(r"\d{4}-?W\d\d")
DIGITS_OF_A_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])(?:[0-5]\d){0,2}"
)
# A remark behind the zone: (China Standard Time).
REMARK = re.compile(r"\s*\([^()]*\)$")
# The dates of mail whose zone is known to be right; the reader of the standard library takes PM,
# JST and whatever else stands at the end for no zone at all.
MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}\s+\d{1,2}:\d\d(?::\d\d)?"
    r"(?:\s+(?:[+-]\d{4}|GMT|UTC|UT|Z|[ECMP][SD]T))?"
)
# Chicago's winter and China's time, fourteen hours apart: only the file's own zone can tell.
SHARED_WORD = re.compile(r"\s*\(?\bCST\)?$")
ZONE_HOURS = {
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "BST": 1,
    "CEST": 2,
    "CET": 1,
    "GMT": 0,
    "UTC": 0,
}
TWITTER = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})"
)
MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
# Nothing here can be read in two ways: 03/04/2020 needs a format from a mapping.
FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%Y %I:%M%p",
    "%d-%b-%Y %I:%M %p",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%Y-%m-%d %I:%M%p",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
    "%H:%M, %d-%b-%Y",
    "%A, %B %d, %Y",
    "%d %b %Y %H:%M",
    "%d %B %Y %H:%M",
    "%d %b %Y %I:%M %p",
    "%d %B %Y %I:%M %p",
    "%b %d, %Y, %I:%M %p",
    "%B %d, %Y, %I:%M %p",
    "%A, %B %d, %Y %I:%M %p",
    "%a %b %d %Y %H:%M:%S GMT%z",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def is_pattern(text: str) -> bool:
    """Say whether `strptime` could read anything by a pattern."""
    try:
        datetime.strptime("", text)  # noqa: DTZ007 - nothing is read
    except ValueError as error:
        # It says the same of a text that is none: then the pattern itself is understood.
        return "%" in text and "does not match format" in str(error)
    return False


class DateReader:
    """Dates of one file, into UTC; None for what cannot be read in exactly one way.

    `pattern` (as `strptime` takes it, or several) replaces all guessing. `zone` is that of moments
    that name none; a day without a time of day stays that day. `CST` is that zone too: without one
    (UTC) it may be Chicago's or China's, and the moment is not read.
    """

    def __init__(self, pattern: str | tuple[str, ...] | None = None, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._ways: list[Callable[[str], datetime | None]]
        if pattern is None:
            self._ways = [_iso, _twitter, _epoch, _written_out, _mail]
        else:
            patterns = (pattern,) if isinstance(pattern, str) else pattern
            self._ways = [lambda text: _strptime(text, patterns)]

    def __call__(self, value: Any) -> datetime | None:
        """Read a date; the way that read the last one is tried first."""
        if isinstance(value, datetime):
            return self._to_utc(value)
        if isinstance(value, date):
            return datetime.combine(value, time.min, tzinfo=UTC)
        if value is None or isinstance(value, bool):
            return None
        text = str(value).strip()
        if shared := SHARED_WORD.search(text):
            text = "" if self._zone is UTC else text[: shared.start()]
        for number, way in enumerate(self._ways if text else ()):
            moment = way(text)
            if moment is not None:
                if number:
                    self._ways.insert(0, self._ways.pop(number))
                return self._to_utc(moment)
        return None

    def _to_utc(self, moment: datetime) -> datetime | None:
        if moment.tzinfo is None:
            is_day = moment.time() == time.min
            moment = moment.replace(tzinfo=UTC if is_day else self._zone)
        try:
            moment = moment.astimezone(UTC)
        except (OverflowError, ValueError):
            return None
        return moment if moment >= EARLIEST else None


def _iso(text: str) -> datetime | None:
    # A number is seconds since 1970 or a year, never the compact form of ISO 8601.
    if (text.isdecimal() and len(text) != 8) or WEEK.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _twitter(text: str) -> datetime | None:
    found = TWITTER.fullmatch(text)
    if found is None or found[1] not in MONTHS:
        return None
    day, hour, minute, second, year = (int(found[n]) for n in (2, 3, 4, 5, 9))
    offset = timedelta(hours=int(found[7]), minutes=int(found[8]))
    try:
        zone = UTC if not offset else timezone(offset if found[6] == "+" else -offset)
        return datetime(year, MONTHS[found[1]], day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if DIGITS_OF_A_DATE.fullmatch(text):
        # Fourteen are a date and nothing else; ten are also a moment after 2030, twelve one of the
        # seventies in milliseconds.
        return _strptime(text, ("%Y%m%d%H%M%S",)) if len(text) == 14 else None
    whole, _, fraction = text.partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return None
    if len(whole) in (9, 10):
        return EPOCH + timedelta(seconds=int(whole))
    return EPOCH + timedelta(milliseconds=int(whole)) if len(whole) in (12, 13) else None


def _written_out(text: str) -> datetime | None:
    plain = SECOND_LABEL.sub("", LABEL.sub("", text)).strip()
    zone = ZONE_WORD.search(plain)
    if zone is not None:
        plain = plain[: zone.start()]
    plain = REMARK.sub("", plain)
    moment = _iso(plain) or _strptime(plain, FORMATS)
    if moment is None or zone is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=timezone(timedelta(hours=ZONE_HOURS[zone[1]])))


def _strptime(text: str, patterns: tuple[str, ...]) -> datetime | None:
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is set afterwards
        except ValueError:
            continue
    return None


def _mail(text: str) -> datetime | None:
    text = REMARK.sub("", text)
    if MAIL.fullmatch(text) is None:
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
