"""Delimited text: how a file is laid out, and its records one by one, broken ones put aside.

Records are put together from lines by counting quotes, so that one unclosed quote costs its own
line and not the rest of the file: where a record of several lines does not have the header's
columns, its first line is refused and reading goes on with the second.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.readers import BadRow
from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS = (",", "\t", ";", "|")
MAX_RECORD = 16 * 1024 * 1024
MAX_LINES = 20_000
SNIFFED_ROWS = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """The delimiter, the names of the columns, and the line on which the first record starts."""

    delimiter: str
    columns: tuple[str, ...]
    first_line: int


def find_layout(text: str, *, complete: bool) -> Layout:
    """Find delimiter and header in the beginning of a file.

    The delimiter is the one with which most rows have the same number of columns; the header is
    the first row with that many, so that a preamble before it is passed over.
    """
    csv.field_size_limit(MAX_RECORD)
    tries = [(_rows(text, delimiter, complete=complete), delimiter) for delimiter in DELIMITERS]
    rows, delimiter = max(tries, key=lambda pair: _agreement(pair[0]))
    width = _common_width(rows)
    for row, next_line in rows:
        if len(row) == width and sum(bool(cell.strip()) for cell in row) * 2 >= width:
            return Layout(delimiter, column_names(row), next_line)
    row, next_line = rows[0]
    return Layout(delimiter, column_names(row), next_line)


def read_records(lines: Iterable[str], layout: Layout) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Yield (line, cells) for every record after the header, or why a line is refused."""
    csv.field_size_limit(MAX_RECORD)
    feed = _Lines(lines)
    for _ in range(layout.first_line - 1):
        feed.take()
    width = len(layout.columns)
    while (line := feed.take()) is not None:
        number = feed.number
        quotes = line.count('"')
        if not quotes:
            cells: list[str] | None = line.rstrip("\r\n").split(layout.delimiter)
        elif quotes % 2 == 0:
            cells = _parse(line, layout.delimiter)
        else:
            cells = _parse_over_lines(line, feed, layout.delimiter, width)
        if cells == [] or (cells is not None and len(cells) == 1 and not cells[0].strip()):
            continue
        if cells is not None and len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if cells is None or len(cells) != width:
            yield BadRow(number, _why(cells, width), line.rstrip("\r\n"))
        else:
            yield number, cells


class _Lines:
    """Lines that can be given back; `number` is that of the last one taken, from 1."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        if line is not None:
            self.number += 1
            if "\0" in line:
                line = line.replace("\0", "")
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _parse_over_lines(line: str, feed: _Lines, delimiter: str, width: int) -> list[str] | None:
    taken: list[str] = []
    size = len(line)
    while size < MAX_RECORD and len(taken) < MAX_LINES:
        following = feed.take()
        if following is None:
            break
        taken.append(following)
        size += len(following)
        if following.count('"') % 2:
            # Strict, or two records with an unclosed quote each would pass for one.
            cells = _parse(line + "".join(taken), delimiter, strict=True)
            if cells is not None and len(cells) == width:
                return cells
            break
    feed.give_back(taken)
    # A quote that stands for inches, or any other that opens nothing.
    return _parse(line, delimiter, strict=True)


def _parse(record: str, delimiter: str, *, strict: bool = False) -> list[str] | None:
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None


def _why(cells: list[str] | None, width: int) -> str:
    if cells is None:
        return "broken quoting: a quote is not closed"
    return f"{counted(len(cells), 'column')}, the header has {width}"


def _rows(text: str, delimiter: str, *, complete: bool) -> list[tuple[list[str], int]]:
    """Return the first rows with the line after each, without the last if it may be cut off."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[list[str], int]] = []
    try:
        for row in reader:
            rows.append((row, reader.line_num + 1))
            if len(rows) > SNIFFED_ROWS:
                break
    except csv.Error:
        pass  # what was read so far shows the layout; reading itself reports the bad record
    if len(rows) > 1 and not complete:
        rows.pop()
    kept = [(row, line) for row, line in rows if any(cell.strip() for cell in row)]
    return kept or [([text.split("\n", 1)[0].strip()], 2)]


def _agreement(rows: list[tuple[list[str], int]]) -> tuple[float, int]:
    width = _common_width(rows)
    if width < 2:
        return (0.0, 0)
    return (sum(len(row) == width for row, _ in rows) / len(rows), width)


def _common_width(rows: list[tuple[list[str], int]]) -> int:
    widths = Counter(len(row) for row, _ in rows)
    return max(widths, key=lambda width: (widths[width], width))


def column_names(row: list[str]) -> tuple[str, ...]:
    """Return the header's names, trimmed; what is unnamed or named twice gets its number."""
    names: list[str] = []
    for number, cell in enumerate(row, start=1):
        name = cell.strip().strip("\ufeff") or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return tuple(names)
