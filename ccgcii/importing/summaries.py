"""What became of the files of an import."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One file: `rows` read are `new`, `known` or `refused`; `undated` records have no date.

    `known` records are in the store already, or twice in the file. `error` says why the file was
    not read, or not to its end. `first_refused` holds line and reason of a few refused rows.
    """

    path: str
    format: str = ""
    layout: str = ""
    source: str = ""
    rows: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    undated: int = 0
    seconds: float = 0.0
    error: str = ""
    notes: tuple[str, ...] = ()
    first_refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """All files of an import; `interrupted` if it was stopped before the end.

    `problems` are what plugins that listen to finished runs raised.
    """

    files: tuple[FileSummary, ...]
    interrupted: bool = False
    problems: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """How many records were not in the store before."""
        return sum(file.new for file in self.files)

    @property
    def failed(self) -> bool:
        """Whether a file could not be read."""
        return any(file.error for file in self.files)

    @property
    def state(self) -> str:
        """How the run ended: done, stopped or failed."""
        if self.interrupted:
            return "stopped"
        return "failed" if self.failed else "done"

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        totals = {name: sum(getattr(file, name) for file in self.files) for name in _COUNTED}
        return {
            "state": self.state,
            **totals,
            "files": [asdict(file) for file in self.files],
        }


_COUNTED = ("rows", "new", "known", "refused", "undated")
