"""Matrices and trees from CSV files: every cell is read or refused with its place."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import pandas as pd

from ccgcii.errors import ScoreError
from ccgcii.scoring.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


def read_matrix(
    path: Path, labels: Collection[str] = (), *, tree: Tree | None = None
) -> pd.DataFrame:
    """Read a table of units x indicators: first column `unit`, one column an indicator.

    An empty cell is a missing value (NaN), never zero. Columns named in `labels` hold text, such
    as a group; with a `tree` all that are no indicator of it. Anything else that is no finite
    number is refused, naming file, line and column.
    """
    rows = _rows(path)
    _, header = next(rows, (1, []))
    _check_header(header, path)
    if tree is not None:
        labels = {*labels, *header[1:]} - {*tree.leaves}
    units: dict[str, None] = {}
    columns: dict[str, list[object]] = {name: [] for name in header[1:]}
    for line, cells in rows:
        units[_unit(cells[0], units, f"{path}, line {line}")] = None
        for name, text in zip(header[1:], cells[1:], strict=True):
            where = f"{path}, line {line} (unit {cells[0]!r}), column {name!r}"
            columns[name].append((text or None) if name in labels else _number(text, where))
    if not units:
        raise ScoreError(f"{path}: no units below the header")
    return pd.DataFrame(columns, index=pd.Index(list(units), name="unit"))


def read_tree(path: Path) -> Tree:
    """Read a tree from CSV with columns `id, parent, direction, weight` (`treatment`, `name`)."""
    rows = _rows(path)
    _, header = next(rows, (1, []))
    _refuse_twice(header, path)
    table = pd.DataFrame([cells for _, cells in rows], columns=header, dtype="str")
    return Tree.from_table(table, str(path))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and stripped cells of each row that is not blank."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            width = 0
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                width = width or len(cells)
                if len(cells) != width:
                    raise ScoreError(
                        f"{path}, line {reader.line_num}: {len(cells)} cells, "
                        f"but the header has {width}"
                    )
                yield reader.line_num, [cell.strip() for cell in cells]
    except OSError as error:
        raise ScoreError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScoreError(f"{path}: not a CSV file in UTF-8: {error}") from error


def _check_header(header: list[str], path: Path) -> None:
    if not header or header[0] != "unit":
        found = repr(header[0]) if header else "nothing"
        raise ScoreError(f"{path}: the first column must be 'unit' (found: {found})")
    if len(header) < 2:
        raise ScoreError(f"{path}: no indicator beside 'unit'; separate the columns by commas")
    _refuse_twice(header, path)


def _refuse_twice(header: list[str], path: Path) -> None:
    for position, name in enumerate(header):
        if not name:
            raise ScoreError(f"{path}: column {position + 1} has no name")
        if name in header[:position]:
            raise ScoreError(f"{path}: column {name!r} stands twice; rename or remove one")


def _unit(name: str, before: Collection[str], where: str) -> str:
    if not name:
        raise ScoreError(f"{where}: the unit has no name")
    if name in before:
        raise ScoreError(f"{where}: unit {name!r} stands twice; every unit needs a row of its own")
    return name


def _number(text: str, where: str) -> float:
    if not text:
        return math.nan
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ScoreError(
            f"{where}: {text!r} is not a number; write it with a point and without separators, "
            "or leave the cell empty if it is missing"
        )
    return number
