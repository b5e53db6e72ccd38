"""Import the made-up example of every export format and print what was kept, refused and why.

    python examples/exports_table.py

The files are in tests/imports/examples: the documented header of each format with awkward rows
(missing values, separators, time zones, UTF-16, broken quoting, deleted posts). They go through
`import_files` into a store in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.importing.runs import import_files
from ccgcii.importing.storing import rejected_rows
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from ccgcii.importing.summaries import FileSummary

EXAMPLES = Path(__file__).parents[1] / "tests" / "imports" / "examples"
HEAD = (
    "format",
    "file",
    "written as",
    "rows in",
    "kept",
    "undated",
    "refused",
    "why (line: reason)",
)


def main() -> int:
    """Print the table; the exit code is 1 if a file could not be read."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ccgcii.toml").write_text("")
        with Workspace.open(Path(folder), create=True) as workspace:
            summary = import_files(workspace, [EXAMPLES])
            rows = [_row(workspace, file) for file in summary.files]
    for row in (HEAD, ("---",) * len(HEAD), *sorted(rows)):
        print(f"| {' | '.join(row)} |")
    for file in summary.files:
        if file.error:
            print(file.error, file=sys.stderr)
    return int(summary.failed)


def _row(workspace: Workspace, file: FileSummary) -> tuple[str, ...]:
    path = Path(file.path)
    refused = rejected_rows(workspace.engine, str(path.resolve()))
    why = "; ".join(f"{row['line']}: {row['reason']}" for row in refused)
    numbers = (file.rows, file.rows - file.refused, file.undated, file.refused)
    return (file.format, path.name, file.layout, *map(str, numbers), why.replace("|", "\\|"))


if __name__ == "__main__":
    sys.exit(main())
