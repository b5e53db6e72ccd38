"""Files of records as tables: CSV, JSON Lines and Parquet behind one face."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ccgcii.errors import ImportFileError
from ccgcii.importing.decoding import decode_sample, guess_encoding
from ccgcii.importing.delimited import Layout, find_layout, read_records
from ccgcii.importing.files import DAMAGED, SAMPLE_BYTES, open_bytes, plain_suffix, read_sample
from ccgcii.readers import BadRow, FileHead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ccgcii.importing.files import Watch

PARQUET_MAGIC = b"PAR1"
JSON_LINES = (".jsonl", ".ndjson")
DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line (its number, in Parquet) and its values by column."""

    line: int
    values: Mapping[str, Any]


class Table(Protocol):
    """A file of records, opened: `layout` says in words how it is written."""

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

    def has(self, column: str) -> bool:
        """Say whether a column, or a dotted path into nested objects, is there."""
        ...

    def rows(self, watch: Watch | None = None) -> Iterator[Row | BadRow]:
        """Yield every row, good or bad; `watch` hears of the bytes read."""
        ...


def open_table(path: Path) -> Table:
    """Open a file of records, finding out by itself how it is written.

    Raises `ImportFileError` naming the file where it is missing, empty, binary or of a shape that
    has no rows.
    """
    sample = read_sample(path)
    if sample.startswith(PARQUET_MAGIC):
        from ccgcii.importing.parquet import open_parquet  # noqa: PLC0415 - pyarrow takes 0.2 s

        return open_parquet(path)
    encoding = guess_encoding(sample)
    if encoding is None:
        raise ImportFileError(f"{path}: not a text file (CSV, JSON Lines) and not Parquet")
    text = decode_sample(sample, encoding)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if not start:
        raise ImportFileError(f"{path}: the file is empty")
    if start == "<":
        raise ImportFileError(f"{path}: HTML or XML, not a table; `ccgcii inspect` reads a page")
    if start == "{" or (plain_suffix(path) in JSON_LINES and start != "["):
        return _open_json_lines(path, encoding, text)
    if start == "[" and plain_suffix(path) in (".json", *JSON_LINES):
        raise ImportFileError(
            f"{path}: one JSON array; write one object a line (`jq -c '.[]' {path.name}`)"
        )
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
        for found in read_records(_lines(self.path, self.encoding, watch), self.shape):
            if isinstance(found, BadRow):
                yield found
            else:
                line, cells = found
                yield Row(line, dict(zip(columns, cells, strict=True)))


@dataclass(frozen=True, slots=True)
class JsonLinesTable:
    """One JSON object a line; its columns are the keys of the objects in the sample."""

    path: Path
    encoding: str
    columns: tuple[str, ...]
    paths: frozenset[str]
    sample: Mapping[str, Any]

    @property
    def layout(self) -> str:
        """The encoding, in words."""
        return f"JSON Lines, {self.encoding}"

    def has(self, column: str) -> bool:
        """Say whether an object of the sample has the path, or a null on the way to it."""
        parts = column.split(".")
        starts = (".".join(parts[:end]) for end in range(1, len(parts)))
        return column in self.paths or any(f"{start}=null" in self.paths for start in starts)

    def rows(self, watch: Watch | None = None) -> Iterator[Row | BadRow]:
        """Yield every object."""
        for number, line in enumerate(_lines(self.path, self.encoding, watch), start=1):
            if line.strip():
                yield _object(number, line)


def _open_json_lines(path: Path, encoding: str, text: str) -> JsonLinesTable:
    lines = text.split("\n")
    found = [_object(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    objects = [row.values for row in found if isinstance(row, Row)]
    if not objects and plain_suffix(path) not in JSON_LINES:
        raise ImportFileError(
            f"{path}: not one JSON object a line; `jq -c . {path.name}` writes it so"
        )
    columns = tuple(dict.fromkeys(key for values in objects for key in values))
    paths = frozenset(place for values in objects for place in _paths(values))
    return JsonLinesTable(path, encoding, columns, paths, objects[0] if objects else {})


def _object(number: int, line: str) -> Row | BadRow:
    try:
        values = json.loads(line.lstrip("\ufeff").replace("\0", ""))
    except (ValueError, RecursionError) as error:
        return BadRow(number, f"not valid JSON: {error}", line.strip())
    if not isinstance(values, dict):
        return BadRow(number, "not a JSON object", line.strip())
    return Row(number, values)


def _paths(values: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    for key, value in values.items():
        place = f"{prefix}{key}"
        yield place
        if value is None:
            yield f"{place}=null"
        elif isinstance(value, dict) and depth < 6:
            yield from _paths(value, f"{place}.", depth + 1)


def _lines(path: Path, encoding: str, watch: Watch | None) -> Iterator[str]:
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
            f"{path}: the gzip stream breaks after line {number} ({error}); what stands before "
            "is imported, fetch the file again for the rest"
        ) from error
