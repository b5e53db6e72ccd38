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
from ccgcii.scoring.adjustments import adjust
from ccgcii.scoring.rankings import TIE_DECIMALS
from ccgcii.scoring.recipes import shipped_recipes
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
    from ccgcii.scoring.adjustments import Adjusted
    from ccgcii.scoring.opinions import Opinion


@dataclass(frozen=True, slots=True)
class StudyScore:
    """What scoring a corpus gives: the matrix, the ranking and everything to be said of them.

    `profiles` are the rankings by the shipped recipes other than its own; `adjusted` is what
    experts make of the ranking, None where nobody was asked.
    """

    matrix: Matrix
    ranking: Ranking
    documents: int
    profiles: tuple[Ranking, ...] = ()
    adjusted: Adjusted | None = None

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
            "profiles": [
                {"recipe": r.recipe.name, "digest": r.recipe.digest} for r in self.profiles
            ],
            "adjustments": None if self.adjusted is None else self.adjusted.summary(),
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
    opinions: Sequence[Opinion] = (),
) -> StudyScore:
    """Measure, rank by this recipe and by the shipped ones, and let experts adjust it.

    Raises `ScoreError` if no document names a city, or if opinions are refused.
    """
    if not corpus.documents:
        raise ScoreError(
            "nothing to score: no kept document in the window names a city; `ccgcii crawl` or "
            "`ccgcii import` brings documents, `ccgcii clean` puts them through the layers, and "
            "`ccgcii report` shows where they were left out"
        )
    matrix = measure(corpus, indicators)
    tree = make_tree(indicators)
    ranking = score(matrix.cells, tree, recipe, methods=methods)
    adjusted = adjust(ranking, opinions, methods=methods) if opinions else None
    others = (Recipe.load(name) for name in shipped_recipes())
    profiles = tuple(
        score(matrix.cells, tree, other, methods=methods)
        for other in others
        if other.digest != recipe.digest
    )
    return StudyScore(matrix, ranking, corpus.documents, profiles, adjusted)


def save_score(engine: Engine, run_id: int, study: Study, scored: StudyScore) -> None:
    """Write recipe, matrix, weights, scores and opinions of a run in one transaction.

    Of the other shipped recipes the index alone is kept, to stand beside.
    """
    ids = {city.key: city.id for city in study.cities}
    ranking, made = scored.ranking, scored.adjusted
    place: dict[str, Any] = {"run_id": run_id}
    own = place | {"recipe": ranking.recipe.digest}
    values = [
        place | {"indicator": key, "city_id": ids[str(city)], "value": _number(value)}
        for key, column in scored.matrix.cells.items()
        for city, value in column.items()
    ]
    weights = [own | {"node": node, "weight": weight} for node, weight in ranking.weights.items()]
    scores = [
        own | {"node": node, "city_id": ids[city]} | cell
        for node, column in ranking.nodes.items()
        for city, cell in _ranked(column, None if made is None else made.nodes[node])
    ]
    # Apart: these rows have no adjusted scores, and one insert has one set of columns.
    beside = [
        place
        | {"recipe": other.recipe.digest, "node": other.tree.root, "city_id": ids[city]}
        | cell
        for other in scored.profiles
        for city, cell in _ranked(other.index)
    ]
    given = () if made is None else made.given
    opinions = [place | _opinion(o) | {"city_id": ids[o.case.city]} for o in given]
    with engine.begin() as connection:
        for each in (ranking, *scored.profiles):
            _save_recipe(connection, each.recipe)
        _write(connection, tables.IndicatorValue, values)
        _write(connection, tables.Weight, weights)
        _write(connection, tables.Score, scores)
        _write(connection, tables.Score, beside)
        _write(connection, tables.Adjustment, opinions)


def _save_recipe(connection: Connection, recipe: Recipe) -> None:
    table = table_of(tables.Recipe)
    known = select(table.c.digest).where(table.c.digest == recipe.digest)
    if connection.execute(known).first() is None:
        body = json.dumps(recipe.to_dict(), ensure_ascii=False, sort_keys=True)
        row = {"digest": recipe.digest, "name": recipe.name, "body": body}
        connection.execute(insert(table).values(row))


def _opinion(opinion: Opinion) -> dict[str, Any]:
    row: dict[str, Any] = {"level": opinion.case.level, "target": opinion.case.target}
    row |= {name: getattr(opinion, name) for name in ("expert", "round", "factor", "reason")}
    return row | {"evidence": json.dumps(opinion.evidence, ensure_ascii=False)}


def _ranked(
    column: pd.Series[float], adjusted: pd.Series[float] | None = None
) -> list[tuple[str, dict[str, Any]]]:
    cells: dict[str, dict[str, Any]] = {str(city): {} for city in column.index}
    for names, values in ((("score", "rank"), column), (("adjusted", "adjusted_rank"), adjusted)):
        if values is None:
            continue
        ranks = values.round(TIE_DECIMALS).rank(method="min", ascending=False)
        for (city, value), rank in zip(values.items(), ranks, strict=True):
            place = (_number(value), None if math.isnan(rank) else int(rank))
            cells[str(city)] |= dict(zip(names, place, strict=True))
    return list(cells.items())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _write(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table_of(model)), rows)
