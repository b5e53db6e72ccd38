"""`ccgcii uncertainty`: how sure the ranks are, and which choice or indicator moves them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccgcii.cli.invocation import Invocation
    from ccgcii.scoring.uncertainty import Experiment

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TOP = 30
SHOWN = 10
RANKS = ("median", "low", "high", "max_shift")


@click.command()
@click.option("--draws", default=2000, show_default=True, type=click.IntRange(min=2))
@click.option("--seed", default=2020, show_default=True, type=click.IntRange(min=0))
@click.option("--recipe", help="A shipped recipe or a TOML file (default: the score's).")
@click.option(
    "--sensitivity",
    "base",
    default=0,
    type=click.IntRange(min=0),
    help="Also Sobol's indices, from this many base points (a power of two, as 256).",
)
@click.option("--matrix", type=FILE, help="Use this table instead of the newest score.")
@click.option("--tree", type=FILE, help="The tree of --matrix: id, parent, direction, weight.")
@click.option("--all", "everything", is_flag=True, help="Print every city, not the first thirty.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    draws: int,
    seed: int,
    recipe: str | None,
    base: int,
    matrix: Path | None,
    tree: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Rebuild the newest score by other methods: rank intervals, and what moves the ranks."""
    if matrix or tree:
        if not (matrix and tree):
            raise ConfigError("--matrix and --tree belong together: give both files")
        experiment, channels = _of_table(invocation, matrix, tree, recipe, seed)
    else:
        experiment, channels = _of_study(invocation, recipe, seed)
    with invocation.errors.status(f"rebuilding the index {draws} times"):
        result = _measure(experiment, channels, draws, seed, base)
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(invocation, result, None if everything else TOP)


def _of_table(
    invocation: Invocation, matrix: Path, tree: Path, recipe: str | None, seed: int
) -> tuple[Experiment, dict[str, tuple[str, ...]]]:
    from ccgcii.plugins import Plugins
    from ccgcii.scoring import Recipe, read_matrix, read_tree
    from ccgcii.scoring.uncertainty import Experiment

    methods = Plugins.load(invocation.disabled, invocation.files).methods()
    chosen = Recipe.load(recipe or "ccgcii-2020")
    table, framework = read_matrix(matrix), read_tree(tree)
    return Experiment.of(table, framework, chosen, methods=methods, seed=seed), {}


def _of_study(
    invocation: Invocation, recipe: str | None, seed: int
) -> tuple[Experiment, dict[str, tuple[str, ...]]]:
    from ccgcii.reporting.matrices import read_matrix, read_tree
    from ccgcii.reporting.runs import latest_score
    from ccgcii.scoring import Recipe
    from ccgcii.scoring.uncertainty import Experiment

    with invocation.workspace() as workspace:
        with workspace.engine.connect() as store:
            run = latest_score(store)
            matrix = read_matrix(store, run)
        chosen = Recipe.load(recipe) if recipe else Recipe.from_dict(run.recipe, f"run {run.id}")
        channels = {thing.id: thing.channels for thing in workspace.plugins.indicators()}
        methods = workspace.plugins.methods()
    experiment = Experiment.of(
        matrix, read_tree(run), chosen, channels=channels, methods=methods, seed=seed
    )
    return experiment, channels


def _measure(
    experiment: Experiment,
    channels: Mapping[str, Sequence[str]],
    draws: int,
    seed: int,
    base: int,
) -> dict[str, Any]:
    from ccgcii.scoring.rankstats import plain_rows
    from ccgcii.scoring.sensitivity import sensitivity
    from ccgcii.scoring.uncertainty import leave_channels_out, leave_indicators_out, vary_method

    statistics = vary_method(experiment, draws=draws, seed=seed)
    rebuilder, recipe = experiment.rebuilder, experiment.recipe
    without_channels = leave_channels_out(rebuilder, recipe, channels)
    sobol = plain_rows(sensitivity(experiment, base=base, seed=seed)) if base else None
    return {
        "recipe": recipe.name,
        "draws": draws,
        "seed": seed,
        "factors": [factor.name for factor in experiment.factors],
        "units": statistics.to_dict(),
        "without_indicator": plain_rows(leave_indicators_out(rebuilder, recipe)),
        "without_channel": plain_rows(without_channels),
        "sensitivity": sobol,
    }


def _print(invocation: Invocation, result: dict[str, Any], top: int | None) -> None:
    console = invocation.console
    units = result["units"]
    title = f"Ranks over {result['draws']:,} rebuilds of {result['recipe']}, 90 % in the interval"
    columns: tuple[str, ...] = ("rank", "median", "low", "high", "top10", "top30", "above_next")
    console.print(_table(title, "unit", columns, units[:top]))
    if top is not None and len(units) > top:
        invocation.errors.print(f"{len(units) - top} more: --all prints them", style="dim")
    columns = ("indicators", "mean_shift", "max_shift", "most_moved", "tau")
    for what in ("channel", "indicator"):
        rows = result[f"without_{what}"][:SHOWN]
        if rows:
            console.print(_table(f"Ranks moved without one {what}", "left_out", columns, rows))
    if result["sensitivity"]:
        title = "Share of the rank changes that a choice explains (Sobol)"
        columns = ("first", "total", "total_low", "total_high")
        console.print(_table(title, "factor", columns, result["sensitivity"]))


def _table(title: str, head: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from ccgcii.reporting.texts import safe

    table = Table(title=safe(title), title_justify="left", box=SIMPLE_HEAD)
    table.add_column(head.replace("_", " "))
    for name in columns:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(safe(row[head]), *(_cell(name, row[name]) for name in columns))
    return table


def _cell(name: str, value: object) -> str:
    from ccgcii.reporting.texts import safe

    if value is None:
        return "–"
    if not isinstance(value, float):
        return safe(value)
    return f"{value:,g}" if name in RANKS else f"{value:,.2f}"
