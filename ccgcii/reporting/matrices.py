"""The matrix and the tree of a stored score, to be scored again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sqlalchemy import select

from ccgcii.scoring import Node, Tree
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ccgcii.reporting.runs import ScoreRun


def read_matrix(store: Connection, run: ScoreRun) -> pd.DataFrame:
    """Return a run's raw values, cities x indicators; NaN where nothing was measured."""
    value, city = table_of(tables.IndicatorValue), table_of(tables.City)
    rows = store.execute(
        select(city.c.key, value.c.indicator, value.c.value)
        .join(city, city.c.id == value.c.city_id)
        .where(value.c.run_id == run.id)
        .order_by(city.c.id)
    )
    cells = pd.DataFrame(rows.all(), columns=["unit", "indicator", "value"])
    cells["value"] = cells["value"].astype(np.float64)
    order = list(dict.fromkeys(cells["unit"]))
    matrix = cells.pivot(index="unit", columns="indicator", values="value")  # noqa: PD010 - pivot_table averages
    return matrix.loc[order, list(read_tree(run).leaves)]


def read_tree(run: ScoreRun) -> Tree:
    """Return the tree that a run climbed."""
    return Tree(
        tuple(
            Node(
                str(node["id"]),
                None if node["parent"] is None else str(node["parent"]),
                int(node["direction"]),
                treatment=str(node["treatment"]),
                name=str(node["name"]),
            )
            for node in run.tree
        )
    )
