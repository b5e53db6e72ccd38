"""Drawing: the answer to a question in every draw of a bootstrap, as one product of matrices.

The rows of a table are summed by cluster first, so that a draw is a weight for each cluster: the
answers of all draws are (rows x clusters) times (clusters x draws).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from ccgcii.measuring.aggregates import take_apart
from ccgcii.measuring.cells import ROWS, read_cells
from ccgcii.measuring.facts import CLUSTERS
from ccgcii.measuring.ordered import draw_extremes, draw_medians

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii.measuring.aggregates import Aggregate
    from ccgcii.measuring.cells import Cells
    from ccgcii.measuring.questions import Question

    Numbers = NDArray[np.float64]

# Numbers in one answer (rows x draws) beyond which memory is not worth the detail.
MOST_CELLS = 60_000_000


class Block:
    """Some draws, side by side: each city stands in each of them under a name of its own."""

    def __init__(self, draws: slice, cities: Sequence[str]) -> None:
        self.draws = draws
        self.size = draws.stop - draws.start
        self.names = [f"{city}@{draw}" for draw in range(self.size) for city in cities]
        self._width = len(cities)
        self._kind = pd.CategoricalDtype(self.names)

    def name(self, draw: NDArray[np.int64], city: pd.Series[Any]) -> pd.Categorical[Any]:
        """Name cities (a category, in the order of the study) after their draw in the block."""
        codes = draw * self._width + city.cat.codes.to_numpy(dtype=np.int64)
        return pd.Categorical.from_codes(codes, dtype=self._kind)


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer in every draw: `rows` are its keys, `values` and `present` are draws x rows."""

    rows: pd.DataFrame
    values: Mapping[str, Numbers]
    present: NDArray[np.bool_]

    def frame(self, block: Block) -> pd.DataFrame:
        """Return the answer of some draws: what no document is drawn for is not in it."""
        draw, row = np.nonzero(self.present[block.draws])
        columns: dict[str, Any] = {
            str(name): keys.array.take(row) for name, keys in self.rows.items()
        }
        columns["city"] = block.name(draw, pd.Series(columns["city"]))
        for name, numbers in self.values.items():
            columns[name] = numbers[block.draws][draw, row]
        return pd.DataFrame(columns, copy=False)


def draw_answers(
    connection: duckdb.DuckDBPyConnection, questions: Iterable[Question], weights: Numbers
) -> dict[Question, Drawn]:
    """Answer questions in every draw; what cannot be resampled is left out of the answers."""
    by_scan: dict[tuple[str, tuple[str, ...], str], list[Question]] = {}
    for question in questions:
        if all(take_apart(expression) for _, expression in question.columns):
            scan = (question.table, question.keys, question.where)
            by_scan.setdefault(scan, []).append(question)
    drawn: dict[Question, Drawn] = {}
    for asked in by_scan.values():
        drawn |= _draw_together(connection, asked, weights)
    return drawn


def _draw_together(
    connection: duckdb.DuckDBPyConnection, questions: Sequence[Question], weights: Numbers
) -> dict[Question, Drawn]:
    """Answer questions about the same rows by the same keys; nothing if that is too much."""
    columns = dict.fromkeys(sql for question in questions for sql in _columns_of(question))
    cells = read_cells(connection, questions[0], [ROWS, *columns])
    if len(cells.rows) * len(weights) > MOST_CELLS:
        return {}
    return {question: _draw(connection, question, cells, weights) for question in questions}


def _columns_of(question: Question) -> list[str]:
    """Return what is summed (and how many values of it are known), and extremes."""
    taken = (take_apart(expression) for _, expression in question.columns)
    parts = [part for found in taken if found for part in found.aggregates]
    known = [part.sql("count") for part in parts if part.kind == "sum"]
    return [*(part.sql() for part in parts if part.kind != "median"), *known]


def _draw(
    connection: duckdb.DuckDBPyConnection, question: Question, cells: Cells, weights: Numbers
) -> Drawn:
    present = cells.times(cells.columns[ROWS], weights) > 0
    values = {}
    for name, text in question.columns:
        expression = take_apart(text)
        if expression is not None:
            parts = [
                _draw_aggregate(connection, question, part, cells, weights)
                for part in expression.aggregates
            ]
            values[name] = _evaluate(expression.outer, parts)
    return Drawn(cells.rows, values, present)


def _draw_aggregate(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    part: Aggregate,
    cells: Cells,
    weights: Numbers,
) -> Numbers:
    if part.kind == "median":
        return draw_medians(connection, question, part, cells.rows, weights)
    numbers = cells.columns[part.sql()]
    if part.kind == "count":
        return cells.times(numbers, weights)
    if part.kind == "sum":
        known = cells.times(cells.columns[part.sql("count")], weights)
        return np.where(known > 0, cells.times(np.nan_to_num(numbers), weights), np.nan)
    return draw_extremes(part.kind, numbers, cells, weights)


def _evaluate(outer: str, parts: Sequence[Numbers]) -> Numbers:
    """Compute an expression of aggregates, cell by cell, as DuckDB would."""
    if outer == "a0":
        return parts[0]
    flat = {
        f"a{number}": pa.array(part.ravel(), mask=np.isnan(part).ravel())
        for number, part in enumerate(parts)
    }
    place = pa.array(np.arange(parts[0].size))
    with duckdb.connect() as calculator:
        calculator.register("given", pa.table({"place": place, **flat}))
        found = calculator.execute(
            f"SELECT CAST({outer} AS DOUBLE) AS value FROM given ORDER BY place"  # noqa: S608
        ).df()["value"]
    return found.to_numpy(dtype=float, na_value=np.nan).reshape(parts[0].shape)


def multinomial(clusters: Iterable[int], draws: int, seed: int) -> Numbers:
    """Return draws x clusters: how often each cluster that has documents is drawn, with return."""
    there = np.array(sorted(clusters))
    weights = np.zeros((draws, CLUSTERS))
    if len(there):
        random = np.random.default_rng(seed)
        weights[:, there] = random.multinomial(
            len(there), np.full(len(there), 1 / len(there)), draws
        )
    return weights
