"""The raw tables that a corpus is built from, in small types.

They hold integers only, as the store does: seconds since 1970 UTC, thousandths, ids of small
dictionaries. Whoever fills them (the store, a synthetic sample) gets the same facts from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

RAW_TABLES: Mapping[str, Mapping[str, str]] = {
    "raw_document": {
        "id": "INTEGER",
        "channel_id": "SMALLINT",
        "outlet_id": "INTEGER",
        "account_id": "INTEGER",
        "language_id": "SMALLINT",
        "country_id": "SMALLINT",
        "tier": "TINYINT",
        "published_at": "BIGINT",
        "likes": "INTEGER",
        "comments": "INTEGER",
        "shares": "INTEGER",
        "views": "BIGINT",
        "followers": "INTEGER",
        "sentiment": "SMALLINT",
        "source_id": "SMALLINT",
    },
    "raw_mention": {
        "document_id": "INTEGER",
        "city_id": "INTEGER",
        "count": "INTEGER",
        "salience": "SMALLINT",
        "in_title": "BOOLEAN",
        "sentiment": "SMALLINT",
    },
    # Documents that have no title to name a city in.
    "raw_untitled": {"document_id": "INTEGER"},
    "raw_topic": {"document_id": "INTEGER", "topic_id": "SMALLINT"},
    "raw_event": {"document_id": "INTEGER", "event_id": "INTEGER"},
    "raw_account": {
        "id": "INTEGER",
        "channel_id": "SMALLINT",
        "followers": "INTEGER",
        "city_id": "INTEGER",
        "official": "BOOLEAN",
    },
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are measured, both included, UTC.

    `earliest` is the first day that the study covers: what lies before it is unknown, not zero.
    `condition` is SQL on a raw document `d` and its `topic.bits`: others are left out.
    """

    since: date
    until: date
    earliest: date
    condition: str = "TRUE"

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.until - self.since).days + 1

    @property
    def start(self) -> int:
        """The first second."""
        return _epoch(self.since)

    @property
    def end(self) -> int:
        """The second after the last."""
        return _epoch(self.until + timedelta(days=1))

    @property
    def start_before(self) -> int | None:
        """The first second of the equally long window before; None where that is not covered.

        Before a year comes the year before, though one of them may have a day more.
        """
        before = self.since - timedelta(days=self.days)
        if self.until == _year_later(self.since) - timedelta(days=1):
            before = _year_later(self.since, -1)
        return _epoch(before) if before >= self.earliest else None


def _year_later(day: date, years: int = 1) -> date:
    # The day after 28 February stands for the 29th in years that have none.
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic of the taxonomy."""

    id: int
    name: str
    power: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """A dated event: its first and last second since 1970."""

    id: int
    key: str
    category: str
    is_crisis: bool
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet that is a city's own: official or its media."""

    id: int
    city_id: int
    official: bool


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """What the ids in the raw tables mean; `cities` in the order of the study.

    `outlets` are those of which it is known whose voice they are.
    """

    cities: Mapping[int, str]
    channels: Mapping[int, str]
    languages: Mapping[int, str]
    countries: Mapping[int, str]
    topics: Sequence[TopicRow] = ()
    events: Sequence[EventRow] = ()
    outlets: Sequence[OutletRow] = ()

    def events_in(self, window: Window) -> list[EventRow]:
        """Return the events that begin inside a window."""
        return [e for e in self.events if window.start <= e.starts_at < window.end]


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty raw tables in DuckDB."""
    for table, columns in RAW_TABLES.items():
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {table} ({listed})")
