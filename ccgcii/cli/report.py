"""`ccgcii report`: the ranking, the funnel and the coverage of the newest score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ccgcii.cli.invocation import Invocation


@click.command()
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1), help="Cities.")
@click.option("--points", is_flag=True, help="Show scores x 1000, as the published report does.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every city in it.")
@click.option(
    "--write",
    "writes",
    type=(str, click.Path(path_type=Path)),
    multiple=True,
    metavar="NAME PATH",
    help="Write everything with a report writer (csv, html, json, xlsx).",
)
@click.option("--findings", is_flag=True, help="Add the findings (reads all documents).")
@click.pass_obj
def command(
    invocation: Invocation,
    *,
    top: int,
    points: bool,
    as_json: bool,
    writes: tuple[tuple[str, Path], ...],
    findings: bool,
) -> None:
    """Show the ranking with its dimensions, the funnel, and the coverage by channel."""
    from ccgcii.reporting.results import read_results

    with invocation.workspace() as workspace:
        writers = workspace.plugins.reports()
        results = read_results(workspace.engine, workspace.study, findings=findings)
    for name, path in writes:
        _write(writers, name, path, results)
        invocation.errors.print(f"written: {path}", markup=False)
    if as_json:
        click.echo(json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False))
    elif not writes:
        _print(invocation, results, top=top, points=points)


def _write(writers: dict[str, Any], name: str, path: Path, results: dict[str, Any]) -> None:
    from ccgcii.durable import written_whole
    from ccgcii.errors import ConfigError, suggest

    if name not in writers:
        raise ConfigError(f"no report writer {name!r}{suggest(name, writers)}")
    try:
        with written_whole(path) as beside:
            writers[name].write(results, beside)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error


def _beside(results: dict[str, Any], top: int) -> Iterator[RenderableType]:
    from ccgcii.reporting.profiles import profile_parts
    from ccgcii.reporting.rankings import tied_line
    from ccgcii.reporting.scores import agreement_line

    if line := tied_line(results["ranking"]):
        yield line
    if results["adjustments"] is not None:
        yield agreement_line(results["adjustments"])
    labels = {row["city"]: f"{row['label']} {row['name_zh']}" for row in results["ranking"]}
    yield from profile_parts(results["profiles"], labels, top)


def _print(invocation: Invocation, results: dict[str, Any], *, top: int, points: bool) -> None:
    from ccgcii.reporting.coverage import coverage_table
    from ccgcii.reporting.findings import findings_tables
    from ccgcii.reporting.funnels import funnel_table
    from ccgcii.reporting.rankings import ranking_table

    run, console = results["run"], invocation.console
    if run is None:
        invocation.errors.print("no score yet: run `ccgcii score`", style="yellow")
    else:
        title = f"{run['since']} to {run['until']}, recipe {run['recipe']}"
        if run["without"]:
            title += f", without {', '.join(run['without'])}"
        console.print(ranking_table(results["ranking"], title, top=top, points=points))
        for part in _beside(results, top):
            console.print(part)
    console.print(funnel_table(results["funnel"]))
    console.print(coverage_table(results["coverage"]))
    for sentence in results["terms"]:
        console.print(sentence, style="yellow", markup=False)
    if "findings" in results:
        labels = {row["city"]: f"{row['label']} {row['name_zh']}" for row in results["ranking"]}
        for part in findings_tables(results["findings"], labels, top):
            console.print(part)
