"""Matrices and trees from CSV: every cell is read, or refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii import ScoreError
from ccgcii.scoring import read_matrix, read_tree

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_matrix_is_read_with_empty_cells_missing(tmp_path: Path) -> None:
    matrix = read_matrix(write(tmp_path, "\ufeffunit,a,b\nBeijing,1,\n\n 北京 , 2.5 ,-3e2\n"))
    assert list(matrix.index) == ["Beijing", "北京"]
    assert list(matrix["a"]) == [1.0, 2.5]
    assert matrix["b"].isna().tolist() == [True, False]


def test_a_column_of_labels_stays_text(tmp_path: Path) -> None:
    matrix = read_matrix(write(tmp_path, "unit,tier,a\nx,first,1\ny,,2\n"), labels=["tier"])
    assert matrix["tier"].isna().tolist() == [False, True]


@pytest.mark.parametrize("cell", ["n/a", "28,582", "1_000", "inf", "NaN", "1.2.3"])
def test_a_cell_that_is_no_number_is_named_with_its_place(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f'unit,a,b\nWuhan,1,2\nXiamen,3,"{cell}"\n')
    with pytest.raises(ScoreError, match=r"table\.csv, line 3 \(unit 'Xiamen'\), column 'b'"):
        read_matrix(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"first column must be 'unit' \(found: nothing\)"),
        ("city,a\nx,1\n", r"first column must be 'unit' \(found: 'city'\)"),
        ("unit;a\nx;1\n", "first column must be 'unit'"),
        ("unit\nx\n", "no indicator beside 'unit'"),
        ("unit,a,a\nx,1,2\n", "column 'a' stands twice"),
        ("unit,a,\nx,1,2\n", "column 3 has no name"),
        ("unit,a\nx,1\nx,2\n", "line 3: unit 'x' stands twice"),
        ("unit,a\n,1\n", "line 2: the unit has no name"),
        ("unit,a,b\nx,1\n", "line 2: 2 cells, but the header has 3"),
        ("unit,a\n", "no units below the header"),
    ],
)
def test_a_matrix_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        read_matrix(write(tmp_path, text))


def test_a_file_that_is_not_there_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r"none\.csv: cannot be read"):
        read_matrix(tmp_path / "none.csv")
    path = tmp_path / "gbk.csv"
    path.write_bytes("unit,a\n北京,1\n".encode("gbk"))
    with pytest.raises(ScoreError, match="not a CSV file in UTF-8"):
        read_matrix(path)


def test_a_tree_is_read_with_its_words_as_they_stand(tmp_path: Path) -> None:
    tree = read_tree(
        write(tmp_path, "id,parent,direction,weight\nindex,,,\nNA,index,-1,2\nnone,index,1,1\n")
    )
    assert tree.leaves == ("NA", "none")
    assert tree["NA"].direction == -1
    assert tree["NA"].weight == 2.0


def test_a_trees_error_names_the_file_and_row(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r"table\.csv, row 2 \(a\): direction 'up'"):
        read_tree(write(tmp_path, "id,parent,direction,weight\nindex,,1,\na,index,up,1\n"))
