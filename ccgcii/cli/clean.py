"""`ccgcii clean`: everything new through the five layers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from ccgcii.cleaning.runs import CleanSummary
    from ccgcii.cli.invocation import Invocation
    from ccgcii.workspace import Workspace

STOPPED = 130


@click.command()
@click.option("--again", is_flag=True, help="Judge everything anew, from the archive.")
@click.option(
    "--from",
    "since",
    type=click.IntRange(1, 5),
    metavar="LAYER",
    help="Repeat this layer (1-5) and those after it, without extracting pages again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    again: bool,  # noqa: FBT001 - click passes options by position
    since: int | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Put every capture that is new through the five layers, and show the funnel.

    Nothing is fetched: pages come out of the archive. After a change of a filter's options,
    --from LAYER repeats what the change touches. Ctrl-C keeps what is finished.
    """
    from ccgcii.cleaning.copies.waiting import pending
    from ccgcii.cleaning.runs import clean

    with invocation.workspace() as workspace, _bar(invocation.errors) as progress:
        summary = clean(workspace, again=again, since=since, progress=progress)
        keyless = "account_key" not in workspace.settings.secrets and _knows_authors(workspace)
        waiting = pending(workspace.engine) if summary.interrupted else 0
    if as_json:
        click.echo(json.dumps(summary.to_json(), ensure_ascii=False))
    else:
        _print(invocation.console, summary)
    _tell(invocation.errors, summary)
    if keyless:
        invocation.errors.print(
            "authors are hashed without a key: whoever guesses a name finds it in the store; set "
            "CCGCII__SECRETS__ACCOUNT_KEY (`ccgcii init` writes one), then `ccgcii clean --again`",
            soft_wrap=True,
        )
    if summary.interrupted:
        for line in _stopped(summary.captures, waiting, 1 if again else since):
            invocation.errors.print(line, markup=False, soft_wrap=True)
        sys.exit(STOPPED)


def _knows_authors(workspace: Workspace) -> bool:
    from sqlalchemy import text

    with workspace.engine.connect() as connection:
        return connection.execute(text("SELECT 1 FROM account LIMIT 1")).first() is not None


class _bar:  # noqa: N801 - used as a function: `with _bar(console) as progress`
    """A progress bar on standard error."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("cleaning"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            # Where there is no terminal it would leave an empty line.
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("cleaning", total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


def _print(console: Console, summary: CleanSummary) -> None:
    from rich.table import Table
    from rich.text import Text

    from ccgcii.documents import LAYERS

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("layer")
    table.add_column("filter")
    for name in ("in", "dropped", "kept"):
        table.add_column(name, justify="right")
    shown = 0
    for row in summary.funnel:
        layer = f"{row.layer} {LAYERS[row.layer]}" if row.layer != shown else ""
        shown = row.layer
        table.add_row(layer, Text(row.filter), f"{row.came:,}", f"{row.dropped:,}", f"{row.kept:,}")
    console.print(table)


def _tell(console: Console, summary: CleanSummary) -> None:
    rate = summary.captures / summary.seconds if summary.seconds else 0.0
    console.print(
        f"{counted(summary.captures, 'capture')} cleaned in {summary.seconds:.1f} s "
        f"({rate:,.0f}/s); the store keeps {counted(summary.kept, 'document')}{_stories(summary)}"
    )
    for name, (times, first) in sorted(summary.problems.items()):
        console.print(
            f"filter {name!r} failed on {counted(times, 'document')} and was passed over there; "
            f"first: {first}",
            markup=False,
            style="red",
        )
    if summary.stale:
        console.print(
            "a part of the store was judged by other filters than those of now: "
            + "; ".join(f"layer {part.layer} ({', '.join(part.filters)})" for part in summary.stale)
            + f". Run `ccgcii clean --from {summary.stale[0].layer}` to judge it alike",
            markup=False,
            style="yellow",
        )


def _stopped(judged: int, waiting: int, since: int | None) -> Iterator[str]:
    """Say what is there, what waits and what to run: asking again to repeat would begin anew."""
    yield f"stopped: {counted(judged, 'capture', 'are')} judged, {waiting:,} still waiting"
    if since is not None:
        yield f"of those that wait the earlier verdicts of layers {since} to 5 stand until then"
        yield "`ccgcii clean` goes on from here; with --again or --from it would begin anew"
    else:
        yield "`ccgcii clean` goes on from here"


def _stories(summary: CleanSummary) -> str:
    return "" if summary.stories is None else f" telling {counted(summary.stories, 'story')}"
