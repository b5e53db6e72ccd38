"""What was looked at: what decides, by city, channel and week, between zero and unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import exists, func, select, true

from ccgcii.documents import CHANNELS
from ccgcii.measuring.covers import WEEK, Cover
from ccgcii.measuring.questions import Question
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Engine, Select
    from sqlalchemy.engine import Connection

    from ccgcii.measuring.answers import Answers
    from ccgcii.measuring.raw import Window

    Flags = NDArray[np.bool_]

SEEN = Question(("channel", "day // 7"))
DAY = 86_400
# A slice's key says which days it is about; one that names none is about all of them.
SPAN = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)\d*\.\.(\d{4})-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True)
class Looks:
    """What a store says was asked for.

    `channels` that feeds, imports and other work of no single city brought; and of each slice of
    one city that is done: the city, a channel that its source brings, and its days as in its key.
    `without` are the sources that were left out.
    """

    channels: frozenset[str]
    slices: tuple[tuple[int, str, str], ...]
    without: tuple[int, ...] = ()


def read_looks(store: Connection, without: Sequence[int] = ()) -> Looks:
    """Read what was asked for; withheld sources, and those left out, are as if they were not."""
    channels, slices = _channels_for_all(without), _slices_of_cities(without)
    return Looks(
        frozenset(store.execute(channels).scalars()),
        tuple((int(city), str(name), str(key)) for city, name, key in store.execute(slices)),
        tuple(without),
    )


def read_cover(
    engine: Engine, looks: Looks, facts: Answers, cities: Mapping[int, str], window: Window
) -> Cover:
    """Return which weeks of which channel were looked at for which city.

    What belongs to no single city (a feed, an import) covers its channel for all of them, in the
    weeks of which anything was seen, kept or dropped: a week of which a whole channel brought
    nothing is one that nobody looked at. A slice of one city that is done covers that city in its
    days, found or not. A channel without any capture is not covered.
    """
    looked = np.zeros((len(cities), len(CHANNELS), -(-window.days // WEEK)), dtype=bool)
    general = [name in looks.channels for name in CHANNELS]
    seen = _kept_weeks(facts, looked.shape[2])
    if (~seen[general]).any():
        with engine.connect() as store:
            seen |= _dropped_weeks(store, window, looks.without, looked.shape[2])
    looked[:, general] = seen[general]
    rows = {number: row for row, number in enumerate(cities)}
    for city, channel, key in looks.slices:
        if city in rows:
            looked[rows[city], CHANNELS.index(channel), _weeks_of(key, window)] = True
    return Cover(tuple(cities.values()), looked, window.days)


def _weeks_of(key: str, window: Window) -> slice:
    span = SPAN.search(key)
    if span is None:
        return slice(None)
    year, month, day, *end = (int(part) for part in span.groups())
    first, last = (
        (datetime(*parts, tzinfo=UTC).timestamp() - window.start) // DAY
        for parts in ((year, month, day), (end[0], end[1], end[2]))
    )
    return slice(max(int(first) // WEEK, 0), max(int(last) // WEEK + 1, 0))


def _kept_weeks(facts: Answers, weeks: int) -> Flags:
    frame = facts.answer(SEEN).set_axis(["channel", "week", "documents"], axis=1)
    return _flags(zip(frame["channel"].astype(str), frame["week"], strict=True), weeks)


def _dropped_weeks(store: Connection, window: Window, without: Sequence[int], weeks: int) -> Flags:
    """Look at what was not kept, which takes reading every document: only where weeks are empty."""
    document, source = table_of(tables.Document).c, table_of(tables.Source).c
    channel = table_of(tables.Channel)
    week = func.floor((document.published_at - window.start) / (DAY * WEEK))
    query = (
        select(channel.c.name, week)
        .join_from(table_of(tables.Document), channel)
        .where(
            document.dropped.is_not(None),
            document.published_at >= window.start,
            document.published_at < window.end,
            document.source_id.not_in(select(source.id).where(source.withheld)),
            document.source_id.not_in(without),
        )
        .distinct()
    )
    return _flags(((name, number) for name, number in store.execute(query)), weeks)


def _flags(pairs: Iterable[tuple[str, float]], weeks: int) -> Flags:
    flags = np.zeros((len(CHANNELS), weeks), dtype=bool)
    for channel, week in pairs:
        flags[CHANNELS.index(channel), int(week)] = True
    return flags


def _pairs(
    without: Sequence[int], brought: ColumnElement[bool], *columns: Any
) -> Select[tuple[Any, ...]]:
    """Select sources that may be measured and channels, where captures tell of both.

    Pair by pair, so that each is one look into an index and not a reading of every capture. A
    withheld source is left out: its channel counts as not looked at.
    """
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    pairs = select(*columns).select_from(source.join(channel, true()))
    return pairs.where(source.c.withheld.is_(False), source.c.id.not_in(without), brought)


def _captures(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a source and channel have a capture with these conditions."""
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    capture, part = table_of(tables.Capture), table_of(tables.Slice)
    found = exists().where(
        capture.c.source_id == source.c.id, capture.c.channel_id == channel.c.id, *conditions
    )
    # Inside another EXISTS these would be tables of its own, and any channel would do.
    return found.correlate(source, channel, part)


def _channels_for_all(without: Sequence[int]) -> Select[tuple[Any, ...]]:
    capture, channel = table_of(tables.Capture).c, table_of(tables.Channel).c
    source, part = table_of(tables.Source), table_of(tables.Slice)
    of_no_slice = _captures(capture.slice_id.is_(None))
    general = exists().where(
        part.c.source_id == source.c.id,
        part.c.city_id.is_(None),
        _captures(capture.slice_id == part.c.id),
    )
    return _pairs(without, of_no_slice | general, channel.name).distinct()


def _slices_of_cities(without: Sequence[int]) -> Select[tuple[Any, ...]]:
    source, channel = table_of(tables.Source).c, table_of(tables.Channel).c
    part = table_of(tables.Slice).c
    brings = _pairs(without, _captures(), source.id.label("source_id"), channel.name).subquery()
    return (
        select(part.city_id, brings.c.name, part.key)
        .join(brings, brings.c.source_id == part.source_id)
        .where(part.city_id.is_not(None), part.state == "done")
        .distinct()
    )
