from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import func, insert, select

import ccgcii_indicators
from ccgcii import indicator
from ccgcii.errors import ScoreError
from ccgcii.measuring.frameworks import make_tree
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.study import StudyScore, save_score, score_corpus
from ccgcii.plugins import Plugins
from ccgcii.scoring import Recipe
from ccgcii.testing.corpus import make_corpus, sample_corpus, sample_dictionaries
from ccgcii.testing.stores import sample_study
from ccgcii_db import insert_row, table_of, tables

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from ccgcii import Corpus

INDICATORS = [*ccgcii_indicators.ccgcii_indicators()]
METHODS = Plugins.load().methods()
RECIPE = Recipe.load("ccgcii-2020")


def scored(corpus: Corpus) -> StudyScore:
    return score_corpus(corpus, INDICATORS, RECIPE, METHODS)


def a_run(store: Engine) -> int:
    row = {"kind": "score", "started_at": 0, "state": "done", "finished_at": 1}
    with store.begin() as connection:
        return insert_row(connection, table_of(tables.Run), row)


def test_the_tree_has_the_four_dimensions_in_the_order_of_the_report() -> None:
    tree = make_tree(INDICATORS)
    assert tree.children("index") == ("penetration", "breadth", "dynamism", "responsiveness")
    assert len(tree.leaves) == 60


def test_a_plugin_may_bring_a_dimension_of_its_own() -> None:
    def nights(corpus: Corpus) -> pd.Series[float]:
        """Count nights."""
        return corpus.count()

    extra = indicator("N01", dimension="nightlife", direction=-1)(nights)
    tree = make_tree([extra, *INDICATORS])
    assert tree.children("index")[-1] == "nightlife"
    assert tree["N01"].direction == -1


def test_cities_named_most_lead_and_the_silent_one_is_last() -> None:
    ranks = scored(sample_corpus()).ranking.ranks
    assert ranks["silent"] == 5
    assert {ranks["beijing"], ranks["wuhan"]} == {1, 2}


def test_scoring_twice_gives_the_same_digits(store: Engine) -> None:
    first, second = (scored(open_corpus(store, sample_study())).ranking for _ in range(2))
    assert first.to_dict() == second.to_dict()


def test_nothing_to_score_says_what_to_do() -> None:
    with pytest.raises(ScoreError, match="ccgcii clean"):
        scored(make_corpus({}, sample_dictionaries()))


def test_what_is_saved_is_what_was_scored(store: Engine) -> None:
    result = scored(open_corpus(store, sample_study()))
    run = a_run(store)
    save_score(store, run, sample_study(), result)
    score, value = table_of(tables.Score), table_of(tables.IndicatorValue)
    recipe = table_of(tables.Recipe)
    with store.connect() as connection:
        rows = connection.execute(select(score).where(score.c.node == "index")).all()
        names = dict(connection.execute(select(recipe.c.digest, recipe.c.name)).all())
        cells = connection.execute(select(value)).all()
    keys = {city.id: city.key for city in sample_study().cities}
    for ranking in (result.ranking, *result.profiles):
        own = [row for row in rows if row.recipe == ranking.recipe.digest]
        assert {keys[row.city_id]: row.score for row in own} == ranking.index.to_dict()
        assert {keys[row.city_id]: row.rank for row in own} == ranking.ranks.to_dict()
    assert set(names.values()) == {"ccgcii-2020", "equal", "robust"}
    assert len(cells) == 300
    for cell in cells:
        found = result.matrix.cells.loc[keys[cell.city_id], cell.indicator]
        assert (cell.value is None) == bool(np.isnan(found))


def test_two_runs_share_their_recipes(store: Engine) -> None:
    result = scored(open_corpus(store, sample_study()))
    for _ in range(2):
        save_score(store, a_run(store), sample_study(), result)
    with store.connect() as connection:
        recipes = connection.execute(select(func.count()).select_from(table_of(tables.Recipe)))
        weights = connection.execute(select(func.count()).select_from(table_of(tables.Weight)))
    assert recipes.scalar_one() == 3  # its own, and the other two that ship
    assert weights.scalar_one() == 2 * 64


def test_half_a_result_is_never_saved(store: Engine) -> None:
    result = scored(open_corpus(store, sample_study()))
    run = a_run(store)
    weight = table_of(tables.Weight)
    with store.begin() as connection:
        recipe = {"digest": RECIPE.digest, "name": "x", "body": "{}"}
        connection.execute(insert(table_of(tables.Recipe)).values(recipe))
        clash = {"run_id": run, "recipe": RECIPE.digest, "node": "P01", "weight": 1.0}
        connection.execute(insert(weight).values(clash))
    with pytest.raises(Exception, match="UNIQUE"):
        save_score(store, run, sample_study(), result)
    with store.connect() as connection:
        values = select(func.count()).select_from(table_of(tables.IndicatorValue))
        assert connection.execute(values).scalar_one() == 0


def test_the_summary_keeps_tree_and_notes() -> None:
    summary = scored(sample_corpus()).summary()
    assert summary["documents"] > 0
    assert summary["tree"][0] == {
        "id": "index",
        "parent": None,
        "direction": 1,
        "treatment": "",
        "name": "index",
    }
