"""Sources in every draw: how many are drawn, and how documents spread over them.

Most outlets and accounts write in one cluster only: theirs are sums by cluster under other weights
(w for documents, w > 0 for sources and followers, w squared for squares). The rest is drawn source
by source. Both are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ccgcii.measuring.drawing import Drawn
from ccgcii.measuring.facts import CLUSTERS
from ccgcii.measuring.ordered import BLOCK

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from ccgcii.measuring.questions import SourceQuestion

    Numbers = NDArray[np.float64]

NAMES = ("sources", "documents", "squares", "followers", "counted")

_BY_SOURCE = "CREATE OR REPLACE TEMP TABLE by_source AS {by_source}"
_SPREAD = """
CREATE OR REPLACE TEMP TABLE spread AS
SELECT city, voice, source, count(*) AS parts FROM by_source WHERE source IS NOT NULL GROUP BY ALL
"""
_SINGLE = """
SELECT b.city, b.voice, b.cluster, count(b.source) AS sources, sum(b.n) AS documents,
       sum(b.n * b.n) AS squares, sum(b.followers) AS followers, count(b.followers) AS counted
FROM by_source AS b JOIN spread AS s
     ON b.city = s.city AND b.voice = s.voice AND b.source = s.source AND s.parts = 1
GROUP BY ALL
"""
_MANY = """
SELECT b.city, b.voice, b.source, b.cluster, b.n,
       max(b.followers) OVER (PARTITION BY b.city, b.voice, b.source) AS followers
FROM by_source AS b JOIN spread AS s
     ON b.city = s.city AND b.voice = s.voice AND b.source = s.source AND s.parts > 1
ORDER BY b.city, b.voice, b.source, b.cluster
"""
_ROWS = """
SELECT city, voice, cluster, sum(n) AS n FROM by_source GROUP BY ALL ORDER BY ALL
"""


def draw_sources(
    connection: duckdb.DuckDBPyConnection, question: SourceQuestion, weights: Numbers
) -> Drawn:
    """Answer a question about sources in every draw."""
    connection.execute(_BY_SOURCE.format(by_source=question.by_source))
    connection.execute(_SPREAD)
    all_of_them = connection.execute(_ROWS).df()
    single, many = connection.execute(_SINGLE).df(), connection.execute(_MANY).df()
    for table in ("by_source", "spread"):
        connection.execute(f"DROP TABLE {table}")
    rows = all_of_them[["city", "voice"]].drop_duplicates(ignore_index=True)
    place = pd.MultiIndex.from_frame(rows)
    present = _by_cluster(all_of_them, "n", place) @ weights.T > 0
    found = _draw_single(single, place, weights)
    for name, numbers in _draw_many(many, place, weights).items():
        found[name] += numbers
    followers = np.where(found.pop("counted") > 0, found["followers"], np.nan)
    return Drawn(rows, found | {"followers": followers}, present.T)


def _by_cluster(frame: pd.DataFrame, column: str, place: pd.MultiIndex) -> Numbers:
    """Lay a column out as rows x clusters."""
    table = np.zeros((len(place), CLUSTERS))
    row = place.get_indexer(pd.MultiIndex.from_frame(frame[["city", "voice"]]))
    table[row, frame["cluster"]] = frame[column].fillna(0)
    return table


def _draw_single(
    single: pd.DataFrame, place: pd.MultiIndex, weights: Numbers
) -> dict[str, Numbers]:
    """Draw the sources with one cluster."""
    drawn = (weights > 0).astype(float)
    by = {"sources": drawn, "documents": weights, "squares": weights**2}
    by |= {"followers": drawn, "counted": drawn}
    return {name: (_by_cluster(single, name, place) @ own.T).T for name, own in by.items()}


def _draw_many(many: pd.DataFrame, place: pd.MultiIndex, weights: Numbers) -> dict[str, Numbers]:
    """Draw the sources with several clusters, a block of them at a time."""
    found = {name: np.zeros((len(weights), len(place))) for name in NAMES}
    if many.empty:
        return found
    keys = [pd.factorize(many[name])[0] for name in ("city", "voice", "source")]
    changed = np.any([np.diff(codes, prepend=-1) != 0 for codes in keys], axis=0)
    starts = np.append(np.flatnonzero(changed), len(many))
    first = many.loc[changed]
    row = place.get_indexer(pd.MultiIndex.from_frame(first[["city", "voice"]]))
    followers = first["followers"].to_numpy(dtype=float, na_value=np.nan)
    table = csr_array(
        (many["n"].to_numpy(float), many["cluster"].to_numpy(np.int64), starts),
        shape=(len(first), CLUSTERS),
    )
    size = max(1, BLOCK // len(weights))
    for begin in range(0, len(row), size):
        part = slice(begin, begin + size)
        counts = table[part] @ weights.T
        there = (counts > 0).astype(float)
        own = followers[part, None]
        numbers = {
            "sources": there,
            "documents": counts,
            "squares": counts**2,
            "followers": there * np.nan_to_num(own),
            "counted": there * ~np.isnan(own),
        }
        # Sorted as they are, each city and voice is one stretch of rows.
        stretches = np.flatnonzero(np.diff(row[part], prepend=-1))
        for name, values in numbers.items():
            found[name][:, row[part][stretches]] += np.add.reduceat(values, stretches).T
    return found
