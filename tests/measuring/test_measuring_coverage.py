from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from ccgcii.measuring.coverage import read_coverage
from ccgcii.testing.corpus import CITIES
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

CAPTURE = table_of(tables.Capture)


def coverage(store: Engine) -> pd.DataFrame:
    with store.connect() as connection:
        return read_coverage(connection, CITIES)


def empty(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(delete(CAPTURE))


def test_captures_that_belong_to_no_city_cover_their_channel_for_all(store: Engine) -> None:
    assert coverage(store).all(axis=None)


def test_a_channel_without_captures_is_not_covered(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id == 5))
    covered = coverage(store)
    assert not covered["youtube"].any()
    assert covered["instagram"].all()


def test_a_slice_of_no_city_covers_the_channels_that_it_brought_and_no_other(store: Engine) -> None:
    part = table_of(tables.Slice)
    with store.begin() as connection:
        feed = {"id": 1, "source_id": 1, "key": "feed", "city_id": None, "state": "done"}
        connection.execute(insert(part), [feed | {"payload": "{}"}])
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id != 1))
        connection.execute(update(CAPTURE).values(slice_id=1))
    covered = coverage(store)
    assert covered["media"].all()
    assert not covered.drop(columns="media").any(axis=None)


def test_a_slice_of_one_city_covers_that_city_even_if_it_found_nothing(store: Engine) -> None:
    part = table_of(tables.Slice)
    with store.begin() as connection:
        slices = [
            {"id": 1, "source_id": 1, "key": "a", "city_id": 1, "state": "done", "payload": "{}"},
            {"id": 2, "source_id": 1, "key": "b", "city_id": 2, "state": "done", "payload": "{}"},
            {"id": 3, "source_id": 1, "key": "c", "city_id": 3, "state": "failed", "payload": "{}"},
        ]
        connection.execute(insert(part), slices)
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id != 5))
        connection.execute(update(CAPTURE).values(slice_id=1))
    covered = coverage(store)["youtube"]
    assert covered.to_dict() == {
        "beijing": True,
        "wuhan": True,
        "dezhou": False,
        "sanya": False,
        "silent": False,
    }


def test_an_empty_store_covers_nothing(store: Engine) -> None:
    empty(store)
    assert not coverage(store).any(axis=None)
