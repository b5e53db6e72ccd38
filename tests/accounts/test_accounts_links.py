from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

import ccgcii_indicators
from ccgcii.accounts import Links, link_accounts
from ccgcii.catalogues import CityAccount, default_accounts, default_cities, default_events
from ccgcii.cleaning.storing import handle_hash
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.store import fill_lists
from ccgcii.testing.stores import fill_store, sample_study
from ccgcii_db import open_engine, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ACCOUNT = table_of(tables.Account)
SECRET = "pepper"
LIST = (
    CityAccount("x", "VisitWuhan", "wuhan", "official", followers=500),
    CityAccount("facebook", "wuhandaily", "wuhan", "affiliated"),
    CityAccount("x", "wuhan_life", "wuhan", None),
    CityAccount("tiktok", "wuhan", "wuhan", "official"),
    CityAccount("x", "atlantis", "atlantis", "official"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """Give a store with the five cities and two authors, one of them the city's own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}", create=True)
    fill_lists(engine, sample_study().cities, {}, default_events())
    with engine.begin() as connection:
        x = connection.execute(
            select(table_of(tables.Channel).c.id).where(table_of(tables.Channel).c.name == "x")
        ).scalar_one()
        rows = [
            {"channel_id": x, "handle": handle_hash(name, SECRET.encode()), "followers": followers}
            for name, followers in (("@visitwuhan", None), ("someone", 7))
        ]
        connection.execute(insert(ACCOUNT), rows)
    yield engine
    engine.dispose()


def rows(store: Engine) -> dict[str, Any]:
    with store.connect() as connection:
        found = connection.execute(select(ACCOUNT)).all()
    return {row.handle: row for row in found}


def test_an_author_on_the_list_gets_city_role_and_followers(store: Engine) -> None:
    links = link_accounts(store, LIST, SECRET)
    assert links == Links(linked=2, seen=1, undecided=1, elsewhere=2)
    own = rows(store)[handle_hash("VisitWuhan", SECRET.encode())]
    assert (own.city_id, own.role, own.followers) == (2, "official", 500)
    assert rows(store)[handle_hash("someone", SECRET.encode())].city_id is None


def test_an_account_that_never_wrote_is_there_to_be_counted_as_silent(store: Engine) -> None:
    link_accounts(store, LIST, SECRET)
    silent = rows(store)[handle_hash("wuhandaily", SECRET.encode())]
    assert (silent.city_id, silent.role) == (2, "affiliated")


def test_an_account_of_unknown_owner_is_nobodys_own(store: Engine) -> None:
    link_accounts(store, LIST, SECRET)
    assert handle_hash("wuhan_life", SECRET.encode()) not in rows(store)


def test_another_key_meets_nobody(store: Engine) -> None:
    assert link_accounts(store, LIST, "salt").seen == 0


def test_linking_twice_changes_nothing(store: Engine) -> None:
    link_accounts(store, LIST, SECRET)
    before = rows(store)
    assert link_accounts(store, LIST, SECRET).seen == 2
    assert rows(store) == before


def test_followers_of_a_document_win_over_the_list(store: Engine) -> None:
    someone = CityAccount("x", "someone", "wuhan", "official", followers=99)
    link_accounts(store, [someone], SECRET)
    assert rows(store)[handle_hash("someone", SECRET.encode())].followers == 7


def test_what_leaves_the_list_is_unlinked(store: Engine) -> None:
    link_accounts(store, LIST, SECRET)
    link_accounts(store, LIST[1:], SECRET)
    left = rows(store)[handle_hash("VisitWuhan", SECRET.encode())]
    assert (left.city_id, left.role) == (None, None)


def test_the_list_that_ships_links_accounts_of_its_cities(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'all.db'}", create=True)
    fill_lists(engine, default_cities(), {}, default_events())
    links = link_accounts(engine, default_accounts())
    assert links.linked > 0
    assert links.linked + links.undecided + links.elsewhere == len(default_accounts())
    engine.dispose()


def test_linked_accounts_let_what_cities_do_themselves_be_measured(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'sample.db'}", create=True)
    fill_store(engine)
    with engine.begin() as connection:
        connection.execute(ACCOUNT.update().values(city_id=None, role=None))
        # The author of some posts on X, by the handle that the list has for it.
        handle = handle_hash("VisitWuhan")
        connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == 5).values(handle=handle))
    indicators = [
        each for each in ccgcii_indicators.ccgcii_indicators() if each.id in {"D01", "D03", "B14"}
    ]
    before = measure(open_corpus(engine, sample_study()), indicators).cells
    assert before.isna().all(axis=None)
    silent = CityAccount("x", "VisitBeijing", "beijing", "official")
    link_accounts(engine, [*LIST, silent])
    after = measure(open_corpus(engine, sample_study()), indicators).cells
    assert after["D01"].to_dict()["wuhan"] == 1
    assert after["D03"].to_dict()["wuhan"] > 1
    assert after["D03"].to_dict()["beijing"] == 0
    assert isnan(after["D03"].to_dict()["sanya"])
    engine.dispose()
