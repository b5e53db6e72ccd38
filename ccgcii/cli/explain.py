"""`ccgcii explain`: from a city's score to its indicators, from an indicator to its documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.cli.invocation import Invocation
    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator
    from ccgcii.workspace import Workspace


@click.command()
@click.argument("city")
@click.argument("indicator", required=False)
@click.option(
    "--documents",
    is_flag=False,
    flag_value=100,
    default=10,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many to show; 100 without a number.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    invocation: Invocation, *, city: str, indicator: str | None, documents: int, as_json: bool
) -> None:
    """Show which indicators make a CITY's score, or the documents behind one INDICATOR."""
    with invocation.workspace() as workspace:
        known = {thing.id: thing for thing in workspace.plugins.indicators()}
        if indicator is None:
            explained = _explain_city(workspace, city, known)
        else:
            explained = _explain_indicator(workspace, city, _find(known, indicator), documents)
    if as_json:
        click.echo(json.dumps(explained, indent=2, ensure_ascii=False, allow_nan=False))
    elif indicator is None:
        _print_city(invocation, explained)
    else:
        _print_indicator(invocation, explained)


def _find(known: Mapping[str, Indicator], word: str) -> Indicator:
    from ccgcii.errors import ConfigError, suggest

    by_word = {thing.id.lower(): thing for thing in known.values()}
    by_word |= {thing.name: thing for thing in known.values()}
    if word.lower() not in by_word:
        # P99 is as near to P09 as to P90, and sixty names are no hint.
        hint = suggest(word, [thing.name for thing in known.values()])
        hint = hint if "did you mean" in hint else "; `ccgcii indicators` lists them"
        raise ConfigError(f"no indicator {word!r}{hint}")
    return by_word[word.lower()]


def _explain_city(
    workspace: Workspace, city: str, known: Mapping[str, Indicator]
) -> dict[str, Any]:
    from ccgcii.catalogues.cities import find_city
    from ccgcii.reporting.explanations import explain_city
    from ccgcii.reporting.runs import latest_score

    with workspace.engine.connect() as store:
        found = find_city(city, workspace.study.cities)
        return explain_city(store, latest_score(store), found, known)


def _explain_indicator(
    workspace: Workspace, city: str, indicator: Indicator, documents: int
) -> dict[str, Any]:
    from ccgcii.catalogues.cities import find_city
    from ccgcii.measuring.evidence import find_evidence
    from ccgcii.reporting.corpora import corpus_of
    from ccgcii.reporting.explanations import explain_indicator
    from ccgcii.reporting.runs import latest_score

    found = find_city(city, workspace.study.cities)
    with workspace.engine.connect() as store:
        run = latest_score(store)
    corpus = corpus_of(workspace.engine, workspace.study, run)
    evidence = find_evidence(corpus, indicator, found.key, documents)
    with workspace.engine.connect() as store:
        explained = explain_indicator(store, run, found, indicator, evidence.documents)
    why = None if explained["value"] is not None else _why_unknown(corpus, indicator, found.key)
    return explained | {"documents_read": evidence.total, "why_unknown": why}


def _why_unknown(corpus: Corpus, indicator: Indicator, city: str) -> str:
    from ccgcii.measuring.matrix import measure_one

    channels = list(indicator.channels)
    if not corpus.covered.loc[city, channels].any():
        where = channels[0] if len(channels) == 1 else "any of its channels"
        return f"nobody looked at {where} for this city, or too briefly"
    if city not in corpus.heard:
        return "no document names the city"
    if measure_one(corpus, indicator).isna().all():
        return "for every city here: its definition says what it needs"
    if indicator.minimum:
        return f"fewer than {indicator.minimum} documents tell"
    return "what it needs is not in the documents or the lists"


def _print_city(invocation: Invocation, explained: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from ccgcii.reporting.texts import amount, number, safe

    rank = "not ranked" if explained["rank"] is None else f"rank {explained['rank']}"
    title = f"{safe(explained['label'])} {safe(explained['name_zh'])}: "
    title += f"{number(explained['index'])}, {rank}, recipe {safe(explained['recipe'])}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in ("id", "indicator", "dimension"):
        table.add_column(name)
    for name in ("value", "normalised", "weight", "points"):
        table.add_column(name, justify="right")
    rows = explained["indicators"]
    for row in rows:
        if row["value"] is None or _is_idle(row):
            continue
        words = (safe(row[key]) for key in ("indicator", "name", "dimension"))
        numbers = (amount(row["value"]), number(row["normalised"]), number(row["weight"], 4))
        table.add_row(*words, *numbers, number(row["contribution"], 3))
    invocation.console.print(table)
    idle = [f"{row['indicator']} {amount(row['value'])}" for row in rows if _is_idle(row)]
    if idle:
        said = f"without weight in this score (`ccgcii audit` says why): {', '.join(idle)}"
        invocation.console.print(said, markup=False)
    unknown = [row["indicator"] for row in explained["indicators"] if row["value"] is None]
    if unknown:
        invocation.console.print(f"unknown for this city: {', '.join(unknown)}", markup=False)
    if not explained["additive"]:
        invocation.console.print(
            "This recipe multiplies: its index is no sum, so no points are shown.", style="dim"
        )


def _is_idle(row: Mapping[str, Any]) -> bool:
    """Say whether an indicator was measured for the city and weighs nothing."""
    return row["value"] is not None and row["weight"] == 0


def _print_indicator(invocation: Invocation, explained: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from ccgcii.reporting.texts import amount, safe

    console = invocation.console
    label = f"{safe(explained['label'])} {safe(explained['name_zh'])}"
    head = f"{safe(explained['indicator'])} {safe(explained['name'])}"
    value = f"{amount(explained['value'])} {safe(explained['unit'])}"
    if explained["value"] is None:
        value = f"unknown ({safe(explained['why_unknown'])})"
    console.print(f"[bold]{label}, {head}: {value}[/]\n{safe(explained['definition'])}")
    shown = explained["documents"]
    title = f"{counted(explained['documents_read'], 'document')} behind it, the newest {len(shown)}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("date", min_width=10)
    for name in ("from", "title", "url"):
        table.add_column(name, overflow="fold")
    for row in shown:
        cells = (row["date"], row["outlet"] or row["channel"], row["title"], row["url"])
        table.add_row(*(safe(cell) for cell in cells))
    console.print(table)
