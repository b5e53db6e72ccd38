"""One score of a study: corpus, matrix and ranking, kept in the store with all that made them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ccgcii.errors import ScoreError
from ccgcii.measuring.frameworks import make_tree
from ccgcii.measuring.matrix import Matrix, measure
from ccgcii.scoring import Note, Ranking, Recipe, score
from ccgcii.scoring.rankings import TIE_DECIMALS
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cities import Study
    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator
    from ccgcii.methods import Method


@dataclass(frozen=True, slots=True)
class StudyScore:
    """What scoring a corpus gives: the matrix, the ranking and everything to be said of them."""

    matrix: Matrix
    ranking: Ranking
    documents: int

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the indicators, then of the ranking."""
        # Of an indicator that is unknown for all, the matrix has already said why.
        said = {note.where for note in self.matrix.notes}
        return (*self.matrix.notes, *(n for n in self.ranking.notes if n.where not in said))

    def summary(self) -> dict[str, Any]:
        """Return what a run keeps beside the scores: the tree, the notes, the size."""
        tree = self.ranking.tree.nodes
        return {
            "documents": self.documents,
            "notes": [str(note) for note in self.notes],
            "tree": [
                {"id": node.id, "parent": node.parent, "direction": node.direction}
                | {"treatment": node.treatment, "name": node.name}
                for node in tree
            ],
        }


def score_corpus(
    corpus: Corpus,
    indicators: Sequence[Indicator],
    recipe: Recipe,
    methods: Mapping[tuple[str, str], Method],
) -> StudyScore:
    """Measure and rank; raises `ScoreError` if no document names a city."""
    if not corpus.documents:
        raise ScoreError(
            "nothing to score: no kept document in the window names a city; `ccgcii crawl` or "
            "`ccgcii import` brings documents, `ccgcii clean` puts them through the layers, and "
            "`ccgcii report` shows where they were left out"
        )
    matrix = measure(corpus, indicators)
    ranking = score(matrix.cells, make_tree(indicators), recipe, methods=methods)
    return StudyScore(matrix, ranking, corpus.documents)


def save_score(engine: Engine, run_id: int, study: Study, scored: StudyScore) -> None:
    """Write recipe, matrix, weights and scores of a run in one transaction."""
    ids = {city.key: city.id for city in study.cities}
    ranking = scored.ranking
    digest = ranking.recipe.digest
    with engine.begin() as connection:
        _save_recipe(connection, ranking.recipe)
        _write(
            connection,
            tables.IndicatorValue,
            [
                {
                    "run_id": run_id,
                    "indicator": key,
                    "city_id": ids[str(city)],
                    "value": _number(value),
                }
                for key, column in scored.matrix.cells.items()
                for city, value in column.items()
            ],
        )
        _write(
            connection,
            tables.Weight,
            [
                {"run_id": run_id, "recipe": digest, "node": node, "weight": weight}
                for node, weight in ranking.weights.items()
            ],
        )
        scores = [
            {"run_id": run_id, "recipe": digest, "node": node, "city_id": ids[city]} | cell
            for node, column in ranking.nodes.items()
            for city, cell in _ranked(column)
        ]
        _write(connection, tables.Score, scores)


def _save_recipe(connection: Connection, recipe: Recipe) -> None:
    table = table_of(tables.Recipe)
    known = select(table.c.digest).where(table.c.digest == recipe.digest)
    if connection.execute(known).first() is None:
        body = json.dumps(recipe.to_dict(), ensure_ascii=False, sort_keys=True)
        row = {"digest": recipe.digest, "name": recipe.name, "body": body}
        connection.execute(insert(table).values(row))


def _ranked(column: pd.Series[float]) -> list[tuple[str, dict[str, Any]]]:
    ranks = column.round(TIE_DECIMALS).rank(method="min", ascending=False)
    return [
        (str(city), {"score": _number(value), "rank": None if math.isnan(rank) else int(rank)})
        for (city, value), rank in zip(column.items(), ranks, strict=True)
    ]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _write(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table_of(model)), rows)
