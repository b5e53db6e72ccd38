"""`ccgcii indicators`: what is measured, with its published definition."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation
    from ccgcii.indicators import Indicator

COLUMNS = ("id", "name", "dimension", "pillar", "unit", "direction", "treatment", "channels")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> None:
    """List the indicators: dimension, unit, direction, channels and definition."""
    rows = [_row(thing) for thing in invocation.workspace_or_default().plugins.indicators()]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    _print_table(invocation, rows)


def _row(indicator: Indicator) -> dict[str, Any]:
    row = {name: getattr(indicator, name) for name in COLUMNS}
    # A NaN is no JSON: what a silent city gets is either zero or unknown (null).
    empty = None if math.isnan(indicator.empty) else indicator.empty
    return (
        row
        | {"channels": list(indicator.channels), "empty": empty}
        | {"definition": indicator.definition}
    )


def _print_table(invocation: Invocation, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from ccgcii.indicators import DIMENSIONS
    from ccgcii.reporting.texts import safe

    given = dict.fromkeys(row["dimension"] for row in rows)
    for dimension in dict.fromkeys((*(d for d in DIMENSIONS if d in given), *given)):
        table = Table(title=safe(dimension.capitalize()), title_justify="left")
        table.add_column("id")
        table.add_column("indicator", ratio=2)
        table.add_column("definition", ratio=3)
        for row in rows:
            if row["dimension"] == dimension:
                table.add_row(row["id"], _facts(row), safe(row["definition"]))
        invocation.console.print(table)


def _facts(row: dict[str, Any]) -> str:
    from ccgcii.documents import CHANNELS
    from ccgcii.reporting.texts import safe

    channels = row["channels"] if len(row["channels"]) < len(CHANNELS) else ["all channels"]
    better = "" if row["direction"] == 1 else "; less is better"
    details = f"{row['pillar']}; {row['unit']}{better}; {', '.join(channels)}"
    return f"{safe(row['name'])}\n[dim]{safe(details)}[/]"
