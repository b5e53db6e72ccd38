"""Rows, and what every table of them offers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ccgcii.errors import ImportFileError
from ccgcii.importing.files import DAMAGED, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ccgcii.importing.files import Watch
    from ccgcii.readers import BadRow


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line (its number, in Parquet) and its values by column."""

    line: int
    values: Mapping[str, Any]


class Table(Protocol):
    """A file of records, opened: `layout` says in words how it is written.

    It `is_rigid` if every row has the same columns; objects of JSON may have others.
    """

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def encoding(self) -> str: ...  # noqa: D102
    @property
    def columns(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sample(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def layout(self) -> str: ...  # noqa: D102
    @property
    def is_rigid(self) -> bool: ...  # noqa: D102

    def has(self, column: str) -> bool:
        """Say whether a column, or a dotted path into nested objects, is there."""
        ...

    def rows(self, watch: Watch | None = None) -> Iterator[Row | BadRow]:
        """Yield every row, good or bad; `watch` hears of the bytes read."""
        ...


def read_lines(path: Path, encoding: str, watch: Watch | None) -> Iterator[str]:
    """Yield physical lines; what cannot be decoded becomes U+FFFD, as in a browser."""
    number = 0
    try:
        with (
            open_bytes(path, watch) as stream,
            io.TextIOWrapper(stream, encoding, errors="replace", newline="") as text,
        ):
            for number, line in enumerate(text, start=1):  # noqa: B007 - told if the file breaks
                yield line
    except DAMAGED as error:
        raise ImportFileError(
            f"{path}: the packed stream breaks after line {number} ({error}); what stands before "
            "is imported, fetch the file again for the rest"
        ) from error
