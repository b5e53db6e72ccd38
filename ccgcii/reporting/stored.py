"""A stored score: its recipe, and the scores of every node as they were written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sqlalchemy import select

from ccgcii.scoring import Recipe
from ccgcii.scoring.opinions import Case, Opinion
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ccgcii.reporting.runs import ScoreRun


def read_recipe(run: ScoreRun) -> Recipe:
    """Return the recipe that a run used."""
    return Recipe.from_dict(run.recipe, f"recipe of run {run.id}")


def read_opinions(store: Connection, run: ScoreRun) -> tuple[Opinion, ...]:
    """Return the experts' opinions that a run was adjusted by, of every round."""
    given, city = table_of(tables.Adjustment), table_of(tables.City)
    rows = store.execute(
        select(given, city.c.key)
        .join(city, city.c.id == given.c.city_id)
        .where(given.c.run_id == run.id)
        .order_by(city.c.id, given.c.level, given.c.target, given.c.expert, given.c.round)
    )
    return tuple(
        Opinion(
            Case(row.key, row.level, row.target),
            row.factor,
            row.reason,
            tuple(json.loads(row.evidence)),
            row.expert,
            row.round,
            f"adjustments of run {run.id}",
        )
        for row in rows
    )


def read_scores(store: Connection, run: ScoreRun) -> pd.DataFrame:
    """Return the scores of a run, cities x nodes; NaN where a city was not scored."""
    score, city = table_of(tables.Score), table_of(tables.City)
    rows = store.execute(
        select(city.c.key, score.c.node, score.c.score)
        .join(city, city.c.id == score.c.city_id)
        .where(score.c.run_id == run.id, score.c.recipe == run.digest)
        .order_by(city.c.id)
    )
    nodes: dict[str, dict[str, float]] = {}
    for row in rows:
        nodes.setdefault(row.node, {})[row.key] = np.nan if row.score is None else row.score
    return pd.DataFrame(nodes, dtype=float)
