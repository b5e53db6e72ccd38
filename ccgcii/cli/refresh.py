"""`ccgcii refresh`: ask again for what would have to be removed soon."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation


@click.command()
@click.argument("source")
@click.option(
    "--days", type=click.IntRange(0, 30), default=5, show_default=True, help="That are left of it."
)
@click.pass_obj
def command(invocation: Invocation, *, source: str, days: int) -> None:
    """Ask SOURCE again for the pieces whose time is over in DAYS, and keep them anew.

    YouTube's terms let its data be kept for thirty days, and longer if it is fetched again. What
    YouTube no longer has stays as it is until `ccgcii purge --expired` removes it.
    """
    from ccgcii.crawling.refreshing import refresh
    from ccgcii.reporting.texts import safe

    logging.getLogger("scrapy").setLevel(logging.ERROR)
    with invocation.workspace() as workspace:
        found = refresh(workspace, source, days=days)
    console = invocation.console
    console.print(
        f"{safe(source)}: {counted(found.due, 'piece')} had at most {counted(days, 'day')} left, "
        f"{found.renewed:,} renewed",
        soft_wrap=True,
    )
    if found.renewed:
        console.print("`ccgcii clean` judges them anew")
    if found.renewed < found.due:
        console.print(
            f"not renewed, {found.due - found.renewed:,}: gone there, comments (never asked for "
            "again), or the quota is spent (run it again tomorrow); `ccgcii purge --expired` "
            "removes what is past its time",
            soft_wrap=True,
        )
    if found.counts is not None and found.counts.stopped:
        console.print(f"stopped: {safe(found.counts.stopped)}", soft_wrap=True)
        raise SystemExit(1)
