"""`ccgcii config`: the values in force, wherever they come from, secrets hidden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> None:
    """Show the effective configuration: file, environment and defaults together."""
    from ccgcii.config import shown_url

    settings = invocation.workspace_or_default().settings
    values: dict[str, Any] = settings.model_dump(mode="json")
    values["store"]["url"] = shown_url(values["store"]["url"])
    values["secrets"] = dict.fromkeys(sorted(settings.secrets), "**********")
    if as_json:
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
        return
    for section, table in values.items():
        invocation.console.print(f"[bold]\\[{section}][/]")
        for key, value in table.items():
            invocation.console.print(
                f"{key} = {json.dumps(value, ensure_ascii=False)}", markup=False, soft_wrap=True
            )
