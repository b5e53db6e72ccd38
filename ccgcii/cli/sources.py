"""`ccgcii sources`: how each source fares against its own history."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod

    from ccgcii.cli.invocation import Invocation
    from ccgcii.conduct.health import Health
    from ccgcii.conduct.history import Usage

COLORS = {"ok": "green", "untried": "dim", "thin": "yellow", "stale": "yellow", "quota": "yellow"}
COLUMNS = (
    "source",
    "verdict",
    "last new",
    "requests",
    "failed",
    "last",
    "usual",
    "date",
    "author",
    "text",
)
# The least share of a quota worth a word: some buckets only keep count, and are never full.
LITTLE = 0.01
# Lines, not a table: an address that is folded or cut off cannot be looked at.
LISTING_LINE = "{:<8} {:<11} {:<10} {:>9} {:>5} {:>5} {:>9} {:>8}  {}"
LISTING_COLUMNS = (
    "source",
    "verdict",
    "last new",
    "every",
    "new",
    "read",
    "unchanged",
    "failures",
    "address",
)


@click.command()
@click.option("--listings", is_flag=True, help="Each feed, sitemap and section instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, listings: bool, as_json: bool) -> None:
    """Show every source's health: ok, thin, stale, blocked, broken, quota, unavailable, untried.

    `failed` is the share of the last run's requests, `last` and `usual` are what the last run
    brought and the median of those before it; then how many documents have a date, an author or
    outlet, and a text. Below it: what is wrong, and how much of a quota was used on the day (or
    month) that it was last. --json has every figure in full.
    """
    from ccgcii.conduct.health import source_health
    from ccgcii.reporting.texts import safe

    if listings:
        _show_listings(invocation, as_json=as_json)
        return
    with invocation.workspace() as workspace:
        found = source_health(workspace)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, ensure_ascii=False))
        return
    _show_figures(invocation.console, [one for one in found if one.runs])
    if untried := [safe(one.source) for one in found if one.verdict == "untried"]:
        invocation.console.print(f"untried: {', '.join(untried)}", style="dim", soft_wrap=True)
    for one in found:
        if one.why and one.verdict != "untried":
            invocation.console.print(f"{safe(one.source)}: {safe(one.why)}", soft_wrap=True)
        if used := [_in_words(each) for each in one.quotas if each.used >= LITTLE * each.limit]:
            said = f"{safe(one.source)}: quota used: {safe(', '.join(used))}"
            invocation.console.print(said, soft_wrap=True)
        if one.listings_failing:
            invocation.console.print(
                f"{safe(one.source)}: {one.listings_failing:,} of {one.listings:,} feeds, sitemaps "
                "and sections fail; `ccgcii sources --listings` shows which",
                soft_wrap=True,
            )


def _show_figures(console: Console, tried: list[Health]) -> None:
    from rich.table import Table

    from ccgcii.reporting.texts import safe

    if not tried:
        return
    # One space between columns: a terminal of 80 shows them whole.
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for place, column in enumerate(COLUMNS):
        justify: JustifyMethod = "left" if place < 3 else "right"
        # A plugin's source may have any name: it is folded where nothing else may be.
        table.add_column(column, justify=justify, no_wrap=place > 0, overflow="fold")
    for one in tried:
        color = COLORS.get(one.verdict, "red")
        table.add_row(safe(one.source), f"[{color}]{one.verdict}[/]", *_figures(one))
    console.print(table)


def _show_listings(invocation: Invocation, *, as_json: bool) -> None:
    from ccgcii.conduct.listings import listing_health
    from ccgcii.reporting.texts import safe

    with invocation.workspace() as workspace:
        found = listing_health(workspace)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, ensure_ascii=False))
        return
    invocation.console.print(LISTING_LINE.format(*LISTING_COLUMNS), style="bold", soft_wrap=True)
    for one in found:
        line = LISTING_LINE.format(
            one.source,
            one.verdict,
            _day(one.last_new),
            f"{one.interval / 60:,.0f} min",
            _share(one.fresh / one.named if one.named and one.fresh is not None else None),
            f"{one.reads:,}",
            f"{one.unchanged:,}",
            _number(one.failures or None),
            f"{one.url}  {one.why}".strip(),
        )
        style = None if one.verdict == "ok" else COLORS.get(one.verdict, "red")
        invocation.console.print(safe(line), style=style, soft_wrap=True, highlight=False)


def _day(moment: int | None) -> str:
    return "" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def _figures(one: Health) -> tuple[str, ...]:
    return (
        _day(one.last_new),
        _number(one.requests),
        _share(one.failure_rate),
        _number(one.last_captures),
        _number(one.usual_captures),
        _share(one.date_rate),
        _share(one.author_rate),
        _share(one.text_rate),
    )


def _in_words(quota: Usage) -> str:
    days = f"{quota.span} days to {quota.day}" if quota.span > 1 else quota.day
    return f"{quota.bucket} {quota.used:,} of {quota.limit:,} ({days})"


def _number(value: float | None) -> str:
    """Write a number in at most six characters."""
    if value is None:
        return ""
    for unit, letter in ((1e9, "G"), (1e6, "M")):
        if value >= unit:
            return f"{value / unit:.3g}{letter}"
    return f"{value / 1_000:,.0f}k" if value >= 100_000 else f"{value:,g}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
