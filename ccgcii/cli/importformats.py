"""`ccgcii import --formats`: what can be imported, how it is known and what it gives."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation
    from ccgcii.readers import FormatFacts, Reader

# Every record has a channel and something to read: only what makes formats differ is listed.
TAKEN_FOR_GRANTED = {"channel", "id", "url", "text", "published_at"}


def print_formats(invocation: Invocation, *, as_json: bool) -> None:
    """Print the formats of all plugins, as a table or (with what to beware of) as JSON."""
    readers = invocation.workspace_or_default().plugins.readers()
    facts = {name: facts_of(readers[name]) for name in sorted(readers)}
    if as_json:
        listed = [{"name": name, **asdict(fact)} for name, fact in facts.items()]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        _print_table(invocation, facts)


def facts_of(reader: Reader) -> FormatFacts:
    """Return what a reader tells of its format, else the first line of its docstring."""
    from ccgcii.readers import DescribedReader, FormatFacts

    if isinstance(reader, DescribedReader):
        return reader.facts()
    return FormatFacts((type(reader).__doc__ or "").strip().partition("\n")[0])


def _print_table(invocation: Invocation, facts: dict[str, FormatFacts]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_lines=True)
    table.add_column("format", no_wrap=True)
    for column in ("reads", "known by its columns", "gives, besides text and date"):
        table.add_column(column, overflow="fold")
    for name, fact in facts.items():
        gives = ", ".join(field for field in fact.gives if field not in TAKEN_FOR_GRANTED)
        cells = (name, fact.title, "\nor ".join(fact.detected_by), gives)
        table.add_row(*(escape(cell) for cell in cells))
    invocation.console.print(table)
