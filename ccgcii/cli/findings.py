"""`ccgcii findings`: what the documents say, figure by figure, with or without a topic or event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ccgcii.cli.days import DAY

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.cli.invocation import Invocation


@click.command()
@click.option("--since", type=DAY, help="First day (default: the study's).")
@click.option("--until", type=DAY, help="Last day, included.")
@click.option("--without-topic", multiple=True, metavar="TOPIC", help="Leave a topic out.")
@click.option(
    "--without-event", multiple=True, metavar="EVENT", help="Leave an event out, or a category."
)
@click.option("--top", default=15, show_default=True, type=click.IntRange(min=1), help="Cities.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every city in it.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    since: date | None,
    until: date | None,
    without_topic: tuple[str, ...],
    without_event: tuple[str, ...],
    top: int,
    as_json: bool,
) -> None:
    """Show volume, growth, watersheds, concentration, channels, topics, power and GDP."""
    from ccgcii.reporting.findings import findings_tables
    from ccgcii.reporting.results import read_findings

    with invocation.workspace() as workspace, invocation.errors.status("reading documents"):
        found = read_findings(
            workspace.engine,
            workspace.study,
            since=since,
            until=until,
            without_topics=without_topic,
            without_events=without_event,
        )
        labels = {city.key: f"{city.label} {city.name_zh}" for city in workspace.study.cities}
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for part in findings_tables(found, labels, top):
        invocation.console.print(part)
