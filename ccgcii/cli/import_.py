"""`ccgcii import`: exports and archives that the user holds, into the store."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.progress import TaskID

    from ccgcii.cli.invocation import Invocation
    from ccgcii.importing.summaries import FileSummary, ImportSummary

    Progress = Callable[[Path, int, int], None]

STOPPED = 130


@click.command(name="import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", help="Read the files as this format instead of finding out.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="TOML file that says which column holds what (docs/import.md).",
)
@click.option("--channel", help="Channel of rows that do not say theirs: media, x, facebook ...")
@click.option("--source", help="Name of the source in the store (default: the format).")
@click.option("--timezone", help="Zone of moments that name none: Asia/Shanghai (default: UTC).")
@click.option("--date-format", help="How dates are written, as strptime takes it: %d/%m/%Y.")
@click.option("--formats", is_flag=True, help="List the formats and what they are known by.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.pass_obj
def command(  # noqa: PLR0917 - click passes every option
    invocation: Invocation,
    files: tuple[Path, ...],
    format: str | None,  # noqa: A002 - the word of the command
    mapping: Path | None,
    channel: str | None,
    source: str | None,
    timezone: str | None,
    date_format: str | None,
    formats: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Import FILES (CSV, JSON, JSON Lines, Parquet, also packed) and folders of them.

    A bad row is counted and kept with its line and reason, never fatal. A file imported twice
    adds nothing.
    """
    from ccgcii.importing.runs import import_files

    if formats:
        from ccgcii.cli.importformats import print_formats

        print_formats(invocation, as_json=as_json)
        return
    if not files:
        raise click.UsageError("name the FILES to import, or see --formats")
    with invocation.workspace(create=True) as workspace, _bar(invocation.errors) as progress:
        summary = import_files(
            workspace,
            files,
            format=format,
            mapping=mapping,
            channel=channel,
            source=source,
            timezone=timezone,
            date_format=date_format,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(summary.to_json(), ensure_ascii=False))
    else:
        _print(invocation.console, summary)
    _tell(invocation.errors, summary)
    if summary.interrupted or summary.failed:
        sys.exit(STOPPED if summary.interrupted else 1)


class _bar:  # noqa: N801 - used as a function: `with _bar(console) as progress`
    """A progress bar by bytes on standard error, one task a file."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._tasks: dict[Path, TaskID] = {}
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> Progress:
        self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, path: Path, done: int, total: int) -> None:
        if path not in self._tasks:
            self._tasks[path] = self._bar.add_task(path.name, total=total)
        self._bar.update(self._tasks[path], completed=done)


def _print(console: Console, summary: ImportSummary) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("format")
    for name in ("rows", "new", "known", "refused", "undated", "seconds"):
        table.add_column(name, justify="right")
    for file in summary.files:
        table.add_row(*_cells(file))
    console.print(table)


def _cells(file: FileSummary) -> list[str]:
    from rich.markup import escape

    form = f"{file.format} ({file.layout})" if file.format else "not read"
    numbers = (file.rows, file.new, file.known, file.refused, file.undated)
    name = escape(Path(file.path).name)
    return [name, escape(form), *(f"{number:,}" for number in numbers), f"{file.seconds:.1f}"]


def _tell(console: Console, summary: ImportSummary) -> None:
    for file in summary.files:
        name = Path(file.path).name
        for note in file.notes:
            console.print(f"{name}: {note}", markup=False, soft_wrap=True)
        for line, reason in file.first_refused:
            console.print(f"{name}: line {line}: {reason}", markup=False, soft_wrap=True)
        if file.refused > len(file.first_refused):
            more = file.refused - len(file.first_refused)
            console.print(f"{name}: {more:,} more refused; all are kept in rejected_row")
        if file.error:
            console.print(f"error: {file.error}", markup=False, style="red", soft_wrap=True)
    for problem in summary.problems:
        console.print(problem, markup=False, soft_wrap=True)
    if summary.interrupted:
        console.print(
            f"stopped; {summary.new:,} new records are kept. Run the same command to go on: "
            "what is known is passed over"
        )
