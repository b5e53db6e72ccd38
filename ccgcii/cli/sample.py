"""`ccgcii sample`: pieces for a person to judge."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from ccgcii.cleaning.reviewing.samples import SampleRow
    from ccgcii.cli.invocation import Invocation

SHOWN = 160


@click.command()
@click.option("--layer", type=click.IntRange(1, 5), required=True, help="The layer to look at.")
@click.option("--dropped", is_flag=True, help="Draw from what the layer dropped.")
@click.option("--kept", is_flag=True, help="Draw from what passed the layer.")
@click.option(
    "-n", "--number", type=click.IntRange(1), default=50, show_default=True, help="How many."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other pieces.")
@click.option(
    "--csv",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write them to FILE (- for standard output), with an empty column for the verdict.",
)
@click.pass_obj
def command(  # noqa: PLR0917 - click passes options by position
    invocation: Invocation,
    layer: int,
    dropped: bool,  # noqa: FBT001 - click passes options by position
    kept: bool,  # noqa: FBT001
    number: int,
    seed: int,
    file: Path | None,
) -> None:
    """Draw pieces at random that a layer dropped, or kept, for a person to judge.

    With --dropped and --kept the file holds NUMBER of each, which is what recall needs. Write
    keep, drop or ? into the column `verdict`, then run `ccgcii agreement FILE`.
    """
    from ccgcii.cleaning.reviewing.samples import draw_sample, write_sample

    if not dropped and not kept:
        raise click.UsageError("say --dropped, --kept or both")
    rows: list[SampleRow] = []
    with invocation.workspace() as workspace:
        archive = workspace.settings.store.archive
        for wanted in [True] * dropped + [False] * kept:
            rows += draw_sample(
                workspace.engine, archive, layer, dropped=wanted, number=number, seed=seed
            )
    if not rows:
        invocation.errors.print(f"layer {layer}: nothing to draw from; `ccgcii funnel` shows why")
    if file is None:
        _print(invocation, rows)
        return
    if str(file) == "-":
        write_sample(rows, sys.stdout)
        return
    if file.exists():
        raise click.UsageError(f"{file} is there already, perhaps with verdicts: name another file")
    # The byte order mark makes spreadsheets read Chinese.
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        write_sample(rows, stream)
    invocation.errors.print(
        f"{counted(len(rows), 'piece')} in {file}; write keep, drop or ? into the column verdict, "
        f"then run `ccgcii agreement {file}`",
        markup=False,
    )


def _print(invocation: Invocation, rows: list[SampleRow]) -> None:
    from ccgcii.reporting.texts import safe

    for row in rows:
        verdict = f"{row.filter}: {row.reason}" if row.filter else "kept"
        said = " ".join(filter(None, (row.title, row.text)))
        head = f"[bold]{row.id}[/] {safe(verdict)} [dim]{safe(row.url)}[/]"
        invocation.console.print(head, f"  {safe(said[:SHOWN])}", sep="\n", soft_wrap=True)
