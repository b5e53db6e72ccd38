"""Lists in CSV: every number is one, every column stands there once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii.catalogues.tables import Row, read_rows
from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def row(path: Path, text: str) -> Row:
    path.write_text(f'name,size\na,"{text}"\n', encoding="utf-8")
    return next(read_rows(path, ("name",), ("size",)))


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12.0), ("1,234", 1234.0), ("1,234,567.5", 1234567.5), ("-3.5", -3.5), ("1e3", 1000.0)],
)
def test_a_number_may_have_separators(tmp_path: Path, text: str, number: float) -> None:
    assert row(tmp_path / "a.csv", text).number("size") == number


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1_000", "12,5", "1,23,456", "1e999"])
def test_what_is_no_number_or_may_be_two_is_refused_with_its_line(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.csv"
    for read in (row(path, text).number, row(path, text).whole):
        with pytest.raises(ConfigError, match=r"a\.csv, line 2: 'size' is not a number: "):
            read("size")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,size,name\na,1,b\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="column 'name' stands twice"):
        next(read_rows(path, ("name",), ("size",)))
