"""Layer 3 over the store: of documents that share a key, the first is kept.

First is the earliest published, then the smallest canonical address, then what does not depend
on the order of arrival: address, source and the capture's own identity. Only documents that every
other layer keeps take part, so a piece is never lost to a twin that is noise. A document goes if
it is not the first in one of its groups; all groups are computed anew, so the result is the same
in any order and any number of runs.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

_READ_AT_ONCE = 5_000
# A document that goes: its id, the filter and the reason.
Loser = tuple[int, str, str]


def first_to_last() -> tuple[Any, ...]:
    """Return the order in which pieces came out, whatever the order in which they were found.

    For a query over `document`, `document_text`, `capture` and `source`; undated pieces come last.
    """
    document, text = table_of(tables.Document).c, table_of(tables.DocumentText).c
    capture, source = table_of(tables.Capture).c, table_of(tables.Source).c
    return (
        document.published_at.is_(None),
        document.published_at,
        text.canonical_url,
        text.url,
        source.name,
        capture.identity,
    )


def name_of_piece() -> Any:
    """Return what a reason calls a piece: its address, else its title, else its first words.

    For a query over `document_text`; a post or headline in an export may have no address.
    """
    text = table_of(tables.DocumentText).c
    return func.coalesce(
        func.nullif(text.url, ""), func.nullif(text.title, ""), func.substr(text.text, 1, 60)
    )


def with_order(query: Any) -> Any:
    """Join to a query over `document` the tables that `first_to_last` needs."""
    document, text = table_of(tables.Document), table_of(tables.DocumentText)
    capture, source = table_of(tables.Capture), table_of(tables.Source)
    return (
        query.join(text, text.c.document_id == document.c.id)
        .join(capture, capture.c.id == document.c.capture_id)
        .join(source, source.c.id == capture.c.source_id)
    )


def find_twins(connection: Connection, names: Sequence[str]) -> Iterator[Loser]:
    """Yield the documents that are not first in a group of one of these filters.

    A document in two such groups is told by the filter named first.
    """
    ranked = _ranked(names).subquery()
    query = (
        select(ranked.c.document_id, ranked.c.filter, ranked.c.kept)
        .where(ranked.c.place > 1)
        .order_by(ranked.c.document_id)
    )
    order = {name: index for index, name in enumerate(names)}
    rows = connection.execute(query, execution_options={"yield_per": _READ_AT_ONCE})
    for number, groups in groupby(rows, key=lambda row: row.document_id):
        _, name, kept = min(groups, key=lambda row: order[row.filter])
        yield number, name, f"copy of {kept}"


def _ranked(names: Sequence[str]) -> Any:
    key, document = table_of(tables.DocumentKey), table_of(tables.Document)
    shared = (
        select(key.c.filter, key.c.key)
        .where(key.c.filter.in_(names))
        .group_by(key.c.filter, key.c.key)
        .having(func.count() > 1)
        .subquery()
    )
    window: dict[str, Any] = {
        "partition_by": (key.c.filter, key.c.key),
        "order_by": first_to_last(),
    }
    query = (
        select(
            key.c.document_id,
            key.c.filter,
            func.row_number().over(**window).label("place"),
            func.first_value(name_of_piece()).over(**window).label("kept"),
        )
        .join(shared, and_(shared.c.filter == key.c.filter, shared.c.key == key.c.key))
        .join(document, document.c.id == key.c.document_id)
    )
    return with_order(query).where(document.c.dropped.is_(None))
