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
    """Import FILES (CSV, JSON, JSON Lines, also packed; Parquet, Excel) and folders.

    A bad row is counted and kept with its line and reason, never fatal. A file imported twice
    adds nothing.
    """
    from ccgcii.cli.importreport import print_files, tell
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
        print_files(invocation.console, summary.files)
    tell(invocation.errors, summary)
    if summary.interrupted or summary.failed:
        sys.exit(STOPPED if summary.interrupted else 1)


class _bar:  # noqa: N801 - used as a function: `with _bar(console) as progress`
    """A progress bar by bytes on standard error, for one file after the other."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._shown: tuple[Path, TaskID] | None = None
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            # Where there is no terminal it would leave an empty line.
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Progress:
        self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, path: Path, done: int, total: int) -> None:
        if self._shown is None or self._shown[0] != path:
            # A finished one goes: thousands of small files would fill the screen.
            if self._shown is not None:
                self._bar.remove_task(self._shown[1])
            self._shown = path, self._bar.add_task(path.name, total=total)
        self._bar.update(self._shown[1], completed=done)
