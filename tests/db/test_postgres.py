"""The store on PostgreSQL: the same study as in a SQLite file, the same ranking."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from ccgcii.cli import cli
from ccgcii.cli.guard import storage_trouble
from ccgcii.config import Settings
from ccgcii.crawling.locks import source_lock
from ccgcii.errors import SourceError, StoreError
from ccgcii.measuring import doors, loading
from ccgcii.testing import LoopbackServer, PostgresServer, World
from ccgcii.workspace import Workspace
from ccgcii_db import Dictionary, insert_missing, open_engine, table_of, tables

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.postgres
CITIES = 12


def study_of(world: World, folder: Path, port: int, url: str | None) -> Path:
    """Write the world's study; `url` is its store, a file if None."""
    folder.mkdir()
    world.write_config(folder, port)
    world.write_exports(folder / "exports")
    config = folder / "ccgcii.toml"
    if url is not None:
        words = config.read_text(encoding="utf-8").replace("sqlite:///ccgcii.db", url)
        config.write_text(words, encoding="utf-8")
    return config


def ccgcii(config: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--config", str(config), *arguments])
    assert result.exit_code == 0, result.stderr or result.exception
    return result.stdout


def run_study(config: Path) -> dict[str, Any]:
    """Import, clean and score what was crawled; return the report without what time makes."""
    for channel in ("youtube",):
        export = config.parent / "exports" / f"{channel}.csv"
        ccgcii(config, "import", str(export), "--mapping", str(export.with_suffix(".toml")))
    ccgcii(config, "clean")
    ccgcii(config, "score")
    report: dict[str, Any] = json.loads(ccgcii(config, "report", "--json"))
    return report


def counts(config: Path) -> dict[str, int]:
    with Workspace.open(config) as workspace, workspace.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }


@pytest.mark.slow
def test_a_study_gives_the_same_report_on_postgresql_as_in_a_file(
    tmp_path: Path, database: str
) -> None:
    world = World(3, cities=CITIES, articles=60, posts=240)
    told: list[Any] = []
    with LoopbackServer(world.answer) as server:
        configs = [
            study_of(world, tmp_path / name, server.port, url)
            for name, url in (("file", None), ("postgres", database))
        ]
        for config in configs:
            summary = json.loads(ccgcii(config, "crawl", "--json"))["sources"][0]
            assert summary["captures"] > 60
            assert summary["slices_done"] + summary["slices_failed"] == summary["slices"]
    for config in configs:
        report = run_study(config)
        told.append([report["ranking"], counts(config)])
        assert len(report["ranking"]) == CITIES
    assert told[0] == told[1]
    ccgcii(configs[1], "sources")


def test_the_migrations_make_just_the_tables_that_the_models_describe(database: str) -> None:
    engine = open_engine(database, create=True)
    inspector = inspect(engine)
    for name, table in SQLModel.metadata.tables.items():
        columns = {
            column["name"]: column["type"].compile(engine.dialect)
            for column in inspector.get_columns(name)
        }
        wanted = {
            column.name: column.type.compile(engine.dialect).replace("FLOAT", "DOUBLE PRECISION")
            for column in table.columns
        }
        assert columns == wanted, name
    engine.dispose()


def test_what_does_not_fit_into_small_integers_and_texts_with_nul_are_kept(
    tmp_path: Path, database: str
) -> None:
    lines = [
        {
            "id": "1",
            "text": "Wuhan by night\0, seen by all",
            "url": "https://x.com/a/status/1",
            "views": 9_000_000_000,
            "published_at": "2020-06-01T00:00:00Z",
        },
        {
            "id": "2",
            "text": "Wuhan in a hundred years",
            "url": "https://x.com/a/status/2",
            "published_at": "2120-06-01T00:00:00Z",
        },
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    config = tmp_path / "ccgcii.toml"
    config.write_text(f"[store]\nurl = '{database}'\n", encoding="utf-8")
    ccgcii(config, "import", str(path), "--channel", "x")
    ccgcii(config, "clean")
    with Workspace.open(config) as workspace, workspace.engine.connect() as connection:
        document = table_of(tables.Document)
        assert connection.execute(select(func.max(document.c.views))).scalar() == 9_000_000_000
        found = connection.execute(select(table_of(tables.DocumentText).c.text)).scalars().all()
    assert "Wuhan by night, seen by all" in found
    # What is judged again is judged alike, from any layer on.
    for options in (["--again"], ["--from", "4"]):
        ccgcii(config, "clean", *options)
        with Workspace.open(config) as workspace, workspace.engine.connect() as connection:
            again = connection.execute(select(table_of(tables.DocumentText).c.text)).scalars().all()
        assert sorted(again) == sorted(found)


def test_inserting_what_may_be_there_tells_how_many_rows_were_new(database: str) -> None:
    engine = open_engine(database, create=True)
    table = table_of(tables.Topic)
    with engine.begin() as connection:
        rows = [{"name": name, "power": "hard"} for name in "abc"]
        assert connection.execute(insert_missing(connection, table), rows[:1]).rowcount == 1
        assert connection.execute(insert_missing(connection, table), rows).rowcount == 2
        assert connection.execute(insert_missing(connection, table), rows).rowcount == 0
    engine.dispose()


def test_two_processes_may_learn_the_same_new_word(database: str) -> None:
    engine = open_engine(database, create=True)
    with engine.connect() as one, engine.connect() as other:
        mine, theirs = (Dictionary(each, tables.Country, "code") for each in (one, other))
        number = mine.id("CN")
        found: list[int | None] = []
        waits = threading.Thread(target=lambda: found.append(theirs.id("CN")))
        waits.start()
        one.commit()
        waits.join()
        assert found == [number]
    engine.dispose()


def test_a_source_is_crawled_by_one_machine_at_a_time(tmp_path: Path, database: str) -> None:
    engine = open_engine(database, create=True)
    with (
        source_lock(tmp_path / "here", "news", engine),
        pytest.raises(SourceError, match="'news' is being crawled by another process"),
        source_lock(tmp_path / "there", "news", engine),
    ):
        pass
    with source_lock(tmp_path / "there", "news", engine):
        pass
    engine.dispose()


def test_feeds_are_read_again_when_due_and_judged_there_too(tmp_path: Path, database: str) -> None:
    world = World(articles=40, posts=0)
    with LoopbackServer(world.answer) as server:
        config = study_of(world, tmp_path / "study", server.port, database)
        first, second, third = (
            json.loads(ccgcii(config, "crawl", "news", "--json", *more))["sources"][0]
            for more in ((), (), ("--now",))
        )
    assert first["captures"] > 20
    assert (second["listings"], second["captures"]) == (0, 0)
    assert second["listings_resting"] > 20
    assert third["same_body"] > 20
    listings = json.loads(ccgcii(config, "sources", "--listings", "--json"))
    assert {each["verdict"] for each in listings} >= {"ok", "broken"}
    news = next(
        each for each in json.loads(ccgcii(config, "sources", "--json")) if each["source"] == "news"
    )
    assert (news["listings"], news["verdict"]) == (len(listings), "ok")
    assert news["listings_failing"] > 0


def test_a_fast_door_leads_into_it_and_the_slow_one_gives_the_same(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ccgcii.testing.stores import fill_store, sample_study

    engine = open_engine(database, create=True)
    fill_store(engine)
    assert doors.door_of(engine) is not None
    fast = loading.open_corpus(engine, sample_study()).total("count(*)")
    monkeypatch.setattr(loading, "door_of", lambda _: None)
    slow = loading.open_corpus(engine, sample_study()).total("count(*)")
    assert fast.equals(slow)
    assert fast.sum() > 0
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ann:planted@127.0.0.1:1/study",
        "postgresql+psycopg://127.0.0.1:1/study?user=ann&password=planted",
    ],
)
def test_a_server_that_is_not_there_is_one_clear_line_without_the_password(url: str) -> None:
    with (
        Workspace(Settings(store={"url": url}), create=True) as workspace,
        pytest.raises(StoreError, match="cannot be reached") as raised,
    ):
        _ = workspace.engine
    assert "planted" not in str(raised.value)


def test_a_database_of_something_else_is_refused_unharmed(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (cake text)"))
    engine.dispose()
    with (
        Workspace(Settings(store={"url": database}), create=True) as workspace,
        pytest.raises(StoreError, match="no ccgcii schema"),
    ):
        _ = workspace.engine


def test_a_server_that_dies_in_the_midst_costs_one_clear_line(tmp_path: Path) -> None:
    with PostgresServer() as server:
        settings = Settings(store={"url": server.new_database()})
        with Workspace(settings, create=True) as workspace, workspace.engine.connect() as rows:
            rows.execute(text("SELECT 1"))
            server.stop()
            with pytest.raises(OperationalError) as raised:
                rows.execute(text("SELECT 1"))
        assert "run the same command again" in (storage_trouble(raised.value) or "")
        with (
            Workspace(settings) as workspace,
            pytest.raises(StoreError, match="cannot be reached"),
        ):
            _ = workspace.engine
