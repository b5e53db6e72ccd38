"""What slices of files gave, into the store: one transaction a slice, its last word "done"."""

from __future__ import annotations

import json
import time
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from ccgcii.crawling.archive import FILES
from ccgcii.crawling.captures import CAPTURES, RECORDS, record_identity
from ccgcii.crawling.redaction import redact
from ccgcii.crawling.slicebook import CITIES, SLICES
from ccgcii.planning.plans import write_slices
from ccgcii.planning.slices import Slice
from ccgcii.records import record_to_json
from ccgcii_db import Dictionary, insert_missing, insert_row, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.crawling.bulk.sources import BulkSource
    from ccgcii.crawling.bulk.work import SliceResult
    from ccgcii.documents import Record

ASKED_AT_ONCE = 500
DAY = 86_400  # seconds


class BulkStore:
    """The slices of one source, and what they gave."""

    def __init__(
        self,
        engine: Engine,
        kind: type[BulkSource],
        source_id: int,
        run_id: int,
        cities: Mapping[str, int],
    ) -> None:
        self._engine = engine
        self._source_id, self._channel, self._run_id = source_id, kind.channel, run_id
        self._terms, self._cities = kind.terms, cities

    def revive(self) -> int:
        """Let slices that failed be read again; return how many there are to read."""
        mine = SLICES.c.source_id == self._source_id
        with self._engine.begin() as connection:
            connection.execute(
                update(SLICES)
                .where(mine, SLICES.c.state.in_(("failed", "deferred", "running")))
                .values(state="planned", error=None)
            )
            return self._count_planned(connection)

    def planned(self, after: int) -> list[tuple[int, Slice]]:
        """Return the next slices to be read whose number is above `after`."""
        query = (
            select(SLICES, CITIES.c.key.label("city"))
            .outerjoin(CITIES, CITIES.c.id == SLICES.c.city_id)
            .where(
                SLICES.c.source_id == self._source_id,
                SLICES.c.state == "planned",
                SLICES.c.id > after,
            )
            .order_by(SLICES.c.id)
            .limit(ASKED_AT_ONCE)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            (row.id, Slice(row.key, json.loads(row.payload), row.city, row.requests_estimated))
            for row in rows
        ]

    def fail(self, slice_id: int, reason: str) -> None:
        """Note that a slice could not be read."""
        with self._engine.begin() as connection:
            _set_state(connection, slice_id, "failed", reason)

    def keep(self, result: SliceResult) -> tuple[int, int]:
        """Store what a slice gave, and that it is done; return new captures and new slices."""
        with self._engine.begin() as connection:
            added = self._add_pages(connection, result) + self._add_records(connection, result)
            found = self._add_slices(connection, result.slices)
            _set_state(connection, result.slice_id, "done", "; ".join(result.notes[:3]) or None)
        return added, found

    def _add_slices(self, connection: Connection, slices: Sequence[Slice]) -> int:
        if not slices:
            return 0
        before = self._count_planned(connection)
        write_slices(connection, self._source_id, slices, self._cities)
        return self._count_planned(connection) - before

    def _count_planned(self, connection: Connection) -> int:
        query = select(func.count()).where(
            SLICES.c.source_id == self._source_id, SLICES.c.state == "planned"
        )
        return int(connection.execute(query).scalar() or 0)

    def _add_pages(self, connection: Connection, result: SliceResult) -> int:
        if result.warc is None:
            return 0
        warc = {"path": result.warc, "committed": result.warc_length}
        warc_id = insert_row(connection, FILES, warc)
        channel_id = Dictionary(connection, tables.Channel).id(self._channel)
        rows = [
            {
                **self._row(
                    result,
                    "page",
                    _digest(page.identity),
                    channel_id=channel_id,
                    url=page.url,
                    fetched_at=int(page.fetched_at.timestamp()),
                ),
                "status": page.status,
                "content_type": page.content_type,
                "hints": json.dumps(dict(page.hints), ensure_ascii=False, sort_keys=True),
                "warc_id": warc_id,
                "warc_offset": page.offset,
            }
            for page in result.pages
        ]
        return connection.execute(insert_missing(connection, CAPTURES), rows).rowcount

    def _add_records(self, connection: Connection, result: SliceResult) -> int:
        channels = Dictionary(connection, tables.Channel)
        records = {record_identity(record): record for record in result.records}
        known = self._known(connection, list(records))
        self._renew(connection, known, records)
        now = int(time.time())
        for identity, record in records.items():
            if identity in known:
                continue
            row = self._row(
                result,
                "record",
                identity,
                channel_id=channels.id(record.channel),
                url=redact(record.url),
                fetched_at=now,
            )
            capture_id = insert_row(connection, CAPTURES, row)
            payload = {"capture_id": capture_id, "payload": record_to_json(record)}
            connection.execute(RECORDS.insert(), payload)
        return len(records) - len(known)

    def _renew(
        self,
        connection: Connection,
        known: Mapping[bytes, tuple[int, str]],
        records: Mapping[bytes, Record],
    ) -> None:
        """Let a record that says something new replace what it said; it is cleaned again."""
        for identity, (capture_id, before) in known.items():
            now = record_to_json(records[identity])
            if now == before:
                continue
            connection.execute(
                update(RECORDS).where(RECORDS.c.capture_id == capture_id).values(payload=now)
            )
            connection.execute(
                update(CAPTURES)
                .where(CAPTURES.c.id == capture_id)
                .values(cleaned=0, clean_from=None)
            )

    def _known(
        self, connection: Connection, identities: Sequence[bytes]
    ) -> dict[bytes, tuple[int, str]]:
        known: dict[bytes, tuple[int, str]] = {}
        for some in _portions(identities):
            query = (
                select(CAPTURES.c.identity, CAPTURES.c.id, RECORDS.c.payload)
                .join(RECORDS, RECORDS.c.capture_id == CAPTURES.c.id)
                .where(CAPTURES.c.source_id == self._source_id, CAPTURES.c.identity.in_(some))
            )
            for row in connection.execute(query):
                known[row.identity] = (row.id, row.payload)
        return known

    def _row(
        self,
        result: SliceResult,
        kind: str,
        identity: bytes,
        *,
        channel_id: int | None,
        url: str,
        fetched_at: int,
    ) -> dict[str, Any]:
        keep = self._terms.keep_days if self._terms else None
        return {
            "source_id": self._source_id,
            "channel_id": channel_id,
            "slice_id": result.slice_id,
            "run_id": self._run_id,
            "kind": kind,
            "identity": identity,
            "url": url,
            "fetched_at": fetched_at,
            "hints": "{}",
            "cleaned": 0,
            "terms": self._terms.label() if self._terms else None,
            "expires_at": None if keep is None else fetched_at + keep * DAY,
        }


def _set_state(connection: Connection, slice_id: int, state: str, error: str | None) -> None:
    connection.execute(
        update(SLICES).where(SLICES.c.id == slice_id).values(state=state, error=error)
    )


def _digest(identity: str) -> bytes:
    return sha1(identity.encode("utf-8", "replace"), usedforsecurity=False).digest()


def _portions(identities: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(identities), ASKED_AT_ONCE):
        yield identities[start : start + ASKED_AT_ONCE]
