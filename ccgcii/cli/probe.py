"""`ccgcii probe`: try one slice of one source, into a store that is thrown away."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation
    from ccgcii.conduct.probing import Probe

SHOWN = 80


@click.command()
@click.argument("source")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=3, show_default=True, help="Pieces wanted."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, source: str, limit: int, as_json: bool) -> None:
    """Try SOURCE live: one slice, at most 20 requests; the study's store is left alone.

    Requests to an API count against its quota. Exit code 1 if nothing came.
    """
    from ccgcii.conduct.probing import probe

    logging.getLogger("scrapy").setLevel(logging.ERROR)
    with invocation.workspace() as workspace:
        found = probe(workspace, source, limit=limit)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(invocation, found)
    if not found.captures:
        raise SystemExit(1)


def _print(invocation: Invocation, found: Probe) -> None:
    from ccgcii.reporting.texts import safe

    console = invocation.console
    if found.slice is None:
        console.print(f"{safe(found.source)} plans nothing for this study")
        return
    console.print(f"{safe(found.source)}, slice {safe(found.slice)}:", soft_wrap=True)
    console.print(
        f"  {counted(found.requests, 'request')}, {found.failed:,} failed; "
        f"{counted(found.captures, 'piece')}, "
        f"{found.dated:,} of them with a date"
    )
    for piece in found.pieces:
        when = piece.published_at or "no date"
        console.print(
            f"  {when}  {safe(piece.title[:SHOWN])}  [dim]{safe(piece.url)}[/]", soft_wrap=True
        )
    for reason, number in found.reasons.items():
        console.print(f"  {number:,} x {safe(reason)}", soft_wrap=True)
    if found.stopped:
        console.print(f"  stopped: {safe(found.stopped)}", soft_wrap=True)
