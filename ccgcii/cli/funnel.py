"""`ccgcii funnel`: layer by layer, filter by filter, source by source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from rich.console import Console

    from ccgcii.cleaning.reviewing.funnels import SourceFunnel
    from ccgcii.cli.invocation import Invocation
    from ccgcii.workspace import Workspace

SHOWN = 100
MOST_SHOWN = 2


@click.command()
@click.option("--source", metavar="NAME", help="Only what this source brought.")
@click.option(
    "--examples",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="Show N drops of each filter with their reasons.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    source: str | None,
    examples: int,
    as_json: bool,  # noqa: FBT001 - click passes options by position
) -> None:
    """Show what came to each layer and filter, what it dropped and why.

    All sources together first, then one by one. Drops shown are drawn at random, the same ones at
    each call.
    """
    with invocation.workspace() as workspace:
        funnels = _funnels(workspace, source)
        drops = _examples(workspace, source, examples) if examples else {}
    if as_json:
        shown = {"funnels": [funnel.to_json() for funnel in funnels], "examples": drops}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for funnel in funnels:
        _print(invocation.console, funnel)
    for name, rows in drops.items():
        _print_examples(invocation.console, name, rows)


def _funnels(workspace: Workspace, source: str | None) -> list[SourceFunnel]:
    from ccgcii.cleaning.pipeline import Pipeline
    from ccgcii.cleaning.reviewing.funnels import funnel_of, funnels_by_source
    from ccgcii.errors import CleaningError, suggest

    pipeline = Pipeline.build(workspace.study, workspace.plugins, workspace.settings.filters)
    by_source = funnels_by_source(workspace.engine, pipeline, reasons=True)
    if source is None:
        return [funnel_of(workspace.engine, pipeline, reasons=True), *by_source]
    chosen = [funnel for funnel in by_source if funnel.source == source]
    if not chosen:
        hint = suggest(source, [funnel.source for funnel in by_source])
        raise CleaningError(f"no source {source!r} has brought anything{hint}")
    return chosen


def _examples(
    workspace: Workspace, source: str | None, number: int
) -> dict[str, list[dict[str, Any]]]:
    from ccgcii.cleaning.reviewing.samples import example_drops, show_pieces

    drops = example_drops(workspace.engine, number, source)
    ids = [drop.id for rows in drops.values() for drop in rows]
    shown = show_pieces(workspace.engine, workspace.settings.store.archive, ids)
    return {
        name: [
            {"reason": drop.reason}
            | dict(zip(("url", "title", "text"), shown[drop.id], strict=True))
            for drop in rows
        ]
        for name, rows in drops.items()
    }


def _print(console: Console, funnel: SourceFunnel) -> None:
    from rich.table import Table

    from ccgcii.documents import LAYERS
    from ccgcii.reporting.texts import safe

    stories = "" if funnel.stories is None else f", {counted(funnel.stories, 'story')}"
    waiting = f" ({funnel.waiting:,} waiting for `ccgcii clean`)" if funnel.waiting else ""
    title = (
        f"{safe(funnel.source or 'all sources')}: {counted(funnel.captures, 'capture')}{waiting}; "
    )
    title += f"{funnel.kept:,} kept{stories}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in ("layer", "filter"):
        table.add_column(name)
    for name in ("in", "dropped", "kept"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why, most often", overflow="fold")
    for layer, name in LAYERS.items():
        rows = [row for row in funnel.rows if row.layer == layer]
        if not rows:
            continue
        lost = sum(row.dropped for row in rows)
        came = rows[0].came
        table.add_row(f"{layer} {name}", "", f"{came:,}", f"{lost:,}", f"{came - lost:,}")
        for row in rows:
            if row.dropped:
                cells = (f"{row.came:,}", f"{row.dropped:,}", f"{row.kept:,}")
                why = "; ".join(
                    f"{reason} ({number:,})" for reason, number in row.reasons[:MOST_SHOWN]
                )
                table.add_row("", safe(row.filter), *cells, safe(why), style="dim")
    console.print(table)
    console.print()


def _print_examples(console: Console, name: str, rows: list[dict[str, Any]]) -> None:
    from ccgcii.reporting.texts import safe

    console.print(f"[bold]{safe(name)}[/]")
    for row in rows:
        said = row["title"] or row["text"]
        console.print(
            f"  {safe(row['reason'])} [dim]|[/] {safe(said[:SHOWN])} [dim]{safe(row['url'])}[/]"
        )
    console.print()
