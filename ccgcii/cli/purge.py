"""`ccgcii purge`: remove documents and everything that was derived from them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from ccgcii.cli.days import DAY
from ccgcii.wording import counted

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.cli.invocation import Invocation
    from ccgcii.conduct.purging import Doomed, Purged


@click.command()
@click.option("--expired", is_flag=True, help="What the terms of its API want gone by now.")
@click.option("--author", metavar="HANDLE", help="What this author wrote.")
@click.option("--url", metavar="URL", help="The piece at this address.")
@click.option("--source", metavar="NAME", help="What this source brought.")
@click.option(
    "--before",
    type=DAY,
    help="What was fetched before this day (UTC).",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; without --yes nothing is done.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    expired: bool,
    author: str | None,
    url: str | None,
    source: str | None,
    before: date | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Remove documents, what was derived from them, and their bytes; it cannot be undone.

    All that is given must hold of a document. Shows what would go, and asks.
    """
    from ccgcii.conduct.purging import Choice, find_doomed, is_unfinished, purge

    choice = Choice(expired=expired, author=author, url=url, source=source, before=before)
    with invocation.workspace() as workspace:
        doomed = find_doomed(workspace, choice)
        unfinished = is_unfinished(workspace.engine)
        if not as_json:
            _print_doomed(invocation, doomed, unfinished=unfinished)
        work = bool(doomed.captures) or unfinished
        agreed = yes or (work and not as_json and click.confirm("Remove it for good?", err=True))
        purged = purge(workspace, choice, doomed) if work and agreed else None
    if as_json:
        done = purged.as_json() if purged else None
        click.echo(json.dumps({"found": doomed.as_json(), "purged": done}, indent=2))
    elif purged:
        _print_purged(invocation, purged)
    elif work:
        invocation.errors.print("nothing was removed")
        sys.exit(1)


def _print_doomed(invocation: Invocation, doomed: Doomed, *, unfinished: bool) -> None:
    from ccgcii.reporting.texts import safe

    parts = ", ".join(f"{safe(name)} {number:,}" for name, number in doomed.sources.items())
    invocation.errors.print(
        f"{counted(len(doomed.captures), 'capture')} ({counted(doomed.pages, 'page')}, "
        f"{counted(doomed.records, 'record')}), "
        f"{counted(doomed.documents, 'document')}{': ' if parts else ''}{parts}",
        soft_wrap=True,
    )
    if unfinished:
        invocation.errors.print("an earlier purge broke off; this one finishes it")


def _print_purged(invocation: Invocation, purged: Purged) -> None:
    invocation.console.print(
        f"removed {counted(purged.captures, 'capture')} and "
        f"{counted(purged.documents, 'document')}, "
        f"{counted(purged.responses, 'response')} ({counted(purged.bytes, 'byte')}) of the "
        f"archive, {counted(purged.traces, 'trace')} in other rows",
        soft_wrap=True,
    )
    if purged.scores:
        invocation.errors.print(
            f"{counted(purged.scores, 'earlier score')} counted this and now says so: "
            "run `ccgcii clean`, then `ccgcii score`",
            soft_wrap=True,
        )
