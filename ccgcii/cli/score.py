"""`ccgcii score`: measure, weigh and rank the cities of the store, or the units of any table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgcii.cli.days import DAY
from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccgcii.cli.invocation import Invocation
    from ccgcii.measuring.study import StudyScore
    from ccgcii.scoring import Note, Ranking, Recipe
    from ccgcii.scoring.adjustments import Adjusted
    from ccgcii.scoring.opinions import Opinion
    from ccgcii.workspace import Workspace

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TOP = 10


@click.command()
@click.option("--since", type=DAY, help="First day to measure (default: the study's).")
@click.option("--until", type=DAY, help="Last day to measure, included.")
@click.option("--recipe", help="A shipped recipe or a TOML file (default: [score] recipe).")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change one entry.")
@click.option("--without-topic", multiple=True, metavar="TOPIC", help="Leave a topic out.")
@click.option(
    "--without-event", multiple=True, metavar="EVENT", help="Leave an event out, or a category."
)
@click.option("--adjust", type=FILE, help="Experts' opinions (CSV), applied last and shown beside.")
@click.option("--matrix", type=FILE, help="Score this table instead of the store.")
@click.option("--tree", type=FILE, help="The tree of --matrix: id, parent, direction, weight.")
@click.option("--all", "everything", is_flag=True, help="Print every city, not the first ten.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    since: date | None,
    until: date | None,
    recipe: str | None,
    changes: tuple[str, ...],
    without_topic: tuple[str, ...],
    without_event: tuple[str, ...],
    adjust: Path | None,
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
        if since or until or without_topic or without_event:
            raise ConfigError(
                "--since, --until and --without-... choose documents; a --matrix has none"
            )
        ranking, adjusted = _score_table(invocation, (matrix, tree), recipe, overrides, adjust)
        _say_notes(invocation, ranking.notes)
    else:
        arguments = {
            "since": since,
            "until": until,
            "without_topics": without_topic,
            "without_events": without_event,
        }
        with invocation.workspace() as workspace:
            chosen = _recipe(recipe or workspace.settings.score.recipe, overrides)
            scored = _score_study(invocation, workspace, arguments, chosen, adjust)
        ranking, adjusted = scored.ranking, scored.adjusted
    if as_json:
        found = ranking.to_dict() | {"adjusted": adjusted and adjusted.to_dict()}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(invocation, ranking, adjusted, None if everything else TOP)


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
    invocation: Invocation,
    files: tuple[Path, Path],
    recipe: str | None,
    overrides: dict[str, str],
    opinions: Path | None,
) -> tuple[Ranking, Adjusted | None]:
    from ccgcii.plugins import Plugins
    from ccgcii.scoring import read_matrix, read_tree, score
    from ccgcii.scoring.adjustments import adjust
    from ccgcii.scoring.opinions import read_opinions

    methods = Plugins.load(invocation.disabled, invocation.files).methods()
    chosen = _recipe(recipe or "ccgcii-2020", overrides)
    matrix, tree = files
    framework = read_tree(tree)
    table = read_matrix(matrix, tree=framework)
    ranking = score(table, framework, chosen, methods=methods)
    if opinions is None:
        return ranking, None
    return ranking, adjust(ranking, read_opinions(opinions), methods=methods)


def _score_study(
    invocation: Invocation,
    workspace: Workspace,
    asked: Mapping[str, Any],
    recipe: Recipe,
    adjust: Path | None,
) -> StudyScore:
    from ccgcii.measuring.loading import make_window

    opinions = () if adjust is None else _read_opinions(workspace, adjust)
    days = make_window(workspace.study, asked["since"], asked["until"])
    arguments = {**asked, "since": days.since, "until": days.until, "recipe": recipe.name}
    run = workspace.start_run("score", arguments)
    try:
        scored = _measure(invocation, workspace, run, arguments, recipe=recipe, opinions=opinions)
    except BaseException:
        workspace.finish_run(run, "failed")
        raise
    for problem in workspace.finish_run(run, "done", scored.summary()):
        invocation.errors.print(problem, markup=False)
    _say_notes(invocation, scored.notes)
    return scored


def _read_opinions(workspace: Workspace, path: Path) -> tuple[Opinion, ...]:
    """Read experts' opinions; a document that one names must be in the store."""
    from ccgcii.errors import ScoreError
    from ccgcii.reporting.explanations import missing_documents
    from ccgcii.scoring.opinions import read_opinions

    opinions = read_opinions(path)
    for opinion in opinions:
        numbers = [int(piece) for piece in opinion.evidence if piece.isdecimal()]
        with workspace.engine.connect() as store:
            gone = missing_documents(store, numbers)
        if gone:
            raise ScoreError(
                f"{opinion.where}: the store has no document {gone[0]}; "
                "`ccgcii explain CITY INDICATOR --json` shows their numbers"
            )
    return opinions


def _measure(
    invocation: Invocation,
    workspace: Workspace,
    run: int,
    arguments: Mapping[str, Any],
    *,
    recipe: Recipe,
    opinions: Sequence[Opinion],
) -> StudyScore:
    from ccgcii.accounts import link_accounts
    from ccgcii.measuring.loading import open_corpus
    from ccgcii.measuring.study import save_score, score_corpus
    from ccgcii.reporting.corpora import left_out_of

    plugins = workspace.plugins
    secret = workspace.settings.secrets.get("account_key")
    link_accounts(workspace.engine, workspace.accounts, secret.get_secret_value() if secret else "")
    with invocation.errors.status("reading documents") as status:
        days = {name: arguments[name] for name in ("since", "until")}
        left_out = left_out_of(arguments)
        corpus = open_corpus(workspace.engine, workspace.study, **days, left_out=left_out)
        status.update("measuring and scoring")
        methods = plugins.methods()
        scored = score_corpus(corpus, plugins.indicators(), recipe, methods, opinions)
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


def _print(
    invocation: Invocation, ranking: Ranking, adjusted: Adjusted | None, top: int | None
) -> None:
    from ccgcii.reporting.scores import score_parts

    for part in score_parts(ranking, adjusted, top):
        invocation.console.print(part)
    if top is not None and len(ranking.nodes) > top:
        invocation.errors.print(f"{len(ranking.nodes) - top} more: --all prints them", style="dim")
