"""Captures: pages that point into the archive, and records, as rows."""

from __future__ import annotations

import json
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from ccgcii.crawling.redaction import redact
from ccgcii.errors import StoreError
from ccgcii.records import record_to_json
from ccgcii_db import Dictionary, insert_missing, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from ccgcii.crawling.apis.values import Terms
    from ccgcii.crawling.outcomes import Outcome
    from ccgcii.documents import Record

CAPTURES = table_of(tables.Capture)
RECORDS = table_of(tables.CaptureRecord)
SIGHTINGS = table_of(tables.Sighting)
DAY = 86_400  # seconds

Place = tuple[int, int]  # id of the WARC file, offset in it


class CaptureTable:
    """Writes the captures of one source and run."""

    def __init__(
        self,
        connection: Connection,
        source_id: int,
        channel: str,
        run_id: int | None,
        terms: Terms | None = None,
    ) -> None:
        channels = Dictionary(connection, tables.Channel).words()
        self._source_id = source_id
        self._channel = channel
        self._channels = channels
        self._run_id = run_id
        self._terms = terms.label() if terms else None
        self._keep = terms.keep_days * DAY if terms and terms.keep_days is not None else None

    def add_pages(self, connection: Connection, kept: Sequence[tuple[Outcome, Place]]) -> int:
        """Insert the pages of outcomes with their places; return how many are new."""
        rows = [self._page_row(outcome, place) for outcome, place in kept if outcome.page]
        if not rows:
            return 0
        return connection.execute(insert_missing(connection, CAPTURES), rows).rowcount

    def add_records(self, connection: Connection, outcome: Outcome, place: Place | None) -> int:
        """Insert the records of an outcome; return how many are new or renewed."""
        added = 0
        for record in outcome.records:
            row = self._record_row(outcome, record, place)
            insert = insert_missing(connection, CAPTURES).returning(CAPTURES.c.id)
            capture_id = connection.execute(insert, [row]).scalar()
            if capture_id is not None:
                payload = {"capture_id": capture_id, "payload": record_to_json(record)}
                connection.execute(RECORDS.insert(), [payload])
                added += 1
            elif outcome.renews:
                self._renew(connection, row, record)
                added += 1
        return added

    def _renew(self, connection: Connection, row: dict[str, Any], record: Record) -> None:
        """Put a record in the place of the one that is kept, to be judged anew."""
        where = (CAPTURES.c.source_id == self._source_id) & (CAPTURES.c.identity == row["identity"])
        names = ("run_id", "fetched_at", "terms", "expires_at", "status", "warc_id", "warc_offset")
        anew = {name: row[name] for name in names} | {"cleaned": 0, "clean_from": None}
        connection.execute(update(CAPTURES).where(where).values(anew))
        mine = select(CAPTURES.c.id).where(where).scalar_subquery()
        payload = {"payload": record_to_json(record)}
        connection.execute(update(RECORDS).where(RECORDS.c.capture_id == mine).values(payload))

    def _page_row(self, outcome: Outcome, place: Place) -> dict[str, Any]:
        page, raw = outcome.page, outcome.lease.raw
        if page is None or raw is None:
            raise StoreError(f"{outcome.lease.url}: a page without a response cannot be kept")
        hints = json.dumps(page.hints(), ensure_ascii=False, sort_keys=True)
        row = self._row(outcome, "page", outcome.lease.fingerprint, self._channel, place)
        return {**row, "url": redact(page.url), "hints": hints}

    def _record_row(self, outcome: Outcome, record: Record, place: Place | None) -> dict[str, Any]:
        identity = record_identity(record)
        row = self._row(outcome, "record", identity, record.channel, place)
        return {**row, "url": redact(record.url or outcome.lease.url)}

    def _row(
        self, outcome: Outcome, kind: str, identity: bytes, channel: str, place: Place | None
    ) -> dict[str, Any]:
        raw = outcome.lease.raw
        if raw is None:
            raise StoreError(f"{outcome.lease.url}: a capture without a response cannot be kept")
        fetched_at = int(raw.fetched_at.timestamp())
        return {
            "source_id": self._source_id,
            "channel_id": self._channels[channel],
            "slice_id": outcome.lease.slice_id,
            "request_id": outcome.lease.row,
            "run_id": self._run_id,
            "kind": kind,
            "identity": identity,
            "fetched_at": fetched_at,
            "status": raw.status,
            "content_type": raw.content_type,
            "hints": "{}",
            "warc_id": place[0] if place else None,
            "warc_offset": place[1] if place else None,
            "cleaned": 0,
            "terms": self._terms,
            "expires_at": None if self._keep is None else fetched_at + self._keep,
        }


def add_sightings(connection: Connection, slice_id: int, ids: Iterable[str]) -> None:
    """Write which pieces a slice's search named."""
    rows = [{"slice_id": slice_id, "record": each} for each in ids]
    if rows:
        connection.execute(insert_missing(connection, SIGHTINGS), rows)


def record_identity(record: Record) -> bytes:
    """Return what is the same for the same piece: its channel and id, else its content."""
    told = record.id or f"{record.url}\x1f{record.title}\x1f{record.text}"
    return sha1(f"{record.channel}\x1f{told}".encode(), usedforsecurity=False).digest()
