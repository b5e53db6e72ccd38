"""Time that passes: everything in a store made older, as if so many days had gone by.

Nobody's clock is moved. To whoever opens the store next, moments that all lie a day further back
are the same as a day that has gone by; so a quota spent today is yesterday's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy import Engine

DAY = 86_400  # seconds
MOMENTS = (
    (tables.Request, "not_before"),
    (tables.Slice, "not_before"),
    (tables.Poll, "checked_at"),
    (tables.Poll, "read_at"),
    (tables.Poll, "fresh_at"),
    (tables.Poll, "due_at"),
    (tables.Capture, "fetched_at"),
    (tables.Capture, "expires_at"),
    (tables.Document, "fetched_at"),
)
QUOTAS = table_of(tables.Quota)


def let_days_pass(engine: Engine, days: int = 1) -> None:
    """Make what a crawl has written so many days older."""
    with engine.begin() as connection:
        for model, name in MOMENTS:
            table = table_of(model)
            column = table.c[name]
            older = {name: column - days * DAY}
            connection.execute(update(table).where(column > 0).values(older))
        used = [dict(row) for row in connection.execute(select(QUOTAS)).mappings()]
        connection.execute(delete(QUOTAS))
        if used:
            connection.execute(insert(QUOTAS), _aged(used, days))


def _aged(used: list[dict[str, Any]], days: int) -> list[dict[str, Any]]:
    """Return the days or months of buckets so many days earlier, those that meet added up."""
    aged: dict[tuple[Any, str, str], dict[str, Any]] = {}
    for row in used:
        earlier = {**row, "day": _earlier(row["day"], days)}
        key = (row["source_id"], row["bucket"], earlier["day"])
        if key in aged:
            earlier["used"] += aged[key]["used"]
        aged[key] = earlier
    return list(aged.values())


def _earlier(day: str, days: int) -> str:
    if len(day) > len("2026-11"):
        return str(date.fromisoformat(day) - timedelta(days=days))
    # Of a month nobody knows the day: today's, if it is this month, else its last.
    today = datetime.now(UTC).date()
    last = (date.fromisoformat(f"{day}-01") + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (min(today, last) - timedelta(days=days)).isoformat()[: len("2026-11")]
