"""`ccgcii compare`: how far the newest ranking agrees with any other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation


@click.command()
@click.argument("ranking")
@click.option("--node", help="Compare this dimension or indicator, not the index.")
@click.option("--skip-unknown", is_flag=True, help="Leave out cities the study does not have.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every city in it.")
@click.pass_obj
def command(
    invocation: Invocation, *, ranking: str, node: str | None, skip_unknown: bool, as_json: bool
) -> None:
    """Compare the newest score with RANKING: a CSV file (city, rank or score) or published-2020."""
    from ccgcii.errors import ScoreError
    from ccgcii.findings.comparisons import compare_rankings
    from ccgcii.reporting.comparisons import comparison_tables, read_other_ranking
    from ccgcii.reporting.rankings import read_ranks

    with invocation.workspace() as workspace:
        cities = workspace.study.cities
        theirs, notes = read_other_ranking(
            ranking, cities, node or "index", skip_unknown=skip_unknown
        )
        with workspace.engine.connect() as store:
            ours = read_ranks(store, node)
    if ours is None:
        raise ScoreError("nothing to compare: no score yet in this store; run `ccgcii score`")
    found = compare_rankings(ours, theirs)
    if as_json:
        about = {"ranking": ranking, "node": node or "index", "notes": notes}
        click.echo(json.dumps(about | found, indent=2, ensure_ascii=False, allow_nan=False))
        return
    labels = {city.key: f"{city.label} {city.name_zh}" for city in cities}
    for part in comparison_tables(found, f"Our {node or 'index'} and {ranking}", labels):
        invocation.console.print(part)
    for note in notes:
        invocation.errors.print(note, markup=False)
