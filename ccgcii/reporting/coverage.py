"""Coverage: what the kept documents of each channel amount to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import func, select

from ccgcii.documents import CHANNELS
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

COUNTS = ("documents", "mentions", "cities", "outlets", "accounts", "languages", "countries")


def read_coverage(store: Connection, since: date, until: date) -> list[dict[str, Any]]:
    """Return a row a channel: counts, and the first and last day, of a window (both included).

    A channel that brought nothing has zeros, and None for its days.
    """
    channel = table_of(tables.Channel)
    document = table_of(tables.Document)
    mention = table_of(tables.Mention)
    in_window = (
        document.c.dropped.is_(None)
        & (document.c.published_at >= _second(since))
        & (document.c.published_at < _second(until + timedelta(days=1)))
    )
    columns = [
        func.count().label("documents"),
        func.count(document.c.outlet_id.distinct()).label("outlets"),
        func.count(document.c.account_id.distinct()).label("accounts"),
        func.count(document.c.language_id.distinct()).label("languages"),
        func.count(document.c.country_id.distinct()).label("countries"),
        func.min(document.c.published_at).label("first"),
        func.max(document.c.published_at).label("last"),
    ]
    pieces = select(channel.c.name, *columns).join_from(document, channel).where(in_window)
    named = (
        select(
            channel.c.name,
            func.count().label("mentions"),
            func.count(mention.c.city_id.distinct()).label("cities"),
        )
        .join_from(mention, document)
        .join(channel, channel.c.id == document.c.channel_id)
        .where(in_window)
    )
    found = {row.name: dict(row._mapping) for row in store.execute(pieces.group_by(channel.c.name))}  # noqa: SLF001 - SQLAlchemy's documented name
    for row in store.execute(named.group_by(channel.c.name)):
        found[row.name] |= dict(row._mapping)  # noqa: SLF001
    return [_row(name, found.get(name, {})) for name in CHANNELS]


def coverage_table(rows: list[dict[str, Any]]) -> Table:
    """Lay the coverage out, a channel a column."""
    table = Table(title="Coverage by channel", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("")
    for row in rows:
        table.add_column(row["channel"], justify="right")
    for name in COUNTS:
        table.add_row(name, *(f"{row[name]:,}" for row in rows))
    for name in ("first", "last"):
        table.add_row(f"{name} day", *(row[name] or "–" for row in rows))
    return table


def _row(channel: str, found: dict[str, Any]) -> dict[str, Any]:
    counts = {name: int(found.get(name, 0)) for name in COUNTS}
    days = {name: _day(found.get(name)) for name in ("first", "last")}
    return {"channel": channel} | counts | days


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _day(second: int | None) -> str | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).date().isoformat()
