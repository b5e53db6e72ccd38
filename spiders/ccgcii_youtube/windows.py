"""Cutting a study into questions: a city, a month or a week, a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import City


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both included, UTC."""

    first: date
    last: date

    def bounds(self) -> tuple[str, str]:
        """Return the first moment and the first one after, as the API writes them (RFC 3339)."""
        return f"{self.first}T00:00:00Z", f"{self.last + timedelta(days=1)}T00:00:00Z"


def months(since: date, until: date, each: int = 1) -> Iterator[Window]:
    """Cut a span into calendar months, or `each` 3 or 12 of them, as the calendar begins them.

    The first and the last may be parts of one.
    """
    first = since
    while first <= until:
        number = (first.month - 1) // each * each + each  # of months before the following one
        following = date(first.year + number // 12, number % 12 + 1, 1)
        yield Window(first, min(until, following - timedelta(days=1)))
        first = following


def weeks(since: date, until: date) -> Iterator[Window]:
    """Cut a span into weeks from Monday; the first and the last may be parts of one."""
    first = since
    while first <= until:
        following = first + timedelta(days=7 - first.weekday())
        yield Window(first, min(until, following - timedelta(days=1)))
        first = following


def queries(city: City, *, apart: bool) -> dict[str, str]:
    """Return what is searched for, by the language it is in: both names in one question, or apart.

    `|` is the API's "or".
    """
    names = {"en": city.name_en, "zh": city.name_zh}
    known = {language: name for language, name in names.items() if name}
    return known if apart else {"": "|".join(known.values())}
