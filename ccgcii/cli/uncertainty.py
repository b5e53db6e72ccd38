"""`ccgcii uncertainty`: how sure the ranks are, in three layers, and what moves them."""

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
OF_A_TABLE = "a --matrix has no documents"
QUICK = "--quick reads no documents"


@click.command()
@click.option("--draws", default=2000, show_default=True, type=click.IntRange(min=2))
@click.option(
    "--samples", default=200, show_default=True, type=click.IntRange(min=2), help="Of documents."
)
@click.option("--seed", default=2020, show_default=True, type=click.IntRange(min=0))
@click.option("--recipe", help="A shipped recipe or a TOML file (default: the score's).")
@click.option(
    "--sensitivity",
    "base",
    default=0,
    type=click.IntRange(min=0),
    help="Also Sobol's indices, from this many base points (a power of two, as 256).",
)
@click.option("--quick", is_flag=True, help="Read no documents: the method and experts only.")
@click.option(
    "--every-source", is_flag=True, help="Leave each source out, also those that do well."
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
    samples: int,
    seed: int,
    recipe: str | None,
    base: int,
    quick: bool,
    every_source: bool,
    matrix: Path | None,
    tree: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Say how sure the ranks of the newest score are, and what moves them.

    Three layers, kept apart: other documents might have come in (sampling), other methods might
    have been chosen (method), other experts might have been asked (experts).
    """
    with invocation.errors.status("rebuilding the index"):
        if matrix or tree:
            if not (matrix and tree):
                raise ConfigError("--matrix and --tree belong together: give both files")
            result = _of_table(invocation, matrix, tree, recipe, (draws, seed, base))
        else:
            result = _of_study(
                invocation, recipe, (draws, seed, base), 0 if quick else samples, every=every_source
            )
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from ccgcii.reporting.uncertainties import uncertainty_parts

    for part in uncertainty_parts(result, None if everything else TOP):
        invocation.console.print(part)
    more = len(result["units"]) - TOP
    if not everything and more > 0:
        invocation.errors.print(f"{more} more: --all prints them", style="dim")


def _of_table(
    invocation: Invocation,
    matrix: Path,
    tree: Path,
    recipe: str | None,
    numbers: tuple[int, int, int],
) -> dict[str, Any]:
    from ccgcii.plugins import Plugins
    from ccgcii.scoring import Recipe, read_matrix, read_tree
    from ccgcii.scoring.uncertainty import Experiment

    methods = Plugins.load(invocation.disabled, invocation.files).methods()
    chosen = Recipe.load(recipe or "ccgcii-2020")
    framework = read_tree(tree)
    table = read_matrix(matrix, tree=framework)
    experiment = Experiment.of(table, framework, chosen, methods=methods, seed=numbers[1])
    return _method(experiment, {}, *numbers) | _nothing(OF_A_TABLE)


def _of_study(
    invocation: Invocation,
    recipe: str | None,
    numbers: tuple[int, int, int],
    samples: int,
    *,
    every: bool,
) -> dict[str, Any]:
    from ccgcii.reporting.corpora import corpus_of
    from ccgcii.reporting.matrices import read_matrix, read_tree
    from ccgcii.reporting.runs import latest_score
    from ccgcii.reporting.stored import read_opinions, read_recipe
    from ccgcii.reporting.uncertainties import experts_layer, sampling_layer, without_documents
    from ccgcii.scoring import Recipe, score
    from ccgcii.scoring.uncertainty import Experiment

    seed = numbers[1]
    with invocation.workspace() as workspace:
        with workspace.engine.connect() as store:
            run = latest_score(store)
            matrix, opinions = read_matrix(store, run), read_opinions(store, run)
        chosen = Recipe.load(recipe) if recipe else read_recipe(run)
        methods = workspace.plugins.methods()
        ranking = score(matrix, read_tree(run), chosen, methods=methods)
        channels = {thing.id: thing.channels for thing in workspace.plugins.indicators()}
        experiment = Experiment.of(
            matrix, ranking.tree, chosen, channels=channels, methods=methods, seed=seed
        )
        result = _method(experiment, channels, *numbers) | _nothing(QUICK)
        result["experts"] = experts_layer(ranking, opinions, methods, seed)
        if samples:
            corpus = corpus_of(workspace.engine, workspace.study, run)
            result["sampling"] = sampling_layer(workspace, corpus, ranking, samples, seed)
            result |= without_documents(workspace, corpus, ranking, every=every)
    return result


def _nothing(reason: str) -> dict[str, Any]:
    missing = {"reason": reason, "draws": 0, "units": []}
    return {"sampling": missing, "experts": missing, "without_source": [], "sources": reason}


def _method(
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
