"""`ccgcii score`: measure, weigh and rank the cities of the store, or the units of any table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ccgcii.cli.invocation import Invocation
    from ccgcii.measuring.study import StudyScore
    from ccgcii.scoring import Note, Ranking, Recipe
    from ccgcii.workspace import Workspace

DAY = click.DateTime(formats=["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TOP = 10


@click.command()
@click.option("--since", type=DAY, help="First day to measure (default: the study's).")
@click.option("--until", type=DAY, help="Last day to measure, included.")
@click.option("--recipe", help="A shipped recipe or a TOML file (default: [score] recipe).")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change one entry.")
@click.option("--matrix", type=FILE, help="Score this table instead of the store.")
@click.option("--tree", type=FILE, help="The tree of --matrix: id, parent, direction, weight.")
@click.option("--all", "everything", is_flag=True, help="Print every city, not the first ten.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    since: datetime | None,
    until: datetime | None,
    recipe: str | None,
    changes: tuple[str, ...],
    matrix: Path | None,
    tree: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Score the study by a recipe and keep the result; or any --matrix with its --tree."""
    overrides = dict(_entry(change) for change in changes)
    if matrix or tree:
        if not (matrix and tree):
            raise ConfigError("--matrix and --tree belong together: give both files")
        if since or until:
            raise ConfigError("--since and --until choose documents; a --matrix has none")
        ranking = _score_table(invocation, matrix, tree, recipe, overrides)
        _say_notes(invocation, ranking.notes)
    else:
        with invocation.workspace() as workspace:
            window = (since and since.date(), until and until.date())
            ranking = _score_study(invocation, workspace, window, recipe, overrides)
    if as_json:
        click.echo(json.dumps(ranking.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print_table(invocation, ranking, None if everything else TOP)


def _entry(change: str) -> tuple[str, str]:
    key, separator, value = change.partition("=")
    if not separator or not key:
        raise ConfigError(f"--set {change}: write it as KEY=VALUE, as in normalisation=none")
    return key, value


def _recipe(name: str, overrides: dict[str, str]) -> Recipe:
    from ccgcii.scoring import Recipe

    recipe = Recipe.load(name)
    return recipe.with_overrides(overrides) if overrides else recipe


def _score_table(
    invocation: Invocation, matrix: Path, tree: Path, recipe: str | None, overrides: dict[str, str]
) -> Ranking:
    from ccgcii.plugins import Plugins
    from ccgcii.scoring import read_matrix, read_tree, score

    methods = Plugins.load(invocation.disabled, invocation.files).methods()
    chosen = _recipe(recipe or "ccgcii-2020", overrides)
    return score(read_matrix(matrix), read_tree(tree), chosen, methods=methods)


def _score_study(
    invocation: Invocation,
    workspace: Workspace,
    window: tuple[date | None, date | None],
    recipe: str | None,
    overrides: dict[str, str],
) -> Ranking:
    from ccgcii.measuring.loading import make_window

    chosen = _recipe(recipe or workspace.settings.score.recipe, overrides)
    days = make_window(workspace.study, *window)
    arguments = {"since": days.since, "until": days.until, "recipe": chosen.name}
    run = workspace.start_run("score", arguments)
    try:
        scored = _measure(invocation, workspace, run, (days.since, days.until), chosen)
    except BaseException:
        workspace.finish_run(run, "failed")
        raise
    for problem in workspace.finish_run(run, "done", scored.summary()):
        invocation.errors.print(problem, markup=False)
    _say_notes(invocation, scored.notes)
    return scored.ranking


def _measure(
    invocation: Invocation,
    workspace: Workspace,
    run: int,
    window: tuple[date, date],
    recipe: Recipe,
) -> StudyScore:
    from ccgcii.accounts import link_accounts
    from ccgcii.measuring.loading import open_corpus
    from ccgcii.measuring.study import save_score, score_corpus

    plugins = workspace.plugins
    secret = workspace.settings.secrets.get("account_key")
    link_accounts(workspace.engine, workspace.accounts, secret.get_secret_value() if secret else "")
    with invocation.errors.status("reading documents") as status:
        since, until = window
        corpus = open_corpus(workspace.engine, workspace.study, since=since, until=until)
        status.update("measuring and scoring")
        scored = score_corpus(corpus, plugins.indicators(), recipe, plugins.methods())
        save_score(workspace.engine, run, workspace.study, scored)
        _say_notes(invocation, corpus.keep())
    return scored


def _say_notes(invocation: Invocation, notes: Iterable[Note]) -> None:
    """Print notes to stderr, one line for all that say the same."""
    places: dict[tuple[bool, str], list[str]] = {}
    for note in notes:
        places.setdefault((note.warning, note.text), []).append(note.where)
    for (warning, text), where in places.items():
        style = "yellow" if warning else "dim"
        invocation.errors.print(f"{', '.join(where)}: {text}", style=style, markup=False)


def _print_table(invocation: Invocation, ranking: Ranking, top: int | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from ccgcii.reporting.texts import number, safe

    root, nodes = ranking.tree.root, ranking.tree
    columns = nodes.children(root)
    table = Table(
        title=safe(f"Recipe {ranking.recipe.name}"), title_justify="left", box=SIMPLE_HEAD
    )
    table.add_column("rank", justify="right")
    table.add_column("unit")
    for name in (root, *columns):
        table.add_column(safe(name), justify="right")
    units: list[dict[str, Any]] = ranking.to_dict()["units"]
    for unit in units[:top]:
        rank = "–" if unit["rank"] is None else str(unit["rank"])
        scores = [number(unit["nodes"][name]) for name in (root, *columns)]
        table.add_row(rank, safe(unit["unit"]), *scores)
    invocation.console.print(table)
    if top is not None and len(units) > top:
        invocation.errors.print(f"{len(units) - top} more: --all prints them", style="dim")
