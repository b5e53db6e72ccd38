"""Which channel was looked at for which city: what decides between zero and unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import select

from ccgcii.documents import CHANNELS
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
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


def _withheld() -> Select[tuple[int]]:
    """Select the sources that may not be measured: their channel counts as not looked at."""
    source = table_of(tables.Source)
    return select(source.c.id).where(source.c.withheld)


def _channels_for_all(store: Connection) -> list[str]:
    capture, channel = table_of(tables.Capture), table_of(tables.Channel)
    part = table_of(tables.Slice)
    general = (
        select(capture.c.id)
        .outerjoin(part, part.c.id == capture.c.slice_id)
        .where(
            capture.c.channel_id == channel.c.id,
            part.c.city_id.is_(None),
            capture.c.source_id.not_in(_withheld()),
        )
    )
    return list(store.execute(select(channel.c.name).where(general.exists())).scalars())


def _channels_of_cities(store: Connection) -> list[tuple[int, str]]:
    capture, channel = table_of(tables.Capture), table_of(tables.Channel)
    part = table_of(tables.Slice)
    brings = (
        select(capture.c.source_id, capture.c.channel_id)
        .where(capture.c.source_id.not_in(_withheld()))
        .distinct()
        .subquery()
    )
    found = (
        select(part.c.city_id, channel.c.name)
        .join(brings, brings.c.source_id == part.c.source_id)
        .join(channel, channel.c.id == brings.c.channel_id)
        .where(part.c.city_id.is_not(None), part.c.state == "done")
        .distinct()
    )
    return [(int(city), str(name)) for city, name in store.execute(found)]
