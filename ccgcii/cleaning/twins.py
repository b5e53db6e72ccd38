"""Layer 3 over the store: of documents that share a key, the first is kept.

First is the earliest published, then the smallest canonical address, then what does not depend
on the order of arrival: address, source and the capture's own identity. Only documents that every
other layer keeps take part, so a piece is never lost to a twin that is noise. A document goes if
it is not the first in one of its groups; all groups are computed anew, so the result is the same
in any order and any number of runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update

from ccgcii_db import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine, Table
    from sqlalchemy.engine import Connection

_WRITTEN_AT_ONCE = 5_000


def drop_twins(engine: Engine, layers: Mapping[str, int]) -> int:
    """Decide anew which documents are twins; return how many are.

    `layers` gives the layer of each twin filter, in the order in which they give their reason.
    """
    with engine.begin() as connection:
        _forget(connection, list(layers))
        losers = _losers(connection, list(layers))
        for name, layer in layers.items():
            rows = [
                {"capture_id": n, "layer": layer, "filter": name, "reason": f"copy of {url}"}
                for n, (why, url) in sorted(losers.items())
                if why == name
            ]
            for start in range(0, len(rows), _WRITTEN_AT_ONCE):
                _drop(connection, layer, rows[start : start + _WRITTEN_AT_ONCE])
        return len(losers)


def _drop(connection: Connection, layer: int, rows: list[dict[str, Any]]) -> None:
    document = _table(tables.Document)
    connection.execute(insert(_table(tables.Drop)), rows)
    ids = [row["capture_id"] for row in rows]
    connection.execute(update(document).where(document.c.id.in_(ids)).values(dropped=layer))


def _forget(connection: Connection, names: list[str]) -> None:
    document, drop = _table(tables.Document), _table(tables.Drop)
    mine = select(drop.c.capture_id).where(drop.c.filter.in_(names))
    connection.execute(update(document).where(document.c.id.in_(mine)).values(dropped=None))
    connection.execute(delete(drop).where(drop.c.filter.in_(names)))


def _losers(connection: Connection, names: list[str]) -> dict[int, tuple[str, str]]:
    """Return the documents that are not first in a group: the filter, and who is."""
    ranked = _ranked().subquery()
    rows = connection.execute(
        select(ranked.c.document_id, ranked.c.filter, ranked.c.kept_url).where(ranked.c.place > 1)
    )
    order = {name: index for index, name in enumerate(names)}
    losers: dict[int, tuple[str, str]] = {}
    for number, name, url in rows:
        if name in order and (number not in losers or order[name] < order[losers[number][0]]):
            losers[number] = (name, url)
    return losers


def _ranked() -> Any:
    key, document, text = (
        _table(model) for model in (tables.DocumentKey, tables.Document, tables.DocumentText)
    )
    capture, source = _table(tables.Capture), _table(tables.Source)
    shared = (
        select(key.c.filter, key.c.key)
        .group_by(key.c.filter, key.c.key)
        .having(func.count() > 1)
        .subquery()
    )
    window: dict[str, Any] = {
        "partition_by": (key.c.filter, key.c.key),
        "order_by": (
            document.c.published_at.is_(None),
            document.c.published_at,
            text.c.canonical_url,
            text.c.url,
            source.c.name,
            capture.c.identity,
        ),
    }
    return (
        select(
            key.c.document_id,
            key.c.filter,
            func.row_number().over(**window).label("place"),
            func.first_value(text.c.url).over(**window).label("kept_url"),
        )
        .join(shared, and_(shared.c.filter == key.c.filter, shared.c.key == key.c.key))
        .join(document, document.c.id == key.c.document_id)
        .join(text, text.c.document_id == document.c.id)
        .join(capture, capture.c.id == document.c.capture_id)
        .join(source, source.c.id == capture.c.source_id)
        .where(document.c.dropped.is_(None))
    )


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
