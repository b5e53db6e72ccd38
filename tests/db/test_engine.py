"""The store: made safely, checked at start, never taken for something else."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, inspect, select, text
from sqlmodel import SQLModel

from ccgcii_db import (
    SchemaError,
    change_rows,
    newest_version,
    open_engine,
    schema_version,
    table_of,
    tables,
)

if TYPE_CHECKING:
    from pathlib import Path


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_new_store_is_wal_with_foreign_keys_and_the_newest_schema(tmp_path: Path) -> None:
    engine = open_engine(url(tmp_path / "a.db"), create=True)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert schema_version(connection) == newest_version()
    engine.dispose()


def test_the_migrations_make_just_the_tables_that_the_models_describe(tmp_path: Path) -> None:
    engine = open_engine(url(tmp_path / "a.db"), create=True)
    inspector = inspect(engine)
    for name, table in SQLModel.metadata.tables.items():
        columns = {column["name"] for column in inspector.get_columns(name)}
        assert columns == {column.name for column in table.columns}, name
        indexes = {index["name"] for index in inspector.get_indexes(name)}
        assert indexes == {index.name for index in table.indexes}, name
    engine.dispose()


def test_a_missing_store_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="ccgcii init"):
        open_engine(url(tmp_path / "a.db"))
    assert not (tmp_path / "a.db").exists()


def test_a_file_that_is_no_database_is_refused_unharmed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("minutes of a meeting, " * 100, encoding="utf-8")
    with pytest.raises(SchemaError, match="not a ccgcii store"):
        open_engine(url(path), create=True)
    assert path.read_text(encoding="utf-8").startswith("minutes")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("mode", [0o444, 0o644])
def test_a_store_in_a_closed_folder_is_called_that_and_left_as_it_is(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "study" / "a.db"
    path.parent.mkdir()
    open_engine(url(path), create=True).dispose()
    before = path.read_bytes()
    path.chmod(mode)
    path.parent.chmod(0o555)
    with pytest.raises(SchemaError, match=r"may not be written here.*work on a copy"):
        open_engine(url(path))
    path.parent.chmod(0o755)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused_unharmed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table recipes (cake text)")
    connection.close()
    with pytest.raises(SchemaError, match="no ccgcii schema"):
        open_engine(url(path), create=True)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    engine = open_engine(url(tmp_path / "a.db"), create=True)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    with pytest.raises(SchemaError, match="upgrade ccgcii"):
        open_engine(url(tmp_path / "a.db"))


def test_rows_are_changed_by_number_and_no_other_is(tmp_path: Path) -> None:
    engine = open_engine(url(tmp_path / "a.db"), create=True)
    topic = table_of(tables.Topic)
    rows = [{"id": number, "name": f"t{number}", "power": "hard"} for number in range(1, 13)]
    with engine.begin() as connection:
        connection.execute(insert(topic), rows)
        change_rows(connection, topic, "id", [], power="none")
        change_rows(connection, topic, "id", [11, 3, 5, 4, 9], power="soft")
        changed = connection.execute(select(topic.c.id).where(topic.c.power == "soft"))
        assert sorted(changed.scalars()) == [3, 4, 5, 9, 11]
    engine.dispose()
