"""Dated events of the world that cities may be named in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.catalogues.tables import Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
REQUIRED = ("key", "name", "category", "starts", "ends", "words_en")
OPTIONAL = ("is_crisis", "words_zh", "source")


@dataclass(frozen=True, slots=True)
class Event:
    """An event: a document joins it if it names one of its words within its days (UTC)."""

    key: str
    name: str
    category: str
    is_crisis: bool
    starts: date
    ends: date
    words_en: tuple[str, ...]
    words_zh: tuple[str, ...]
    source: str


@cache
def default_events() -> tuple[Event, ...]:
    """Return the events that ship with ccgcii."""
    return read_events(HERE / "events.csv")


def read_events(path: Path) -> tuple[Event, ...]:
    """Read events from a CSV file; raises `ConfigError` naming file, line and column."""
    events: dict[str, Event] = {}
    for row in read_rows(path, REQUIRED, OPTIONAL):
        event = _event(row)
        if event.key in events:
            raise row.error(f"event {event.key!r} stands there twice")
        events[event.key] = event
    return tuple(events.values())


def lay_over(ours: Iterable[Event], own: Iterable[Event]) -> tuple[Event, ...]:
    """Return events by first day and key: all of both lists, `own` in place of one like it."""
    events = {event.key: event for event in (*ours, *own)}
    return tuple(sorted(events.values(), key=lambda event: (event.starts, event.key)))


def _event(row: Row) -> Event:
    starts, ends = _day(row, "starts"), _day(row, "ends")
    if starts > ends:
        raise row.error(f"'starts' ({starts}) is after 'ends' ({ends})")
    return Event(
        key=row.required("key"),
        name=row.required("name"),
        category=row.required("category"),
        is_crisis=row.flag("is_crisis"),
        starts=starts,
        ends=ends,
        words_en=row.words("words_en"),
        words_zh=row.words("words_zh"),
        source=row.text("source"),
    )


def _day(row: Row, column: str) -> date:
    value = row.required(column)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise row.error(f"{column!r} is not a date like 2020-01-31: {value!r}") from None
