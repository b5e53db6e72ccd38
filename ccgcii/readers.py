"""Readers: bulk sources that turn a file into records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ccgcii.documents import Record


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read: its line, why, and what stood there (shortened)."""

    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a reader sees when it is asked whether a file is its own.

    `columns` are the header's names or the first object's keys, `sample` the first object or row.
    """

    path: Path
    suffix: str
    encoding: str
    columns: tuple[str, ...] = ()
    sample: Mapping[str, object] = field(default_factory=dict)


@runtime_checkable
class Reader(Protocol):
    """A file format of which each row is a piece.

    `matches` returns 0.0 (not mine) to 1.0 (surely mine); the surest reader wins.
    """

    name: ClassVar[str]

    def matches(self, head: FileHead) -> float:
        """Say how surely this file is of this format."""
        ...

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every row, good or bad, never raising for a single row."""
        ...


@runtime_checkable
class ExplainingReader(Reader, Protocol):
    """A reader that says how it understands a file, before it reads it.

    A reader that is a frozen dataclass has its fields as options: `mapping` (a path), `channel`
    and `watch` (called with the bytes read) are set from the command line where they are there.
    """

    def explain(self, path: Path) -> str:
        """Say in one line what was made of the file's columns."""
        ...
