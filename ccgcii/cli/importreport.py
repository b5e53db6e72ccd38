"""What an import prints: a row a file, or a row for all files of a folder where there are many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from ccgcii.importing.summaries import FileSummary, ImportSummary

# Files that have a row of their own; of more, those without trouble share one.
FEW = 30


def print_files(console: Console, files: Sequence[FileSummary]) -> None:
    """Print a table of files."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("format")
    for name in ("rows", "new", "known", "refused", "undated", "seconds"):
        table.add_column(name, justify="right")
    for group in _groups(files):
        table.add_row(*_cells(group))
    console.print(table)


def tell(console: Console, summary: ImportSummary) -> None:
    """Print what there is to say of files; what is said of many is said once."""
    said: dict[str, list[str]] = {}
    for file in summary.files:
        for note in file.notes:
            said.setdefault(note, []).append(Path(file.path).name)
    for note, names in said.items():
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        console.print(f"{names[0]}{more}: {note}", markup=False, soft_wrap=True)
    for file in summary.files:
        name = Path(file.path).name
        for line, reason in file.first_refused:
            console.print(f"{name}: line {line}: {reason}", markup=False, soft_wrap=True)
        if file.refused > len(file.first_refused):
            more = f"{file.refused - len(file.first_refused):,} more refused"
            console.print(f"{name}: {more}; all are kept in rejected_row", markup=False)
        if file.error:
            console.print(f"error: {file.error}", markup=False, style="red", soft_wrap=True)
    for problem in summary.problems:
        console.print(problem, markup=False, soft_wrap=True)
    if summary.interrupted:
        console.print(
            f"stopped; {counted(summary.new, 'new record', 'are')} kept. Run the same command "
            "to go on: what is known is passed over"
        )


def _groups(files: Sequence[FileSummary]) -> Iterable[list[FileSummary]]:
    """Return files one by one; of many, those of one folder and format that went well together."""
    groups: dict[object, list[FileSummary]] = {}
    for number, file in enumerate(files):
        alone = len(files) <= FEW or file.error or file.refused
        folder = str(Path(file.path).parent)
        key: object = number if alone else (folder, file.format, file.layout)
        groups.setdefault(key, []).append(file)
    return groups.values()


def _cells(group: Sequence[FileSummary]) -> list[str]:
    from rich.markup import escape

    first = group[0]
    form = f"{first.format} ({first.layout})" if first.format else "not read"
    path = Path(first.path)
    name = path.name if len(group) == 1 else f"{len(group):,} files of {path.parent.name or '.'}"
    numbers = [
        sum(getattr(file, count) for file in group)
        for count in ("rows", "new", "known", "refused", "undated")
    ]
    seconds = sum(file.seconds for file in group)
    return [escape(name), escape(form), *(f"{number:,}" for number in numbers), f"{seconds:.1f}"]
