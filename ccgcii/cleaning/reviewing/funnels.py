"""The funnel: what every layer and filter let through, source by source, with examples."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cleaning.pipeline import Pipeline


# How many reasons of a filter are kept.
MOST = 5
_NUMBER = re.compile(r"\d+(?:[.,:-]\d+)*")
_DETAIL = re.compile(r"(?<=copy of ).+|(?<=same as ).+|(?<=phrases: ).+|https?://\S+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """What one filter did: how many came to it, how many it dropped, and why, most often first.

    Reasons that differ in numbers and addresses only are one.
    """

    layer: int
    filter: str
    came: int
    dropped: int
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def kept(self) -> int:
        """How many it let through."""
        return self.came - self.dropped

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "layer": self.layer,
            "filter": self.filter,
            "in": self.came,
            "dropped": self.dropped,
            "kept": self.kept,
            "reasons": [{"reason": reason, "dropped": number} for reason, number in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class SourceFunnel:
    """The funnel of one source's captures (of all sources if `source` is empty).

    `waiting` are not judged yet. `stories` counts copies of one piece once, also at several
    publishers and also if retold by shares; None where no filter compares near copies.
    `rows` go from the first filter to the last.
    """

    source: str
    captures: int
    waiting: int
    rows: tuple[FunnelRow, ...]
    kept: int
    stories: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "source": self.source or None,
            "captures": self.captures,
            "waiting": self.waiting,
            "kept": self.kept,
            "stories": self.stories,
            "filters": [row.to_json() for row in self.rows],
        }


def funnel_of(
    engine: Engine, pipeline: Pipeline, source: str | None = None, *, reasons: bool = False
) -> SourceFunnel:
    """Return the funnel of the whole store, or of one source; `reasons` reads every drop's."""
    with engine.connect() as connection:
        counts = _drops(connection)
        chosen = [name for name in _captures(connection) if source in (None, name)]
        return _funnel(connection, pipeline, source or "", chosen, counts, told=reasons)


def funnels_by_source(
    engine: Engine, pipeline: Pipeline, *, reasons: bool = False
) -> list[SourceFunnel]:
    """Return one funnel for each source that has brought something, by name."""
    with engine.connect() as connection:
        counts = _drops(connection)
        return [
            _funnel(connection, pipeline, name, [name], counts, told=reasons)
            for name in sorted(_captures(connection))
        ]


def volumes(connection: Connection, sources: Iterable[str] | None = None) -> tuple[int, int | None]:
    """Return the volume of what is kept: in pieces, and in stories (None where unknown)."""
    document, source = table_of(tables.Document), table_of(tables.Source)
    query = select(
        func.count(), func.count(document.c.story_id), func.count(document.c.story_id.distinct())
    ).where(document.c.dropped.is_(None))
    if sources is not None:
        query = query.join(source, source.c.id == document.c.source_id).where(
            source.c.name.in_(list(sources))
        )
    pieces, placed, stories = connection.execute(query).one()
    return int(pieces), int(stories) if placed == pieces else None


def stories_by_city(connection: Connection) -> dict[int, tuple[int, int]]:
    """Return for each city (by id) in how many pieces, and in how many stories, it is named."""
    document, mention = table_of(tables.Document), table_of(tables.Mention)
    story = func.coalesce(document.c.story_id, document.c.id)
    rows = connection.execute(
        select(mention.c.city_id, func.count(), func.count(story.distinct()))
        .join(document, document.c.id == mention.c.document_id)
        .where(document.c.dropped.is_(None))
        .group_by(mention.c.city_id)
    )
    return {city: (pieces, stories) for city, pieces, stories in rows}


def _funnel(
    connection: Connection,
    pipeline: Pipeline,
    label: str,
    chosen: list[str],
    counts: Mapping[str, Counter[tuple[int, str]]],
    *,
    told: bool = False,
) -> SourceFunnel:
    captures = _captures(connection)
    total = sum(captures[name][0] for name in chosen)
    waiting = sum(captures[name][1] for name in chosen)
    dropped: Counter[tuple[int, str]] = sum(
        (counts[name] for name in chosen if name in counts), Counter()
    )
    reasons = _reasons(connection, chosen) if told else {}
    steps = sorted({(thing.layer, thing.name) for thing in pipeline.filters} | set(dropped))
    left, rows = total - waiting, []
    for layer, name in steps:
        why = tuple(reasons.get((layer, name), Counter()).most_common(MOST))
        rows.append(FunnelRow(layer, name, left, dropped[layer, name], why))
        left = rows[-1].kept
    _, stories = volumes(connection, chosen)
    return SourceFunnel(label, total, waiting, tuple(rows), left, stories)


def _captures(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return captures and waiting captures by source."""
    capture, source = table_of(tables.Capture), table_of(tables.Source)
    judged = func.sum(capture.c.cleaned)
    query = (
        select(source.c.name, func.count(), judged)
        .join(source, source.c.id == capture.c.source_id)
        .group_by(source.c.name)
    )
    return {name: (number, number - int(done)) for name, number, done in connection.execute(query)}


def _drops(connection: Connection) -> dict[str, Counter[tuple[int, str]]]:
    """Return how many each filter dropped of each source's judged captures."""
    capture, source = table_of(tables.Capture), table_of(tables.Source)
    drop = table_of(tables.Drop)
    query = (
        select(source.c.name, drop.c.layer, drop.c.filter, func.count())
        .join(capture, capture.c.id == drop.c.capture_id)
        .join(source, source.c.id == capture.c.source_id)
        .where(capture.c.cleaned == 1)
        .group_by(source.c.name, drop.c.layer, drop.c.filter)
    )
    counts: dict[str, Counter[tuple[int, str]]] = {}
    for name, layer, filter_name, number in connection.execute(query):
        counts.setdefault(name, Counter())[layer, filter_name] = number
    return counts


def _reasons(connection: Connection, chosen: Iterable[str]) -> dict[tuple[int, str], Counter[str]]:
    """Count why each filter dropped what these sources brought."""
    capture, source = table_of(tables.Capture), table_of(tables.Source)
    drop = table_of(tables.Drop)
    query = (
        select(drop.c.layer, drop.c.filter, drop.c.reason)
        .join(capture, capture.c.id == drop.c.capture_id)
        .join(source, source.c.id == capture.c.source_id)
        .where(capture.c.cleaned == 1, source.c.name.in_(list(chosen)))
        .execution_options(yield_per=10_000)
    )
    found: dict[tuple[int, str], Counter[str]] = {}
    for layer, name, reason in connection.execute(query):
        found.setdefault((layer, name), Counter())[plain_reason(reason)] += 1
    return found


def plain_reason(reason: str) -> str:
    """Return a reason without what is of one piece alone: numbers, addresses, what it copies."""
    return _DETAIL.sub("…", _NUMBER.sub("N", reason))
