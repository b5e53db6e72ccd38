"""`ccgcii plugins`: what is installed, what it brings, and what is broken and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation
    from ccgcii.plugins import PluginStatus

STYLES = {"ok": "green", "disabled": "dim", "broken": "bold red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> None:
    """List plugins: name, distribution, version, what each brings, status."""
    workspace = invocation.workspace_or_default()
    statuses = workspace.plugins.statuses(workspace.study)
    if as_json:
        click.echo(json.dumps([asdict(status) for status in statuses], indent=2))
        return
    _print_table(invocation, statuses)


def _print_table(invocation: Invocation, statuses: list[PluginStatus]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Plugins", title_justify="left")
    for column in ("name", "distribution", "brings", "status"):
        table.add_column(column, overflow="fold")
    for status in statuses:
        style = STYLES[status.status]
        reason = f"\n{escape(status.reason)}" if status.reason else ""
        table.add_row(
            escape(status.name),
            escape(f"{status.distribution} {status.version}".strip()),
            escape(_brings(status.brings)),
            f"[{style}]{status.status}[/]{reason}",
        )
    invocation.console.print(table)


def _brings(things: tuple[str, ...]) -> str:
    kinds: dict[str, list[str]] = {}
    for thing in things:
        kind, _, name = thing.partition(" ")
        kinds.setdefault(kind, []).append(name)
    return "\n".join(f"{kind}: {', '.join(names)}" for kind, names in kinds.items())
