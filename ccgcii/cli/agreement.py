"""`ccgcii agreement`: what a judged sample says of the filters, or of two persons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ccgcii.cleaning.reviewing.agreement import Estimate, FilterAgreement, PersonAgreement
    from ccgcii.cleaning.reviewing.verdicts import Sheet
    from ccgcii.cli.invocation import Invocation

SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    file: Path,
    other: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes options by position
) -> None:
    """Compare the verdicts of FILE (from `ccgcii sample --csv`) with those of the filters.

    With a second file, of the same sample judged by another person, compare the two persons. All
    figures have 95 % intervals.
    """
    from ccgcii.cleaning.reviewing.agreement import filter_agreement, person_agreement
    from ccgcii.cleaning.reviewing.verdicts import read_sheet

    sheet = read_sheet(file)
    _tell(invocation.errors, sheet)
    if other is not None:
        second = read_sheet(other)
        _tell(invocation.errors, second)
        persons = person_agreement(sheet, second)
        if as_json:
            click.echo(json.dumps(persons.to_json(), ensure_ascii=False))
        else:
            _print_persons(invocation.console, persons)
        return
    layers = filter_agreement(sheet)
    if as_json:
        shown = {"layers": [layer.to_json() for layer in layers], "unsure": sheet.unsure}
        click.echo(json.dumps(shown | {"empty": sheet.empty}, ensure_ascii=False))
        return
    for layer in layers:
        _print_layer(invocation.console, layer)


def _tell(console: Console, sheet: Sheet) -> None:
    if sheet.empty or sheet.unsure:
        console.print(
            f"{sheet.path}: {counted(len(sheet.verdicts), 'verdict')}; left out: "
            f"{sheet.unsure} unsure, {sheet.empty} empty",
            markup=False,
        )


def _print_layer(console: Console, layer: FilterAgreement) -> None:
    from ccgcii.documents import LAYERS
    from ccgcii.reporting.texts import safe

    table = _table(f"Layer {layer.layer} {LAYERS[layer.layer]}: filters against a person")
    _row(table, "precision of drops", layer.precision)
    for name, estimate in layer.by_filter.items():
        _row(table, f"  {safe(name)}", estimate)
    _row(table, "rightly kept", layer.rightly_kept)
    _row(table, "recall", layer.recall)
    _row(table, "Cohen's kappa", layer.kappa)
    console.print(table)
    for reason in layer.why:
        console.print(f"[dim]{safe(reason)}[/]")


def _print_persons(console: Console, persons: PersonAgreement) -> None:
    from ccgcii.reporting.texts import safe

    table = _table(f"Two persons on {counted(persons.common, 'piece')}")
    _row(table, "equal verdicts", persons.agreement)
    _row(table, "Cohen's kappa", persons.kappa)
    console.print(table)
    if persons.kappa is None:
        console.print("[dim]kappa: both gave one and the same verdict to everything[/]")
    if persons.differ:
        more = f" and {len(persons.differ) - SHOWN} more" if len(persons.differ) > SHOWN else ""
        console.print(f"they differ on id {safe(', '.join(persons.differ[:SHOWN]))}{more}")


def _table(title: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in ("value", "95 % interval", "pieces"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _row(table: Table, name: str, estimate: Estimate | None) -> None:
    if estimate is None:
        table.add_row(name, "–", "", "")
        return
    interval = f"{estimate.low:.3f} – {estimate.high:.3f}"
    table.add_row(name, f"{estimate.value:.3f}", interval, f"{estimate.number:,}")
