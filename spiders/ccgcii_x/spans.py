"""Spans of days: a month that is over is one, the month under way is read day by day.

So a slice keeps its name from run to run, and no post is paid for twice.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ccgcii import ConfigError

DAY = timedelta(days=1)
# X answers up to ten seconds ago only; a minute leaves room for clocks that differ.
SETTLING = timedelta(minutes=1)
RECENT_DAYS = 6  # whole days inside the seven that recent search goes back


def day_under_way(now: datetime) -> date:
    """Return the first day that X does not answer for as a whole; just after midnight yesterday."""
    return (now.astimezone(UTC) - SETTLING).date()


def spans(since: date, until: date, today: date) -> list[tuple[date, date]]:
    """Return the spans (first and last day, both included) of a window; nothing from today on."""
    until = min(until, today - DAY)
    found: list[tuple[date, date]] = []
    first = since
    while first <= until:
        over = (first.year, first.month) < (today.year, today.month)
        last = min(until, _end_of_month(first)) if over else first
        found.append((first, last))
        first = last + DAY
    return found


def periods(since: date, until: date, today: date, months: int) -> list[tuple[date, date]]:
    """Return the quarters or years (`months` 3 or 12) of a window, cut as the calendar has them.

    Raises `ConfigError` for one that is not over: it would get another name when it is, and all
    of it would be paid for again.
    """
    found: list[tuple[date, date]] = []
    first = since
    while first <= until:
        number = (first.month - 1) // months * months + months
        following = date(first.year + number // 12, number % 12 + 1, 1)
        if following > today:
            raise ConfigError(
                f'[sources.x] span: {first} to {following - DAY} is not over; set span = "month", '
                f"or let the study end before {first}"
            )
        found.append((first, min(until, following - DAY)))
        first = following
    return found


def recent_spans(since: date, until: date, today: date) -> list[tuple[date, date]]:
    """Return the days that recent search still reaches, each a span of its own."""
    first = max(since, today - RECENT_DAYS * DAY)
    days = (min(until, today - DAY) - first).days + 1
    return [(first + number * DAY, first + number * DAY) for number in range(days)]


def moment(day: date) -> str:
    """Write the beginning of a day as the API wants it."""
    return f"{day.isoformat()}T00:00:00Z"


def _end_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - DAY
