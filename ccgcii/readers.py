"""Readers: bulk sources that turn a file into records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

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

    @property
    def name(self) -> str:
        """The format's name, also that of its source in the store."""
        ...

    def matches(self, head: FileHead) -> float:
        """Say how surely this file is of this format."""
        ...

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every row, good or bad, never raising for a single row."""
        ...


@runtime_checkable
class ExplainingReader(Reader, Protocol):
    """A reader that says how it understands a file, before it reads it.

    A reader that is a frozen dataclass has its fields as options: `mapping` (a path), `channel`,
    `timezone`, `date_format` and `watch` (called with the bytes read) are set from the command
    line where they are there.
    """

    def explain(self, path: Path) -> str:
        """Say in one line what was made of the file's columns."""
        ...


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What a user wants to know of a format: whose it is, how it is known, what it gives.

    `detected_by` are columns in words, `gives` fields of a record, `notes` what to beware of.
    """

    title: str
    detected_by: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    notes: str = ""


@runtime_checkable
class DescribedReader(Reader, Protocol):
    """A reader that tells about its format, for `ccgcii import --formats`."""

    def facts(self) -> FormatFacts:
        """Tell whose format it is, how it is known and what it gives."""
        ...
