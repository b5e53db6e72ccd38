"""`ccgcii record`: crawl a source for real, and keep what it was answered for its tests."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgcii.cli.days import DAY
from ccgcii.wording import counted

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.cli.invocation import Invocation


@click.command()
@click.argument("source")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", type=DAY, help="First day (default: the study's).")
@click.option("--until", type=DAY, help="Last day, included (default: the study's).")
@click.option("--city", "cities", multiple=True, metavar="NAME", help="Only this city; repeatable.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Pieces wanted."
)
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    source: str,
    folder: Path,
    since: date | None,
    until: date | None,
    cities: tuple[str, ...],
    limit: int,
) -> None:
    """Crawl SOURCE live and record it into FOLDER: what it was answered, and what it made of it.

    A `SourceSuite` replays the folder. The study's store is left alone, no key is written, and
    pages of others stay theirs: record what you may publish, or change it.
    """
    from ccgcii.crawling.rehearsals import record
    from ccgcii.reporting.texts import safe

    logging.getLogger("scrapy").setLevel(logging.ERROR)
    window = {"since": since, "until": until}
    with invocation.workspace() as workspace:
        found = record(workspace, source, folder, cities=cities, limit=limit, **window)
    (counts,) = found.crawls
    console = invocation.console
    console.print(
        f"{safe(source)}: {counted(counts.requests, 'request')}, "
        f"{counted(len(found.pieces), 'piece')}; read {safe(str(folder / 'expected.json'))} "
        "once: the suite will hold the source to it",
        soft_wrap=True,
    )
    for reason, number in counts.reasons.items():
        console.print(f"  {number:,} x {safe(reason)}", soft_wrap=True)
    if not found.pieces:
        raise SystemExit(1)
