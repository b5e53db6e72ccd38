"""Filters that judge many documents together: campaigns, accounts that flood.

A crowd is seen as a whole and in order of publication, so the verdict does not depend on the order
of arrival. Only documents that are still kept take part.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ccgcii.cleaning.copies.twins import first_to_last, with_order
from ccgcii.documents import Member
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Row

    from ccgcii.cleaning.copies.twins import Loser
    from ccgcii.documents import CrowdFilter

_READ_AT_ONCE = 10_000


def find_crowds(
    connection: Connection, judge: CrowdFilter, problems: list[tuple[str, str]]
) -> Iterator[Loser]:
    """Yield the documents that a filter drops; a filter that raises is noted and drops none."""
    for _, rows in groupby(_crowds(connection, judge), key=lambda row: row.key):
        ids, crowd = [], []
        for row in rows:
            ids.append(row.id)
            crowd.append(Member(row.published_at, row.account_id, row.url, row.is_share))
        try:
            reasons = judge.judge(crowd)
            losers = list(zip(ids, reasons, strict=True))
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises costs only itself
            problems.append((judge.name, f"{type(error).__name__}: {error}"))
            continue
        for number, reason in losers:
            if reason is not None:
                yield number, judge.name, reason


def _crowds(connection: Connection, judge: CrowdFilter) -> Iterator[Row[tuple[object, ...]]]:
    """Yield the members of every crowd that is large enough, crowd by crowd."""
    key, document = table_of(tables.DocumentKey), table_of(tables.Document)
    text = table_of(tables.DocumentText)
    grouped = (
        select(key.c.key)
        .join(document, document.c.id == key.c.document_id)
        .where(key.c.filter == judge.name, document.c.dropped.is_(None))
        .group_by(key.c.key)
        .having(func.count() >= judge.least)
    )
    if getattr(judge, "of_shares", False):
        # Most of what begins alike is no share of anything: not to read it saves a quarter.
        grouped = grouped.having(func.count().filter(document.c.is_share) > 0)
    large = grouped.subquery()
    query = (
        select(
            key.c.key,
            document.c.id,
            document.c.published_at,
            document.c.account_id,
            document.c.is_share,
            text.c.url,
        )
        .join(large, large.c.key == key.c.key)
        .join(document, document.c.id == key.c.document_id)
    )
    query = with_order(query).where(key.c.filter == judge.name, document.c.dropped.is_(None))
    yield from connection.execute(
        query.order_by(key.c.key, *first_to_last()), execution_options={"yield_per": _READ_AT_ONCE}
    )
