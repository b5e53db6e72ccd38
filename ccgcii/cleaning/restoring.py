"""Documents as an early layer left them, out of the store: no page is extracted again.

What a page told is kept beside its text, what a record said is in its payload, and the cities are
in their spans. Whatever later layers learnt is left out: it is learnt again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.cleaning.work import Restored, record_document
from ccgcii.documents import Document, Mention, PageFacts
from ccgcii.records import record_from_json
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cities import City

# From this layer on a stored document will do; to repeat layer 1, the archive is read.
FIRST_RESTORED = 2
_CITIES_FOUND = 2


def restore(engine: Engine, since: dict[int, int], cities: Sequence[City]) -> list[Restored]:
    """Read the documents of captures back; `since` gives for each the layer to go on from."""
    keys = {city.id: city.key for city in cities}
    with engine.connect() as connection:
        mentions = _mentions(connection, list(since), keys)
        rows = connection.execute(_query(list(since)))
        return [
            Restored(
                row.id,
                _document(row, mentions.get(row.id, []) if since[row.id] > _CITIES_FOUND else []),
                since[row.id],
            )
            for row in rows
        ]


def _query(ids: list[int]) -> Any:
    document, text = table_of(tables.Document), table_of(tables.DocumentText)
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    outlet, payload = table_of(tables.Outlet), table_of(tables.CaptureRecord)
    return (
        select(
            document.c.id,
            document.c.fetched_at,
            document.c.published_at,
            source.c.name.label("source"),
            channel.c.name.label("channel"),
            outlet.c.domain.label("outlet"),
            text.c.url,
            text.c.canonical_url,
            text.c.title,
            text.c.text,
            text.c.date_rule,
            text.c.facts,
            payload.c.payload,
        )
        .join(text, text.c.document_id == document.c.id)
        .join(source, source.c.id == document.c.source_id)
        .join(channel, channel.c.id == document.c.channel_id)
        .outerjoin(outlet, outlet.c.id == document.c.outlet_id)
        .outerjoin(payload, payload.c.capture_id == document.c.capture_id)
        .where(document.c.id.in_(ids))
        .order_by(document.c.id)
    )


def _mentions(
    connection: Connection, ids: list[int], keys: dict[int, str]
) -> dict[int, list[Mention]]:
    span = table_of(tables.MentionSpan)
    found: dict[int, list[Mention]] = {}
    # "title" after "text": the title is read first.
    query = (
        select(span).where(span.c.document_id.in_(ids)).order_by(span.c.field.desc(), span.c.start)
    )
    for row in connection.execute(query):
        mention = Mention(
            keys[row.city_id],
            row.field,
            row.start,
            row.end,
            row.as_written,
            row.confidence / 1000,
            row.rule,
        )
        found.setdefault(row.document_id, []).append(mention)
    return found


def _document(row: Any, mentions: list[Mention]) -> Document:
    known = _said_by_record(row) if row.payload is not None else _said_by_page(row)
    return replace(
        known,
        canonical_url=row.canonical_url,
        title=row.title,
        text=row.text,
        published_at=_moment(row.published_at),
        date_rule=row.date_rule,
        mentions=tuple(mentions),
    )


def _said_by_record(row: Any) -> Document:
    record = record_from_json(row.payload)
    return record_document(record, row.source, datetime.fromtimestamp(row.fetched_at, tz=UTC))


def _said_by_page(row: Any) -> Document:
    facts = json.loads(row.facts or "{}")
    language = facts.pop("language", None)
    return Document(
        source=row.source,
        channel=row.channel,
        url=row.url,
        fetched_at=datetime.fromtimestamp(row.fetched_at, tz=UTC),
        outlet=row.outlet,
        declared_language=language,
        page=PageFacts(**facts),
    )


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
