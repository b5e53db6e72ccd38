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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, detect: bool, top: int, as_json: bool) -> None:
    """List the events with their documents and cities, or propose new ones from the data."""
    from ccgcii.measuring.loading import make_window, open_corpus
    from ccgcii.reporting.events import events_table, list_events, proposals_table

    with invocation.workspace() as workspace, invocation.errors.status("reading documents"):
        corpus = open_corpus(workspace.engine, workspace.study)
        if detect:
            rows = _detect(workspace, corpus, make_window(workspace.study, None, None))[:top]
        else:
            rows = list_events(corpus, workspace.events)
        labels = {city.key: city.label for city in workspace.study.cities}
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        show = proposals_table if detect else events_table
        invocation.console.print(show(rows, labels))


def _detect(workspace: Workspace, corpus: Corpus, window: Window) -> list[dict[str, Any]]:
    from ccgcii.findings.proposals import propose_events
    from ccgcii.reporting.events import city_words, read_pieces, with_documents

    with workspace.engine.connect() as store:

        def pieces() -> Iterator[Piece]:
            return read_pieces(store, window.since, window.until)

        proposals = propose_events(corpus, pieces, city_words(workspace.study.cities))
        return with_documents(store, proposals, window.since)
