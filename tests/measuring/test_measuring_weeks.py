from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.weeks import find_holes, read_weeks
from ccgcii.testing.corpus import WINDOW
from ccgcii.testing.stores import sample_study

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine


def weeks_of(store: Engine) -> pd.DataFrame:
    corpus = open_corpus(store, sample_study(), since=WINDOW.since)
    with store.connect() as connection:
        return read_weeks(connection, corpus)


def change(store: Engine, statement: str) -> None:
    with store.begin() as connection:
        connection.execute(text(statement))


def test_every_city_channel_and_week_has_a_row_and_no_document_is_lost(store: Engine) -> None:
    corpus = open_corpus(store, sample_study(), since=WINDOW.since)
    weeks = weeks_of(store)
    assert len(weeks) == 5 * 5 * 13
    by_city = weeks.groupby("city")["documents"].sum()
    assert by_city[by_city > 0].to_dict() == corpus.count().to_dict()
    assert not weeks[weeks["city"] == "silent"]["documents"].any()


def test_a_week_in_which_a_channel_brought_nothing_is_a_hole(store: Engine) -> None:
    start = WINDOW.start + 3 * 7 * 86400
    change(
        store,
        "UPDATE document SET published_at = NULL WHERE channel_id = 2 "
        f"AND published_at >= {start} AND published_at < {start + 7 * 86400}",
    )
    weeks = weeks_of(store)
    hole = weeks[(weeks["channel"] == "facebook") & (weeks["week"] == 3)]
    assert not hole["covered"].any()
    holes = find_holes(weeks)
    assert holes[holes["channel"] == "facebook"]["week"].tolist() == [3]


def test_a_week_whose_documents_were_all_dropped_was_looked_at(store: Engine) -> None:
    change(store, "UPDATE document SET dropped = 3 WHERE channel_id = 2")
    weeks = weeks_of(store)
    facebook = weeks[weeks["channel"] == "facebook"]
    assert not facebook["documents"].any()
    assert facebook["covered"].all()
    assert "facebook" not in set(find_holes(weeks)["channel"])


@pytest.mark.parametrize("table", ["capture", "document"])
def test_a_channel_never_looked_at_has_no_holes_and_no_cover(store: Engine, table: str) -> None:
    change(store, f"DELETE FROM {table} WHERE channel_id = 5")
    weeks = weeks_of(store)
    youtube = weeks[weeks["channel"] == "youtube"]
    assert not youtube["covered"].any()
    assert "youtube" not in set(find_holes(weeks)["channel"])
