"""`ccgcii years`: the years of a study side by side, by the weights and goalposts of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation

TOP = 30


@click.command()
@click.option("--base", type=int, help="The year that gives weights and goalposts (the first).")
@click.option("--recipe", help="A shipped recipe or a TOML file (default: [score] recipe).")
@click.option("--without-topic", multiple=True, metavar="TOPIC", help="Leave a topic out.")
@click.option(
    "--without-event", multiple=True, metavar="EVENT", help="Leave an event out, or a category."
)
@click.option("--all", "everything", is_flag=True, help="Print every city, not the first thirty.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every city in it.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    base: int | None,
    recipe: str | None,
    without_topic: tuple[str, ...],
    without_event: tuple[str, ...],
    everything: bool,
    as_json: bool,
) -> None:
    """Score every year of the study by the frozen weights and goalposts of one of them."""
    from ccgcii.measuring.leftout import LeftOut
    from ccgcii.reporting.years import compare_years, years_parts
    from ccgcii.scoring import Recipe

    with invocation.workspace() as workspace, invocation.errors.status("measuring year by year"):
        chosen = Recipe.load(recipe or workspace.settings.score.recipe)
        found = compare_years(workspace, chosen, LeftOut(without_topic, without_event), base)
        labels = {city.key: f"{city.label} {city.name_zh}" for city in workspace.study.cities}
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for part in years_parts(found, labels, None if everything else TOP):
        invocation.console.print(part)
