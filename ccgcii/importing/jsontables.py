"""JSON as tables: one object a line, or one document that holds an object or a list of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccgcii.errors import ImportFileError
from ccgcii.importing.files import plain_suffix
from ccgcii.importing.rows import Row, read_lines
from ccgcii.readers import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ccgcii.importing.files import Watch

JSON_LINES = (".jsonl", ".ndjson")
MAX_DOCUMENT = 256 * 1024 * 1024
DECODER = json.JSONDecoder()
BETWEEN = " \t\r\n,[]\ufeff"


@dataclass(frozen=True, slots=True)
class JsonTable:
    """Objects of JSON; the columns are the keys of those in the sample.

    `whole` says that the file is one document, read at once, and not one object a line.
    """

    path: Path
    encoding: str
    columns: tuple[str, ...]
    paths: frozenset[str]
    sample: Mapping[str, Any]
    whole: bool = False

    @property
    def layout(self) -> str:
        """The encoding, in words."""
        return f"JSON{'' if self.whole else ' Lines'}, {self.encoding}"

    @property
    def is_rigid(self) -> bool:
        """An object may have keys that those of the sample lack."""
        return False

    def has(self, column: str) -> bool:
        """Say whether an object of the sample has the path, or a null on the way to it."""
        parts = column.split(".")
        starts = (".".join(parts[:end]) for end in range(1, len(parts)))
        return column in self.paths or any(f"{start}=null" in self.paths for start in starts)

    def rows(self, watch: Watch | None = None) -> Iterator[Row | BadRow]:
        """Yield every object."""
        if self.whole:
            yield from _document_rows(self.path, self.encoding, watch)
            return
        for number, line in enumerate(read_lines(self.path, self.encoding, watch), start=1):
            if line.strip():
                yield _object(number, line)


def open_json(path: Path, encoding: str, text: str) -> JsonTable:
    """Open JSON of which `text` is the beginning.

    A file whose first line is an object by itself, or that is called so, has one object a line.
    """
    first = text.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    by_line = plain_suffix(path) in JSON_LINES or isinstance(_object(1, first), Row)
    if "\n" not in text or not by_line:
        # A page of posts on one line is longer than the sample.
        by_line = by_line or isinstance(_object(1, _first_line(path, encoding)), Row)
    if not by_line or first.startswith("["):
        rows: Iterable[Row | BadRow] = _document_rows(path, encoding, None)
        return _table(path, encoding, rows, whole=True)
    lines = text.split("\n") if "\n" in text else [_first_line(path, encoding)]
    rows = (_object(number, line) for number, line in enumerate(lines, 1) if line.strip())
    return _table(path, encoding, rows, whole=False)


def _table(path: Path, encoding: str, rows: Iterable[Row | BadRow], *, whole: bool) -> JsonTable:
    objects = [row.values for row in rows if isinstance(row, Row)]
    columns = tuple(dict.fromkeys(key for values in objects for key in values))
    paths = frozenset(place for values in objects for place in _paths(values))
    return JsonTable(path, encoding, columns, paths, objects[0] if objects else {}, whole)


def _first_line(path: Path, encoding: str) -> str:
    lines = (line for line in read_lines(path, encoding, None) if line.strip())
    return next(lines, "")


def _document_rows(path: Path, encoding: str, watch: Watch | None) -> Iterator[Row | BadRow]:
    """Yield the objects of a document, or of several one after the other.

    Raises `ImportFileError` where it is no JSON, or too large to be held in memory.
    """
    text = "".join(_up_to(MAX_DOCUMENT, path, read_lines(path, encoding, watch)))
    place, line = 0, 1
    while place < len(text):
        if text[place] in BETWEEN:
            line += text[place] == "\n"
            place += 1
            continue
        try:
            value, end = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise ImportFileError(
                f"{path}: not valid JSON from line {line} on ({error})"
            ) from error
        yield Row(line, value) if isinstance(value, dict) else _no_object(line, text[place:end])
        line += text.count("\n", place, end)
        place = end


def _up_to(limit: int, path: Path, lines: Iterable[str]) -> Iterator[str]:
    size = 0
    for line in lines:
        size += len(line)
        if size > limit:
            raise ImportFileError(
                f"{path}: one JSON document of more than {limit >> 20} MB; write one object a line "
                f"(`jq -c '.[]' {path.name}`)"
            )
        yield line


def _object(number: int, line: str) -> Row | BadRow:
    try:
        values = json.loads(line.strip("\ufeff \t\r\n").replace("\0", ""))
    except json.JSONDecodeError as error:
        reason = f"not valid JSON: {error.msg.removesuffix(' at')}, column {error.colno}"
        return BadRow(number, reason, line.strip())
    except RecursionError:
        return BadRow(number, "not valid JSON: nested too deeply", line.strip())
    except ValueError as error:  # a number of thousands of digits
        return BadRow(number, f"not valid JSON: {error}".partition(";")[0], line.strip())
    return Row(number, values) if isinstance(values, dict) else _no_object(number, line)


def _no_object(number: int, text: str) -> BadRow:
    return BadRow(number, "not a JSON object", text.strip())


def _paths(values: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    for key, value in values.items():
        place = f"{prefix}{key}"
        yield place
        if value is None:
            yield f"{place}=null"
        elif isinstance(value, dict) and depth < 6:
            yield from _paths(value, f"{place}.", depth + 1)
