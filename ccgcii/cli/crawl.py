"""`ccgcii crawl`: fetch what the sources plan, resumably."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from ccgcii.cli.days import DAY

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.cli.invocation import Invocation
    from ccgcii.crawling.runs import CrawlSummary, SourceEstimate

STOPPED = 130
MOST_REASONS = 10


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=DAY, help="First day (default: the study's).")
@click.option("--until", type=DAY, help="Last day, included (default: the study's).")
@click.option("--city", "cities", multiple=True, metavar="NAME", help="Only this city; repeatable.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop a source after so many documents.")
@click.option("--now", is_flag=True, help="Read feeds and sitemaps that are not due yet, too.")
@click.option("--wait", is_flag=True, help="Stay while a quota is empty, and go on by itself.")
@click.option("--estimate", is_flag=True, help="Say what would be asked; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--verbose", is_flag=True, help="Let Scrapy tell what it does.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    sources: tuple[str, ...],
    since: date | None,
    until: date | None,
    cities: tuple[str, ...],
    limit: int | None,
    now: bool,
    wait: bool,
    estimate: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Crawl SOURCEs (those of ccgcii.toml if none is named); the same command resumes."""
    _set_up_log(verbose=verbose)
    from ccgcii.cli.crawlprogress import showing
    from ccgcii.crawling import runs

    window: dict[str, Any] = {
        "since": since,
        "until": until,
        "cities": cities,
        "limit": limit,
    }
    with invocation.workspace(create=True) as workspace:
        if estimate:
            _print_estimate(
                invocation, runs.estimate(workspace, sources, **window), as_json=as_json
            )
            return
        with showing(invocation.errors) as progress:
            window |= {"now": now, "wait": wait}
            summary = runs.crawl(workspace, sources, progress=progress, **window)
    _print_summary(invocation, summary, as_json=as_json)
    if summary.state == "stopped":
        invocation.errors.print("stopped; all that was fetched is kept. To go on, run it again:")
        invocation.errors.print(f"  {_same_command()}", markup=False, soft_wrap=True)
        sys.exit(STOPPED)
    if summary.state == "failed":
        invocation.errors.print("error: a source stopped itself; what it has left is kept")
        sys.exit(1)


def _set_up_log(*, verbose: bool) -> None:
    import logging

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    # At INFO it tells every address; failures are rows of the store, not lines.
    logging.getLogger("scrapy").setLevel(logging.INFO if verbose else logging.ERROR)


def _print_estimate(
    invocation: Invocation, estimates: list[SourceEstimate], *, as_json: bool
) -> None:
    from dataclasses import asdict

    from rich.markup import escape
    from rich.table import Table

    if as_json:
        click.echo(json.dumps([asdict(one) for one in estimates], indent=2))
        return
    table = Table(title="What a crawl would ask for", title_justify="left")
    for column in ("source", "slices", "requests at most", "days", "US dollars"):
        table.add_column(column, justify="left" if column == "source" else "right")
    for one in estimates:
        requests = "unknown" if one.requests is None else f"{one.requests:,}"
        days = "" if one.days is None else f"{one.days:,.3g}"
        dollars = "" if one.dollars is None else f"{one.dollars:,.2f}"
        table.add_row(escape(one.source), f"{one.slices:,}", requests, days, dollars)
    invocation.console.print(table)
    for one in estimates:
        for note in one.notes:
            invocation.console.print(f"{one.source}: {note}", markup=False, soft_wrap=True)


def _print_summary(invocation: Invocation, summary: CrawlSummary, *, as_json: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    from ccgcii.cli.crawlstate import how_it_stands

    if as_json:
        click.echo(json.dumps(summary.as_json(), indent=2, ensure_ascii=False))
        return
    table = Table(title=f"Crawl {summary.run_id}: {summary.state}", title_justify="left")
    for column in ("source", "slices", "failed slices", "requests", "documents", "failed"):
        table.add_column(column, justify="left" if column == "source" else "right")
    for counts in summary.sources:
        numbers = (
            f"{counts.slices_done} of {counts.slices}",
            f"{counts.slices_failed:,}",
            f"{counts.requests:,}",
            f"{counts.captures:,}",
            f"{counts.failed:,}",
        )
        table.add_row(escape(counts.source), *numbers)
    invocation.console.print(table)
    for counts in summary.sources:
        shown = counts.top_reasons(MOST_REASONS)
        lines = [f"{number:,} x {_printable(reason)}" for reason, number in shown]
        if len(counts.reasons) > len(shown):
            lines.append(f"and {len(counts.reasons) - len(shown):,} other reasons")
        lines += [_printable(line) for line in how_it_stands(counts)]
        for line in lines:
            invocation.console.print(f"{counts.source}: {line}", markup=False, soft_wrap=True)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _same_command() -> str:
    import shlex

    return shlex.join(["ccgcii", *sys.argv[1:]])
