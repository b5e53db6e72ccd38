"""A day as an option: `--since 2020-01-23`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click


class _Day(click.ParamType):  # type: ignore[type-arg]  # generic only in newer clicks
    """A day of the calendar, shown as DAY in the help of a command."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day that is written; anything else is a usage error."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return self.fail(f"{value!r} is no day like 2020-01-31", param, ctx)


DAY = _Day()
