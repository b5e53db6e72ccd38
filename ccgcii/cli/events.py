"""`ccgcii events`: the events of the study with what was said of them, or proposals of new ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.cli.invocation import Invocation
    from ccgcii.corpus import Corpus
    from ccgcii.findings.words import Piece
    from ccgcii.measuring.raw import Window
    from ccgcii.workspace import Workspace


@click.command()
@click.option("--detect", is_flag=True, help="Propose events from bursts in the data.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1), help="Proposals.")
@click.option("--all", "everything", is_flag=True, help="Also those no document speaks of.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    invocation: Invocation, *, detect: bool, top: int, everything: bool, as_json: bool
) -> None:
    """List the events with their documents and cities, or propose new ones from the data."""
    from ccgcii.cleaning.staleness import events_changed
    from ccgcii.measuring.loading import make_window, open_corpus
    from ccgcii.reporting.events import list_events, proposals_table

    with invocation.workspace() as workspace, invocation.errors.status("reading documents"):
        stale = events_changed(workspace.engine, workspace.events)
        corpus = open_corpus(workspace.engine, workspace.study)
        if detect:
            rows = _detect(workspace, corpus, make_window(workspace.study, None, None))[:top]
        else:
            rows = list_events(corpus, workspace.events)
        labels = {city.key: city.label for city in workspace.study.cities}
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False))
    elif detect:
        invocation.console.print(proposals_table(rows, labels))
    else:
        _print_list(invocation, rows, labels, everything=everything)
    if stale:
        invocation.errors.print(
            "the list of events has changed since documents were searched for them: "
            "`ccgcii clean --from 5` does it again",
            style="yellow",
        )


def _print_list(
    invocation: Invocation, rows: list[dict[str, Any]], labels: dict[str, str], *, everything: bool
) -> None:
    from ccgcii.reporting.events import events_table

    inside = [row for row in rows if row["in_window"]]
    shown = inside if everything else [row for row in inside if row["documents"]]
    invocation.console.print(events_table(shown, labels))
    if len(inside) > len(shown):
        said = f"{len(inside) - len(shown)} more that no document speaks of: --all lists them"
        invocation.errors.print(said, style="dim")


def _detect(workspace: Workspace, corpus: Corpus, window: Window) -> list[dict[str, Any]]:
    from ccgcii.findings.proposals import propose_events
    from ccgcii.reporting.events import city_words, read_pieces, with_documents

    with workspace.engine.connect() as store:

        def pieces() -> Iterator[Piece]:
            return read_pieces(store, window.since, window.until)

        proposals = propose_events(corpus, pieces, city_words(workspace.study.cities))
        return with_documents(store, proposals, window.since)
