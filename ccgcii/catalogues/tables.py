"""Reading a list in CSV so that every mistake in it is named by file, row and column."""

from __future__ import annotations

import csv
import math
import re
from typing import TYPE_CHECKING

from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


class Row:
    """A row of a list: its values by column, and errors that say where they are."""

    def __init__(self, path: Path, line: int, values: dict[str, str]) -> None:
        self.where = f"{path}, line {line}"
        self._values = values

    def text(self, column: str) -> str:
        """Return the column's text, empty if the column is missing or empty."""
        return (self._values.get(column) or "").strip()

    def required(self, column: str) -> str:
        """Return the column's text; an empty one is an error."""
        value = self.text(column)
        if not value:
            raise self.error(f"{column!r} is empty")
        return value

    def number(self, column: str) -> float | None:
        """Return the column's number, None if empty."""
        text = self.text(column)
        if not text:
            return None
        # Commas divide thousands: 12,5 is no number here, and not a hundred and twenty-five.
        value = text.replace(",", "") if GROUPED.fullmatch(text) else text
        try:
            number = math.nan if "_" in value else float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.error(f"{column!r} is not a number: {text!r}")
        return number

    def whole(self, column: str) -> int | None:
        """Return the column's whole number, None if empty."""
        value = self.number(column)
        if value is not None and value != int(value):
            raise self.error(f"{column!r} is not a whole number: {value}")
        return None if value is None else int(value)

    def words(self, column: str) -> tuple[str, ...]:
        """Return the column's words, separated by semicolons."""
        return tuple(word.strip() for word in self.text(column).split(";") if word.strip())

    def flag(self, column: str) -> bool:
        """Return the column as yes or no: 1/0, true/false, yes/no, empty is no."""
        value = self.text(column).lower()
        if value not in {"", "0", "1", "true", "false", "yes", "no"}:
            raise self.error(f"{column!r} is neither yes nor no: {value!r}")
        return value in {"1", "true", "yes"}

    def error(self, problem: str) -> ConfigError:
        """Return an error that names file and line."""
        return ConfigError(f"{self.where}: {problem}")


def other_columns(path: Path, known: Sequence[str]) -> list[str]:
    """Return the columns of somebody's table that are not among those known."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            columns = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read ({_why(error)})") from error
    return [column for column in columns if column not in known]


def read_rows(path: Path, required: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a CSV file; an unknown or missing column is a `ConfigError`."""
    known = [*required, *optional]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = list(reader.fieldnames or [])
            for place, column in enumerate(columns):
                if column in columns[:place]:
                    raise ConfigError(f"{path}: column {column!r} stands twice; remove one")
                if column not in known:
                    raise ConfigError(f"{path}: unknown column {column!r}{suggest(column, known)}")
            for column in required:
                if column not in columns:
                    raise ConfigError(
                        f"{path}: column {column!r} is missing; columns: {', '.join(known)}"
                    )
            for values in reader:
                if None in values or None in values.values():
                    raise ConfigError(
                        f"{path}, line {reader.line_num}: {len(columns)} columns expected; "
                        "quote values that hold commas"
                    )
                yield Row(path, reader.line_num, values)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read ({_why(error)})") from error


def _why(error: Exception) -> str:
    # The text of an OSError repeats the path and adds a number.
    return str(getattr(error, "strerror", None) or error)
