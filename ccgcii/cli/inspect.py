"""`ccgcii inspect`: what each cleaning step makes of one page or text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ccgcii.cleaning.reviewing.inspecting import Inspection, Inspector
    from ccgcii.cli.invocation import Invocation


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--url", default="", help="Where the page is from; tells outlet and date.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--ndjson", is_flag=True, help="Read and write one JSON object a line, in order.")
@click.pass_obj
def command(
    invocation: Invocation,
    file: Path,
    url: str,
    as_json: bool,  # noqa: FBT001 - click passes options by position
    ndjson: bool,  # noqa: FBT001
) -> None:
    """Show what each cleaning step makes of FILE (a page or a text, - for standard input).

    Shown are the facts with the rule behind each, cities and what is said of them, names that were
    passed over, the words behind each topic, and every filter that would drop the piece. Every step
    runs, also where a layer would have dropped the piece. Nothing is stored. Where a ccgcii.toml is
    near, its window, cities and filters apply; else any date will do.
    """
    from ccgcii.cleaning.reviewing.inspecting import Inspector
    from ccgcii.config import find_config

    windowed = invocation.config is not None or find_config() is not None
    with invocation.workspace_or_default() as workspace:
        inspector = Inspector.of(workspace, windowed=windowed)
    if ndjson:
        failed = 0
        for number, line in enumerate(_lines(file), 1):
            failed += not _inspect_line(inspector, invocation.errors, number, line)
        sys.exit(1 if failed else 0)
    inspection = inspector.inspect_bytes(_read(file), url, file.name)
    _warn(invocation.errors, inspection)
    if as_json:
        click.echo(json.dumps(inspector.to_json(inspection), ensure_ascii=False, indent=2))
    else:
        from ccgcii.cli.inspectview import show

        show(invocation.console, inspector, inspection)


def _inspect_line(inspector: Inspector, errors: Console, number: int, line: str) -> bool:
    from ccgcii.cleaning.reviewing.inspecting import row_of
    from ccgcii.errors import CleaningError

    if not line.strip():
        return True
    row: dict[str, Any] = {}
    try:
        row = row_of(line)
        inspection = inspector.inspect_row(row)
        _warn(errors, inspection)
        answer = {"id": row.get("id")} | inspector.to_json(inspection)
    except CleaningError as error:
        # One line out for one line in: whoever reads both files side by side stays in step.
        errors.print(f"line {number}: {error}", markup=False, style="red")
        answer = {"id": row.get("id"), "error": f"line {number}: {error}"}
    # JSON may hold halves of characters, which UTF-8 has no bytes for.
    said = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    click.echo(said.decode("utf-8"))
    return "error" not in answer


def _warn(errors: Console, inspection: Inspection) -> None:
    for name, reason in inspection.problems:
        errors.print(f"filter {name!r} failed and was passed over: {reason}", markup=False)


def _read(file: Path) -> bytes:
    from ccgcii.errors import CleaningError

    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise CleaningError(f"{file}: cannot be read ({error.strerror})") from None


def _lines(file: Path) -> Iterator[str]:
    from ccgcii.errors import CleaningError

    if str(file) == "-":
        yield from (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        return
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            yield from stream
    except OSError as error:
        raise CleaningError(f"{file}: cannot be read ({error.strerror})") from None
