"""The store's lists follow the study's: merged, never doubled, never of another study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from ccgcii.config import Settings
from ccgcii.errors import StoreError
from ccgcii.store import count_rows, open_store
from ccgcii.workspace import Workspace
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from pathlib import Path


def workspace(folder: Path, **study: Any) -> Workspace:
    settings = Settings(
        store={"url": f"sqlite:///{folder}/a.db", "archive": folder / "archive"}, study=study
    )
    return Workspace(settings, create=True)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    sizes = []
    for _ in range(2):
        with workspace(tmp_path) as opened:
            sizes.append(
                [
                    count_rows(opened.engine, table_of(table))
                    for table in (tables.City, tables.CityName, tables.Outlet, tables.Event)
                ]
            )
    assert sizes[0] == sizes[1]
    assert sizes[0][0] == 100


def test_a_changed_outlet_is_rewritten_in_place(tmp_path: Path) -> None:
    outlet = table_of(tables.Outlet)
    tiers = []
    for tier in (1, 3):
        path = tmp_path / "outlets.csv"
        path.write_text(f"domain,tier\na.example,{tier}\n", encoding="utf-8")
        with workspace(tmp_path, outlets=path) as opened, opened.engine.connect() as connection:
            rows = connection.execute(select(outlet.c.tier).where(outlet.c.domain == "a.example"))
            tiers.append(rows.scalars().all())
    assert tiers == [[1], [3]]


def test_an_event_that_left_the_list_leaves_the_store(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    header = "key,name,category,starts,ends,words_en\n"
    path.write_text(f"{header}a,A,sport,2020-02-01,2020-02-02,x\n", encoding="utf-8")
    with workspace(tmp_path, events=path) as opened:
        assert count_rows(opened.engine, table_of(tables.Event)) > 1
    with workspace(tmp_path, events=path, from_scratch=["events"]) as opened:
        assert count_rows(opened.engine, table_of(tables.Event)) == 1


def test_what_the_system_says_is_told_without_its_number(tmp_path: Path) -> None:
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/{'a' * 300}.db"})
    with pytest.raises(StoreError, match=r"cannot be opened \(File name too long\)$"):
        open_store(settings, create=True)


def test_a_store_of_other_cities_is_refused(tmp_path: Path) -> None:
    with workspace(tmp_path) as opened:
        assert opened.engine is not None
    path = tmp_path / "cities.csv"
    path.write_text("name_en\nLhasa\n", encoding="utf-8")
    with (
        workspace(tmp_path, cities=path) as opened,
        pytest.raises(StoreError, match="a store belongs to one list"),
    ):
        opened.engine.connect()
