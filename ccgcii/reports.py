"""Report writers: they read results, they never compute them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# A cell that begins with one of these is run as a formula by spreadsheets; those of East Asia take
# the wide signs as well.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def no_formula(cell: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula; what is no text as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


@runtime_checkable
class ReportWriter(Protocol):
    """A file format for results (`ccgcii report --write NAME`)."""

    name: ClassVar[str]
    suffix: ClassVar[str]

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the results (plain data, as `ccgcii report --json` prints) to a file."""
        ...
