"""Report writers: they read results, they never compute them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# A cell that begins with one of these is run as a formula by spreadsheets; those of East Asia take
# the wide signs as well.
SIGNS = "=+@＝＋－＠-"
BLANKS = ("\t", "\r", "\n")
# Where spreadsheets separate by semicolons or tabs, a cell of ours may be cut and go on as another.
CUT = re.compile(rf"(?<=[;\t\r\n])(?=[{SIGNS}])")


def no_formula(cell: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula, nor part of it; else what it is."""
    if not isinstance(cell, str):
        return cell
    whole = CUT.sub("'", cell)
    return f"'{whole}" if whole.startswith((*SIGNS, *BLANKS)) else whole


@runtime_checkable
class ReportWriter(Protocol):
    """A file format for results (`ccgcii report --write NAME`)."""

    name: ClassVar[str]
    suffix: ClassVar[str]

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the results (plain data, as `ccgcii report --json` prints) to a file."""
        ...
