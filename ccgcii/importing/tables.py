"""Files of records as tables: CSV, JSON Lines, Parquet and Excel behind one face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccgcii.errors import ImportFileError
from ccgcii.importing.decoding import decode_sample, guess_encoding
from ccgcii.importing.delimited import Layout, find_layout, read_records
from ccgcii.importing.files import SAMPLE_BYTES, ZIP_MAGIC, plain_suffix, read_sample
from ccgcii.importing.jsontables import JSON_LINES, open_json
from ccgcii.importing.rows import Row, Table, read_lines
from ccgcii.readers import BadRow, FileHead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ccgcii.importing.files import Watch

PARQUET_MAGIC = b"PAR1"
__all__ = ["DelimitedTable", "Row", "Table", "head_of", "open_table"]

DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


def open_table(path: Path) -> Table:
    """Open a file of records, finding out by itself how it is written.

    Raises `ImportFileError` naming the file where it is missing, empty, binary or of a shape that
    has no rows.
    """
    sample = read_sample(path)
    if sample.startswith(PARQUET_MAGIC):
        from ccgcii.importing.parquet import open_parquet  # noqa: PLC0415 - pyarrow takes 0.2 s

        return open_parquet(path)
    if sample.startswith(ZIP_MAGIC):
        from ccgcii.importing.excel import open_excel  # noqa: PLC0415 - as above, openpyxl

        return open_excel(path)
    encoding = guess_encoding(sample)
    if encoding is None:
        raise ImportFileError(f"{path}: no text (CSV, JSON Lines), Parquet or Excel")
    text = decode_sample(sample, encoding)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if not start:
        raise ImportFileError(f"{path}: the file is empty")
    if start == "<":
        raise ImportFileError(f"{path}: HTML or XML, not a table; `ccgcii inspect` reads a page")
    suffix = plain_suffix(path)
    if start == "{" or suffix in JSON_LINES or (start == "[" and suffix == ".json"):
        return open_json(path, encoding, text)
    layout = find_layout(text, complete=len(sample) < SAMPLE_BYTES)
    return DelimitedTable(path, encoding, layout)


def head_of(table: Table) -> FileHead:
    """Return what readers see of a file when they are asked whether it is theirs."""
    suffix = plain_suffix(table.path)
    return FileHead(table.path, suffix, table.encoding, table.columns, table.sample)


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """CSV and its kin."""

    path: Path
    encoding: str
    shape: Layout

    @property
    def columns(self) -> tuple[str, ...]:
        """The header's names."""
        return self.shape.columns

    @property
    def is_rigid(self) -> bool:
        """Every row has the header's columns."""
        return True

    @property
    def sample(self) -> Mapping[str, Any]:
        """The first good row."""
        return next((row.values for row in self.rows() if isinstance(row, Row)), {})

    @property
    def layout(self) -> str:
        """The encoding and the delimiter, in words."""
        return f"CSV, {self.encoding}, {DELIMITER_NAMES[self.shape.delimiter]}"

    def has(self, column: str) -> bool:
        """Say whether the header names a column."""
        return column in self.shape.columns

    def rows(self, watch: Watch | None = None) -> Iterator[Row | BadRow]:
        """Yield every record after the header."""
        columns = self.shape.columns
        for found in read_records(read_lines(self.path, self.encoding, watch), self.shape):
            if isinstance(found, BadRow):
                yield found
            else:
                line, cells = found
                yield Row(line, dict(zip(columns, cells, strict=True)))
