"""Excel workbooks as tables: one sheet, read row by row, nothing in it computed."""

from __future__ import annotations

import re
import warnings
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from ccgcii.errors import ImportFileError
from ccgcii.importing.delimited import SNIFFED_ROWS, column_names
from ccgcii.importing.files import plain_suffix
from ccgcii.importing.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from openpyxl import Workbook

    from ccgcii.importing.files import Watch

MOST_ROWS = 1_048_576  # Excel's own limit: a row said to be further down is a forgery
MOST_COLUMNS = 16_384
MOST_BYTES = 4 << 30
# What a cell holds whose formula failed: nothing was measured there.
FAILED = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
)
# A control character as a workbook writes it inside a text: _x000D_ ends a line.
WRITTEN_CONTROL = re.compile(r"_x00(0[9AD])_", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """One sheet of a workbook; a row's line is its number in the sheet.

    It is the visible sheet with the most columns (the first of equal ones), and its header the
    first row with the most cells filled; `others` are visible sheets with rows that are not read.
    Of a formula only the value that Excel saved with it is taken. Dates have their type; one
    without a time of day is a day.
    """

    path: Path
    sheet: str
    columns: tuple[str, ...]
    header: int
    sample: Mapping[str, Any]
    others: tuple[str, ...] = ()
    encoding: str = "xlsx"

    @property
    def layout(self) -> str:
        """The sheet, and the sheets left alone, in words."""
        left = f"; not read: {', '.join(map(repr, self.others))}" if self.others else ""
        return f"Excel, sheet {self.sheet!r}{left}"

    @property
    def is_rigid(self) -> bool:
        """Every row has the header's columns."""
        return True

    def has(self, column: str) -> bool:
        """Say whether the header names a column."""
        return column in self.columns

    def rows(self, watch: Watch | None = None) -> Iterator[Row]:
        """Yield every row below the header that holds anything."""
        with _opened(self.path) as book:
            share = self.path.stat().st_size / max(_rows_said(book, self.sheet), 1)
            told = 0
            for number, cells in _sheet_rows(book, self.sheet, self.path):
                if watch is not None and (read := round(share * number)) > told:
                    watch(read - told)
                    told = read
                if number > self.header and any(cell is not None for cell in cells):
                    yield Row(number, _by_column(self.columns, cells))


def open_excel(path: Path) -> ExcelTable:
    """Open a workbook; raises `ImportFileError` if it is none, is damaged or has no rows."""
    found = path.stat()
    return _look_into(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _look_into(path: Path, _changed: int, _size: int) -> ExcelTable:
    # Kept for a moment: a file is opened to be known, explained and read, and each time all its
    # texts are parsed before the first row.
    with _opened(path) as book:
        tops = {
            sheet.title: list(islice(_sheet_rows(book, sheet.title, path), SNIFFED_ROWS))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        }
    tops = {name: rows for name, rows in tops.items() if any(map(_filled, _cells(rows)))}
    if not tops:
        raise ImportFileError(f"{path}: no visible sheet of the workbook holds anything")
    name = max(tops, key=lambda name: max(map(_filled, _cells(tops[name]))))
    rows = tops[name]
    place = max(range(len(rows)), key=lambda n: _filled(rows[n][1]))
    number, cells = rows[place]
    width = max(n for n, cell in enumerate(cells, 1) if cell is not None)
    columns = column_names([_in_words(cell) for cell in cells[:width]])
    below = next((row for _, row in rows[place + 1 :] if _filled(row)), ())
    others = tuple(other for other in tops if other != name)
    return ExcelTable(path, name, columns, number, _by_column(columns, below), others)


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    if plain_suffix(path) != path.suffix.lower():
        raise ImportFileError(f"{path}: this is a packed Excel workbook: unpack it first")
    with path.open("rb") as stream:
        try:
            _check_archive(path, stream)
            with _quiet():
                book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except ImportFileError:
            raise
        except Exception as error:  # what is damaged breaks the parser in words of its own
            raise ImportFileError(f"{path}: damaged Excel workbook ({_said(error)})") from error
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep openpyxl from warning of styles, and of dates that it gives as `#VALUE!`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_archive(path: Path, stream: Any) -> None:
    """Refuse what is no workbook, and one that would unpack to more than a machine can hold."""
    with zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
        size = sum(part.file_size for part in archive.infolist())
    if "xl/workbook.bin" in names:
        raise ImportFileError(f"{path}: an Excel workbook in binary (.xlsb): save it as .xlsx")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise ImportFileError(f"{path}: this is a zip archive: unpack it, import what is in it")
    if size > MOST_BYTES:
        raise ImportFileError(
            f"{path}: the workbook would unpack to {size >> 20:,} MB; save the sheet as CSV"
        )


def _sheet_rows(book: Workbook, name: str, path: Path) -> Iterator[tuple[int, list[Any]]]:
    """Yield number and values of each row; what a broken sheet holds before the break comes out."""
    sheet: Any = book[name]
    # Programs that are not Excel write wrong ones, and the rows beyond would be lost.
    sheet.reset_dimensions()
    number = 0
    try:
        rows = sheet.iter_rows(max_row=MOST_ROWS, values_only=True)
        while True:
            with _quiet():
                cells = next(rows, None)
            if cells is None:
                return
            number += 1
            yield number, [_value(cell) for cell in cells[:MOST_COLUMNS]]
    except Exception as error:  # as above
        raise ImportFileError(
            f"{path}: sheet {name!r} breaks after row {number} ({_said(error)}); what stands "
            "before is imported"
        ) from error


def _rows_said(book: Workbook, name: str) -> int:
    """Return how many rows the sheet says it has, for the bar of progress alone."""
    return book[name].max_row or 0


def _value(cell: Any) -> Any:
    """Return a cell's value: None for an empty one or a failed formula, a day for midnight."""
    if isinstance(cell, str):
        text = WRITTEN_CONTROL.sub(lambda found: chr(int(found[1], 16)), cell)
        return text if text.strip() and text not in FAILED else None
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date()
    return cell


def _cells(rows: Sequence[tuple[int, list[Any]]]) -> Iterator[list[Any]]:
    return (cells for _, cells in rows)


def _filled(cells: Sequence[Any]) -> int:
    return sum(cell is not None for cell in cells)


def _in_words(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _by_column(columns: Sequence[str], cells: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(columns, [*cells, *[None] * (len(columns) - len(cells))], strict=False))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
