"""A store filled with the synthetic corpus: real rows of every table that scoring reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import insert

from ccgcii.cities import City, Study
from ccgcii.cleaning.storing import handle_hash
from ccgcii.documents import CHANNELS
from ccgcii.testing.corpus import CITIES, WINDOW, sample_dictionaries, sample_tables
from ccgcii_db import open_engine, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection


def sample_study() -> Study:
    """Give the study that the sample belongs to."""
    cities = tuple(
        City(
            id=number,
            key=key,
            label=key.title(),
            name_en=key.title(),
            name_zh={"beijing": "北京", "wuhan": "武汉"}.get(key, key),
            province_en="",
            province_zh="",
            gdp_2019=None,
            gdp_source="",
            latitude=None,
            longitude=None,
            geonames_id=None,
        )
        for number, key in sample_dictionaries().cities.items()
    )
    return Study("sample", WINDOW.earliest.isoformat(), WINDOW.until.isoformat(), cities)


def sample_workspace(folder: Path) -> Path:
    """Write a study of the sample into a folder: ccgcii.toml, its lists and a filled store."""
    study = sample_study()
    cities = [
        "id,key,name_en,name_zh",
        *(f"{c.id},{c.key},{c.label},{c.name_zh}" for c in study.cities),
    ]
    events = ["key,name,category,is_crisis,starts,ends,words_en,words_zh,source"]
    for e in sample_dictionaries().events:
        days = [datetime.fromtimestamp(s, UTC).date() for s in (e.starts_at, e.ends_at)]
        events.append(
            f"{e.key},{e.key},{e.category},{int(e.is_crisis)},{days[0]},{days[1]},{e.key},,"
        )
    own = sample_tables()["raw_account"].dropna(subset="city_id")
    accounts = ["platform,handle,city,role"]
    for number, channel, _, city, official in own.itertuples(index=False):
        words = CHANNELS[channel - 1], _handle(number), CITIES[city]
        accounts.append(",".join((*words, "official" if official else "affiliated")))
    (folder / "accounts.csv").write_text("\n".join(accounts), encoding="utf-8")
    (folder / "cities.csv").write_text("\n".join(cities), encoding="utf-8")
    (folder / "events.csv").write_text("\n".join(events), encoding="utf-8")
    (folder / "ccgcii.toml").write_text(
        f"[study]\nsince = {study.since}\nuntil = {study.until}\n"
        'cities = "cities.csv"\nevents = "events.csv"\naccounts = "accounts.csv"\n'
        'from_scratch = ["events"]\n',
        encoding="utf-8",
    )
    engine = open_engine(f"sqlite:///{folder / 'ccgcii.db'}", create=True)
    fill_store(engine)
    engine.dispose()
    return folder / "ccgcii.toml"


def fill_store(
    engine: Engine, given: Mapping[str, pd.DataFrame] | None = None, study: Study | None = None
) -> None:
    """Write raw tables (default: the sample) into an empty store, with a capture a document."""
    rows = sample_tables() if given is None else given
    with engine.begin() as connection:
        _write_dictionaries(connection, study or sample_study(), rows["raw_document"])
        accounts = rows["raw_account"]
        roles = accounts["official"].map({True: "official", False: "affiliated"})
        roles = roles.where(accounts["city_id"].notna(), "other")
        handles = [handle_hash(_handle(number)) for number in accounts["id"]]
        _write(
            connection,
            tables.Account,
            accounts.drop(columns="official").assign(role=roles, handle=handles),
        )
        _write_documents(connection, rows["raw_document"])
        _write(connection, tables.Mention, rows["raw_mention"])
        _write(connection, tables.DocumentTopic, rows["raw_topic"])
        _write(connection, tables.DocumentEvent, rows["raw_event"])


def _write_dictionaries(connection: Connection, study: Study, documents: pd.DataFrame) -> None:
    words = sample_dictionaries()
    columns = [column.name for column in table_of(tables.City).c]
    cities = [{name: getattr(city, name) for name in columns} for city in study.cities]
    connection.execute(insert(table_of(tables.City)), cities)
    _write_words(connection, tables.Channel, "name", words.channels)
    _write_words(connection, tables.Language, "code", words.languages)
    _write_words(connection, tables.Country, "code", words.countries)
    topics = [{"id": t.id, "name": t.name, "power": t.power} for t in words.topics]
    connection.execute(insert(table_of(tables.Topic)), topics)
    events = [
        {"id": e.id, "key": e.key, "name": e.key, "category": e.category}
        | {"is_crisis": e.is_crisis, "starts_at": e.starts_at, "ends_at": e.ends_at}
        | {"words_en": "[]", "words_zh": "[]"}
        for e in words.events
    ]
    connection.execute(insert(table_of(tables.Event)), events)
    outlets = [{"id": n, "domain": f"o{n}.example"} for n in _ids(documents["outlet_id"])]
    if outlets:
        connection.execute(insert(table_of(tables.Outlet)), outlets)
    connection.execute(insert(table_of(tables.Source)), [{"id": 1, "name": "sample"}])


def _write_words(connection: Connection, model: Any, column: str, words: Mapping[int, str]) -> None:
    rows = [{"id": number, column: word} for number, word in words.items()]
    connection.execute(insert(table_of(model)), rows)


def _write_documents(connection: Connection, documents: pd.DataFrame) -> None:
    ids = documents["id"]
    captures = pd.DataFrame(
        {
            "id": ids,
            "source_id": 1,
            "channel_id": documents["channel_id"],
            "kind": "record",
            "identity": [str(number).encode() for number in ids],
            "url": [f"https://o.example/{number}" for number in ids],
            "fetched_at": WINDOW.end,
            "cleaned": 1,
        }
    )
    _write(connection, tables.Capture, captures)
    columns = documents.assign(capture_id=ids, source_id=1, fetched_at=WINDOW.end)
    _write(connection, tables.Document, columns.assign(is_share=False))
    texts = pd.DataFrame(
        {
            "document_id": ids,
            "url": captures["url"],
            "canonical_url": captures["url"],
            "title": [f"Title {number}" for number in ids],
            "text": [f"Text {number}" for number in ids],
            "date_rule": "given",
        }
    )
    _write(connection, tables.DocumentText, texts)


def _write(connection: Connection, model: Any, frame: pd.DataFrame) -> None:
    table = table_of(model)
    known = frame[[name for name in frame.columns if name in table.c]]
    cells = known.astype(object).where(known.notna(), None)
    rows = [dict(zip(cells.columns, row, strict=True)) for row in cells.itertuples(index=False)]
    if rows:
        connection.execute(insert(table), rows)


def _handle(number: int) -> str:
    return f"a{number}"


def _ids(column: pd.Series[Any]) -> list[int]:
    return sorted({int(number) for number in column.dropna()})
