from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sqlalchemy import create_engine, text, update
from sqlmodel import SQLModel

import ccgcii_indicators
from ccgcii.catalogues import Outlet
from ccgcii.errors import PluginError, ScoreError
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.testing.corpus import (
    WINDOW,
    make_corpus,
    sample_corpus,
    sample_dictionaries,
    sample_tables,
)
from ccgcii.testing.stores import fill_store, sample_study
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ccgcii import Corpus


def matrix_of(corpus: Corpus) -> pd.DataFrame:
    return measure(corpus, [*ccgcii_indicators.ccgcii_indicators()]).cells


def test_a_store_read_through_adbc_gives_the_same_matrix_as_the_tables_it_was_filled_with(
    store: Engine,
) -> None:
    corpus = open_corpus(store, sample_study(), since=WINDOW.since)
    pd.testing.assert_frame_equal(matrix_of(corpus), matrix_of(sample_corpus()), check_exact=True)


def test_a_store_without_a_file_is_read_through_sqlalchemy_with_the_same_result(
    store: Engine,
) -> None:
    from sqlalchemy.pool import StaticPool

    memory = create_engine("sqlite://", poolclass=StaticPool)
    with memory.begin() as connection:
        SQLModel.metadata.create_all(connection)
    fill_store(memory)
    corpus = open_corpus(memory, sample_study(), since=WINDOW.since)
    expected = open_corpus(store, sample_study(), since=WINDOW.since)
    pd.testing.assert_frame_equal(matrix_of(corpus), matrix_of(expected), check_exact=True)
    memory.dispose()


def test_it_is_unknown_whether_a_title_that_is_not_there_names_the_city(store: Engine) -> None:
    facts = "SELECT DISTINCT document, in_title FROM fact WHERE NOT coalesce(in_title, FALSE)"
    before = open_corpus(store, sample_study(), since=WINDOW.since).facts.connection
    untitled = before.execute(f"{facts} ORDER BY document").fetchall()[0][0]
    texts = table_of(tables.DocumentText)
    with store.begin() as connection:
        where = texts.c.document_id == untitled
        connection.execute(update(texts).where(where).values(title=""))
    after = open_corpus(store, sample_study(), since=WINDOW.since).facts.connection
    found = dict(after.execute(facts).fetchall())
    assert found.pop(untitled) is None
    assert set(found.values()) == {False}


def test_the_catalogue_of_outlets_tells_whose_voice_a_document_is(store: Engine) -> None:
    kinds = [
        ("wuhan", "affiliated"),
        ("dezhou", "official"),
        ("beijing", None),  # nobody knows whose voice it is
        ("oslo", "official"),  # not in the study
    ]
    outlets = {
        f"o{number}.example": Outlet(f"o{number}.example", city=city, role=role)
        for number, (city, role) in enumerate(kinds, start=1)
    }
    study = replace(sample_study(), outlets=outlets)
    corpus = open_corpus(store, study, since=WINDOW.since)
    plain = open_corpus(store, sample_study(), since=WINDOW.since)
    here = "channel = 'media' AND outlet"
    for number, (city, role) in enumerate(kinds[:2], start=1):
        told = corpus.count(f"voice = '{role}' AND channel = 'media'")
        expected = plain.count(f"{here} = {number}")
        assert told.to_dict() == {city: expected[city]}
        assert expected[city] > 0
    others = corpus.count(f"{here} IN (3, 4) AND voice <> 'other'")
    assert others.empty


def test_the_order_of_rows_does_not_change_a_digit() -> None:
    shuffled = {
        name: table.sample(frac=1, random_state=1) for name, table in sample_tables().items()
    }
    corpus = make_corpus(shuffled, sample_dictionaries())
    pd.testing.assert_frame_equal(matrix_of(corpus), matrix_of(sample_corpus()), check_exact=True)


def test_reading_leaves_an_open_writer_alone_and_sees_what_is_committed(store: Engine) -> None:
    with store.connect() as writer:
        writer.execute(text("UPDATE document SET dropped = 3"))
        before = open_corpus(store, sample_study())
        writer.commit()
    after = open_corpus(store, sample_study())
    assert before.documents == 600
    assert after.documents == 0


def test_dropped_documents_and_those_outside_the_window_are_not_seen(store: Engine) -> None:
    document = table_of(tables.Document)
    with store.begin() as connection:
        connection.execute(update(document).where(document.c.id <= 100).values(dropped=5))
        connection.execute(update(document).where(document.c.id > 500).values(published_at=None))
    corpus = open_corpus(store, sample_study())
    assert corpus.documents == 400
    assert corpus.days == 275


def test_the_first_and_the_last_second_belong_to_the_window(store: Engine) -> None:
    document = table_of(tables.Document)
    edges = {1: WINDOW.start, 2: WINDOW.end - 1, 3: WINDOW.start - 1, 4: WINDOW.end}
    with store.begin() as connection:
        connection.execute(update(document).values(published_at=0))
        for number, second in edges.items():
            connection.execute(
                update(document).where(document.c.id == number).values(published_at=second)
            )
    corpus = open_corpus(store, sample_study(), since=WINDOW.since)
    assert sorted(corpus.query("SELECT DISTINCT document FROM fact")["document"]) == [1, 2]


def test_a_window_outside_the_study_is_refused_with_the_next_step(store: Engine) -> None:
    with pytest.raises(ScoreError, match="not inside the study"):
        open_corpus(store, sample_study(), since=date(2018, 1, 1))
    with pytest.raises(ScoreError, match="swap them"):
        open_corpus(store, sample_study(), since=date(2020, 2, 1), until=date(2020, 1, 1))


def test_indicators_cannot_read_files_through_sql() -> None:
    with pytest.raises(PluginError, match="Permission"):
        sample_corpus().query("SELECT * FROM read_csv('/etc/passwd')")


def test_a_mistake_in_sql_names_the_query() -> None:
    with pytest.raises(PluginError, match="salinece"):
        sample_corpus().total("sum(salinece)")


def test_the_frames_are_what_the_class_says() -> None:
    corpus = sample_corpus()
    frames = {
        "city_day": ["city", "day", "documents"],
        "city_channel": ["city", "channel", "documents"],
        "city_country": ["city", "country", "documents"],
        "city_language": ["city", "language", "documents"],
        "city_topic": ["city", "topic", "power", "documents"],
        "city_outlet": ["city", "outlet", "documents"],
        "city_author": ["city", "account", "voice", "documents", "followers"],
        "before": ["city", "channel", "documents"],
        "city_event_day": ["city", "event", "day", "documents"],
        "official_weeks": ["city", "account", "week", "posts"],
    }
    for name, columns in frames.items():
        assert [*getattr(corpus, name).columns] == columns, name
    assert corpus.city_channel["documents"].sum() == corpus.count().sum()
    assert corpus.heard.tolist() == ["beijing", "wuhan", "dezhou", "sanya"]
