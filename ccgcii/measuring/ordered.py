"""Extremes and medians in every draw: what is no sum, and exact all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii.measuring.cells import ROWS, read_cells

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from ccgcii.measuring.aggregates import Aggregate
    from ccgcii.measuring.cells import Cells
    from ccgcii.measuring.questions import Question

    Numbers = NDArray[np.float64]

NEAREST = 64
# Numbers that are worked on at a time.
BLOCK = 8_000_000


def draw_extremes(kind: str, numbers: Numbers, cells: Cells, weights: Numbers) -> Numbers:
    """Return the least or greatest of the clusters that are drawn.

    Of each row only the `NEAREST` clusters are looked at: that none of so many is drawn happens
    once in 10^27 draws.
    """
    sign = 1.0 if kind == "min" else -1.0
    known = np.where(np.isnan(numbers), np.inf, sign * numbers)
    row = np.repeat(np.arange(len(cells.starts)), np.diff(cells.starts, append=len(known)))
    order = np.lexsort((known, row))
    near = order[np.arange(len(known)) - cells.starts[row] < NEAREST]
    starts = np.flatnonzero(np.diff(row[near], prepend=-1))
    found = np.empty((len(weights), len(cells.starts)))
    for block in _blocks(len(weights), len(near)):
        there = weights[block][:, cells.clusters[near]] > 0
        found[block] = np.minimum.reduceat(np.where(there, known[near], np.inf), starts, axis=1)
    return np.where(np.isinf(found), np.nan, sign * found)


def draw_medians(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    part: Aggregate,
    rows: pd.DataFrame,
    weights: Numbers,
) -> Numbers:
    """Return the exact weighted medians: sort once, then cumulate the weights of every draw."""
    where = f"({question.where}) AND ({part.condition}) AND ({part.argument}) IS NOT NULL"
    by_value = replace(question, keys=(*question.keys, part.argument), where=where)
    cells = read_cells(connection, by_value, [ROWS])
    given = list(rows.columns)
    steps = cells.rows.set_axis([*given, "value"], axis=1)
    place = pd.Index(rows[given[0]] if len(given) == 1 else pd.MultiIndex.from_frame(rows[given]))
    wanted = steps[given[0]] if len(given) == 1 else pd.MultiIndex.from_frame(steps[given])
    row = place.get_indexer(pd.Index(wanted))
    value = steps["value"].to_numpy(dtype=float)
    found = np.full((len(weights), len(rows)), np.nan)
    for block in _blocks(len(weights), len(value)):
        counts = cells.times(cells.columns[ROWS], weights[block])
        for number in np.unique(row):
            inside = row == number
            found[block, number] = _weighted_median(value[inside], counts[:, inside])
    return found


def _weighted_median(value: Numbers, counts: Numbers) -> Numbers:
    """Return the median of values (ascending) that stand there `counts` (draws x values) times."""
    upto = np.cumsum(counts, axis=1)
    total = upto[:, -1:]
    # As SQL's median: the mean of the two in the middle where their number is even.
    low = (upto > np.floor((total - 1) / 2)).argmax(axis=1)
    high = (upto > np.floor(total / 2)).argmax(axis=1)
    return np.where(total[:, 0] > 0, (value[low] + value[high]) / 2, np.nan)


def _blocks(draws: int, width: int) -> list[slice]:
    """Cut the draws so that a block of numbers stays small."""
    size = max(1, BLOCK // max(1, width))
    return [slice(first, first + size) for first in range(0, draws, size)]
