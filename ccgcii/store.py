"""Opening the store of a study, and keeping its lists of cities, outlets and events in step."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ccgcii.config import shown_url
from ccgcii.documents import CHANNELS
from ccgcii.errors import ConfigError, StoreError
from ccgcii_db import Dictionary, SchemaError, one_at_a_time, open_engine, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import Engine, Table
    from sqlalchemy.engine import Connection

    from ccgcii.catalogues import Event, Outlet
    from ccgcii.cities import City
    from ccgcii.config import Settings


def open_store(settings: Settings, *, create: bool = False) -> Engine:
    """Open the database behind `[store] url`; raises `StoreError` with the next step to take."""
    try:
        return open_engine(settings.store.url, create=create)
    except SchemaError as error:
        raise StoreError(str(error)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        shown = shown_url(settings.store.url)
        raise ConfigError(f"[store] url {shown!r} is not usable: {error}") from error
    except ModuleNotFoundError as error:
        extra = "pip install 'ccgcii[postgres]'"
        raise ConfigError(f"[store] url needs {error.name}, which is not there; {extra}") from error
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{shown_url(settings.store.url)}: cannot be opened ({reason})") from error


def fill_lists(
    engine: Engine, cities: Iterable[City], outlets: Mapping[str, Outlet], events: Iterable[Event]
) -> None:
    """Write the study's lists into the store; what they say wins over what is there."""
    with engine.begin() as connection:
        one_at_a_time(connection, "lists")
        for channel in CHANNELS:
            Dictionary(connection, tables.Channel).id(channel)
        _fill_cities(connection, tuple(cities))
        _fill_outlets(connection, outlets)
        _fill_events(connection, tuple(events))


def _fill_cities(connection: Connection, cities: tuple[City, ...]) -> None:
    table = table_of(tables.City)
    known = {row.id: row.key for row in connection.execute(select(table.c.id, table.c.key))}
    for city in cities:
        if known.get(city.id, city.key) != city.key:
            raise StoreError(
                f"city {city.id} is {known[city.id]!r} in the store and {city.key!r} in the "
                "study's list; a store belongs to one list: use another [store] url"
            )
    new = [_city_row(city) for city in cities if city.id not in known]
    if not new:
        return
    connection.execute(insert(table), new)
    names = [
        {
            "city_id": city.id,
            "text": name.text,
            "language": name.language,
            "kind": name.kind,
            "ambiguous": name.ambiguous,
        }
        for city in cities
        if city.id not in known
        for name in city.names
    ]
    if names:
        connection.execute(insert(table_of(tables.CityName)), names)


def _city_row(city: City) -> dict[str, Any]:
    columns = table_of(tables.City).c
    return {column.name: getattr(city, column.name) for column in columns}


def _fill_outlets(connection: Connection, outlets: Mapping[str, Outlet]) -> None:
    countries = Dictionary(connection, tables.Country, "code")
    languages = Dictionary(connection, tables.Language, "code")
    rows = {
        domain: {
            "domain": domain,
            "name": outlet.name,
            "country_id": countries.id(outlet.country),
            "language_id": languages.id(outlet.language),
            "tier": outlet.tier,
        }
        for domain, outlet in outlets.items()
    }
    _merge(connection, table_of(tables.Outlet), "domain", rows)


def _fill_events(connection: Connection, events: tuple[Event, ...]) -> None:
    table = table_of(tables.Event)
    known = Dictionary(connection, tables.Event, "key").words()
    gone = set(known) - {event.key for event in events}
    if gone:
        links = table_of(tables.DocumentEvent)
        ids = [known[key] for key in gone]
        connection.execute(delete(links).where(links.c.event_id.in_(ids)))
        connection.execute(delete(table).where(table.c.id.in_(ids)))
    _merge(connection, table, "key", {event.key: _event_row(event) for event in events})


def _merge(
    connection: Connection, table: Table, key: str, rows: Mapping[str, Mapping[str, Any]]
) -> None:
    """Insert rows that are new and rewrite those that differ; most are there and the same."""
    there = {row[key]: row for row in connection.execute(select(table)).mappings()}
    new = [row for word, row in rows.items() if word not in there]
    if new:
        connection.execute(insert(table), new)
    for word, row in rows.items():
        old = there.get(word)
        if old is not None and any(old[column] != value for column, value in row.items()):
            connection.execute(update(table).where(table.c[key] == word).values(row))


def _event_row(event: Event) -> dict[str, Any]:
    return {
        "key": event.key,
        "name": event.name,
        "category": event.category,
        "is_crisis": event.is_crisis,
        "starts_at": day_starts(event.starts),
        "ends_at": day_ends(event.ends),
        "words_en": json.dumps(event.words_en, ensure_ascii=False),
        "words_zh": json.dumps(event.words_zh, ensure_ascii=False),
        "source": event.source,
    }


def day_starts(day: date) -> int:
    """Return the first second of a day in UTC, since 1970."""
    return int(datetime.combine(day, time.min, tzinfo=UTC).timestamp())


def day_ends(day: date) -> int:
    """Return the last second of a day in UTC, since 1970."""
    return day_starts(day) + 86_399


def count_rows(engine: Engine, table: Any) -> int:
    """Return how many rows a table has."""
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
