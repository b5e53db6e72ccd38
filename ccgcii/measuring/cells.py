"""Cells: the rows of a table summed by keys and cluster, ready for any weights of the clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray

    from ccgcii.measuring.questions import Question

    Numbers = NDArray[np.float64]

ROWS = "count(*)"


@dataclass(frozen=True, slots=True)
class Cells:
    """A table summed by keys and cluster, sorted by keys; `starts` is where each row begins."""

    rows: pd.DataFrame
    starts: NDArray[np.int64]
    clusters: NDArray[np.int64]
    columns: Mapping[str, Numbers]

    def times(self, numbers: Numbers, weights: Numbers) -> Numbers:
        """Sum numbers by row under the weights (draws x clusters) of every draw."""
        ends = np.append(self.starts, len(self.clusters))
        shape = (len(self.starts), weights.shape[1])
        table = csr_array((numbers, self.clusters, ends), shape=shape)
        return np.ascontiguousarray((table @ weights.T).T)


def read_cells(
    connection: duckdb.DuckDBPyConnection, question: Question, columns: Sequence[str]
) -> Cells:
    """Aggregate the rows that a question is about by its keys and by cluster."""
    listed = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(dict.fromkeys(columns)))
    named = ", ".join(question.keys)
    frame = connection.execute(
        f"SELECT {named}, cluster, {listed} FROM {question.table} "  # noqa: S608 - as asked
        f"WHERE {question.where} GROUP BY {named}, cluster ORDER BY {named}, cluster"
    ).df()
    # As DuckDB calls them: a key that is an expression has a name of its own.
    keys = list(frame.columns[: len(question.keys)])
    changed = np.zeros(len(frame), dtype=bool)
    changed[:1] = True
    for key in keys:
        codes = pd.factorize(frame[key])[0]
        changed[1:] |= codes[1:] != codes[:-1]
    starts = np.flatnonzero(changed)
    return Cells(
        frame.loc[starts, keys].reset_index(drop=True),
        starts,
        frame["cluster"].to_numpy(dtype=np.int64),
        {
            sql: frame[f"c{number}"].to_numpy(dtype=float, na_value=np.nan)
            for number, sql in enumerate(dict.fromkeys(columns))
        },
    )
