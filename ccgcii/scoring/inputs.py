"""Inputs: a caller's table turned into numbers that can be scored, or refused with the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii.errors import ScoreError, suggest

if TYPE_CHECKING:
    from ccgcii.scoring.trees import Tree


def split_matrix(matrix: pd.DataFrame, tree: Tree) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tree's indicators as floats, and the matrix's other columns, by unit.

    Raises `ScoreError` for units or columns that stand twice, for an indicator that is missing,
    and for a cell that is no finite number.
    """
    if "unit" in matrix.columns:
        matrix = matrix.set_index("unit")
    _check_labels(matrix)
    for leaf in tree.leaves:
        if leaf not in matrix.columns:
            columns = [str(column) for column in matrix.columns]
            raise ScoreError(
                f"the matrix has no column for indicator {leaf!r} of the tree"
                f"{suggest(leaf, columns)}"
            )
    leaves = list(tree.leaves)
    cells = matrix[leaves]
    if all(dtype == np.float64 for dtype in cells.dtypes) and not np.isinf(cells.to_numpy()).any():
        return cells, matrix.drop(columns=leaves)
    values = np.column_stack([_numbers(matrix[leaf]) for leaf in leaves])
    raw = pd.DataFrame(values, index=matrix.index, columns=leaves)
    return raw, matrix.drop(columns=leaves)


def _check_labels(matrix: pd.DataFrame) -> None:
    if not len(matrix):
        raise ScoreError("the matrix has no units")
    for what, labels in (("unit", matrix.index), ("column", matrix.columns)):
        twins = labels[labels.duplicated()]
        if len(twins):
            raise ScoreError(f"the matrix has {what} {str(twins[0])!r} twice; keep one")


def _numbers(column: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    try:
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = np.isinf(numbers) | (np.isnan(numbers) & column.notna().to_numpy())
    if bad.any():
        unit, value = column.index[bad][0], column[bad].iloc[0]
        raise ScoreError(
            f"the matrix, unit {str(unit)!r}, indicator {column.name!r}: {value!r} is not a finite "
            "number; use NaN for a missing value"
        )
    return numbers
