"""Which channel was looked at for which city: what decides between zero and unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import exists, select, true

from ccgcii.documents import CHANNELS
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection


def read_coverage(store: Connection, cities: Mapping[int, str]) -> pd.DataFrame:
    """Return cities x channels: whether the channel was crawled or imported for the city.

    A capture that belongs to no single city (a feed, an import) covers its channel for all. A
    slice of one city that is done covers that city in the channels its source brings, found or
    not. A channel without any capture is not covered: its counts are unknown, not zero.
    """
    covered = pd.DataFrame(False, index=pd.Index(cities.values()), columns=list(CHANNELS))
    for channel in _channels_for_all(store):
        covered[channel] = True
    for city, channel in _channels_of_cities(store):
        if city in cities:
            covered.loc[cities[city], channel] = True
    return covered


def _pairs(brought: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """Select sources that may be measured and channels, where captures tell of both.

    Pair by pair, so that each is one look into an index and not a reading of every capture. A
    withheld source is left out: its channel counts as not looked at.
    """
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    pairs = select(*columns).select_from(source.join(channel, true()))
    return pairs.where(source.c.withheld.is_(False), brought)


def _captures(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a source and channel have a capture with these conditions."""
    capture = table_of(tables.Capture).c
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    found = exists().where(
        capture.source_id == source.c.id, capture.channel_id == channel.c.id, *conditions
    )
    # Said aloud: by itself an EXISTS within another takes these for tables of its own.
    return found.correlate(source, channel, table_of(tables.Slice))


def _channels_for_all(store: Connection) -> list[str]:
    capture, channel = table_of(tables.Capture).c, table_of(tables.Channel).c
    part = table_of(tables.Slice).c
    of_no_slice = _captures(capture.slice_id.is_(None))
    general = exists().where(
        part.source_id == table_of(tables.Source).c.id,
        part.city_id.is_(None),
        _captures(capture.slice_id == part.id),
    )
    return list(store.execute(_pairs(of_no_slice | general, channel.name).distinct()).scalars())


def _channels_of_cities(store: Connection) -> list[tuple[int, str]]:
    source, channel = table_of(tables.Source).c, table_of(tables.Channel).c
    part = table_of(tables.Slice).c
    brings = _pairs(_captures(), source.id.label("source_id"), channel.name).subquery()
    found = (
        select(part.city_id, brings.c.name)
        .join(brings, brings.c.source_id == part.source_id)
        .where(part.city_id.is_not(None), part.state == "done")
        .distinct()
    )
    return [(int(city), str(name)) for city, name in store.execute(found)]
