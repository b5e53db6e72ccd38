"""Listings over the crawls: asked for only if they have changed, and as often as they are worth.

How much of what a listing named was new moves the time until it is read again, with the bounds of
Media Cloud's rss-fetcher: under a third of duplicates it is halved, over two thirds it grows by
half. One that fails weighs as there, too (a hard failure 1, a soft one 1/2, a passing one 1/4): it
is tried again by every crawl until the weight reaches 4, then once a week.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ccgcii.config import CrawlSettings
from ccgcii.crawling.failures import BUSY, http_moment
from ccgcii.crawling.outcomes import Reading
from ccgcii.planning.polls import POLLS, REQUESTS, Due

if TYPE_CHECKING:
    from scrapy.http import Response
    from sqlalchemy.engine import Connection

    from ccgcii.crawling.outcomes import Lease, Outcome
    from ccgcii.crawling.sources import Source

NOT_MODIFIED, SAME_BODY = "HTTP 304", "body"
FIRST = 3_600.0  # seconds after which a new listing is read again
FEW, MANY = 1 / 3, 2 / 3  # share of duplicates below and above which the time is changed
GIVE_UP = 4.0  # weight of failures in a row
WEEK = 7 * 86_400  # seconds: how long a server's word is taken, and a failing listing rests
# A change in the second in which the listing was read would not be seen (RFC 7232, 2.2.2).
STRONG = 60.0  # seconds
LONGEST = 1_000  # characters of an ETag


def reading_of(source: Source, depth: int) -> str:
    """Return a digest of all that decides, beside a response, what its listing names."""
    from ccgcii import __version__  # noqa: PLC0415 - the door is above us

    told = {"by": source.reads_by(), "depth": depth, "version": __version__}
    text = json.dumps(told, sort_keys=True, default=str)
    return sha1(text.encode(), usedforsecurity=False).hexdigest()[:16]


@dataclass(slots=True)
class Listing:
    """How a listing stands: the columns of its row (see `ccgcii_db.tables.Poll`)."""

    request_id: int
    reading: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body: bytes | None = None
    checked_at: int = 0
    read_at: int | None = None
    fresh_at: int | None = None
    interval: int = 0
    due_at: int = 0
    reads: int = 0
    unchanged: int = 0
    named: int | None = None
    fresh: int | None = None
    failures: float = 0.0

    def forget(self) -> None:
        """Forget what came, so that the next answer is read whatever it is."""
        self.etag = self.last_modified = self.body = None


class PollBook:
    """The listings of one source."""

    def __init__(self, reading: str = "", crawl: CrawlSettings | None = None) -> None:
        crawl = crawl or CrawlSettings()
        self._reading = reading
        self._shortest, self._longest = crawl.poll_shortest, crawl.poll_longest
        self._known: dict[int, Listing] = {}

    def open(self, connection: Connection, source_id: int) -> None:
        """Read how the listings of a source stand."""
        query = select(POLLS).join(REQUESTS, REQUESTS.c.id == POLLS.c.request_id)
        rows = connection.execute(query.where(REQUESTS.c.source_id == source_id)).mappings()
        self._known = {row["request_id"]: Listing(**row) for row in rows}

    def due(self, *, now: bool) -> Due:
        """Return which listings are read by a crawl that begins; all, if `now`."""
        return Due(None if now else int(time.time()), self._reading)

    def conditions(self, lease: Lease) -> dict[str, str]:
        """Return the headers with which to ask for a listing, none if it is to be sent whole."""
        known = self._usable(lease)
        if known is None or time.time() - (known.read_at or 0) > WEEK:
            return {}
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in asked.items() if value}

    def read(self, lease: Lease, response: Response) -> Reading:
        """Return how a listing answered."""
        known = self._usable(lease)
        if response.status == 304 and lease.asked and known is not None:
            return Reading(known.etag, known.last_modified, known.body, NOT_MODIFIED)
        body = sha1(response.body, usedforsecurity=False).digest()
        same = known is not None and known.body == body
        return Reading(
            _header(response, "ETag"),
            _last_modified(response),
            body,
            SAME_BODY if same else None,
        )

    def settle(self, connection: Connection, outcome: Outcome) -> None:
        """Write what became of a listing, in the transaction of what it named."""
        if outcome.state == "queued":
            return
        listing = self._listing(outcome.lease)
        listing.checked_at = now = int(time.time())
        if outcome.state == "failed":
            listing.failures += weight_of(outcome)
            rests = listing.failures >= GIVE_UP
            listing.due_at = now + WEEK if rests else now
        else:
            listing.failures = 0.0
            self._note_reading(listing, outcome, now)
            listing.due_at = now + listing.interval
            if outcome.lease.dropped:
                listing.due_at = now  # what found no room is still to be had
        self._write(connection, listing)

    def _listing(self, lease: Lease) -> Listing:
        first = int(min(max(FIRST, self._shortest), self._longest))
        listing = self._known.setdefault(lease.row, Listing(lease.row, interval=first))
        if listing.reading != self._reading:
            listing.forget()
            listing.reading = self._reading
        return listing

    def _note_reading(self, listing: Listing, outcome: Outcome, now: int) -> None:
        lease, reading = outcome.lease, outcome.reading
        if reading is None:  # it has moved: the request for where it is now counts by itself
            return
        whole = outcome.error is None and not lease.dropped
        listing.forget()
        if whole:
            listing.etag, listing.last_modified = reading.etag, reading.last_modified
            listing.body = reading.body
        if reading.unchanged:
            listing.unchanged += 1
            listing.interval = self._bounded(listing.interval * 1.5)
            # The same bytes are as good as reading them again; a server's word is not.
            listing.read_at = now if reading.unchanged == SAME_BODY else listing.read_at
            return
        if listing.reads:
            share = 1.0 - lease.added / lease.named if lease.named else 1.0
            listing.interval = self._bounded(listing.interval * pace(share))
        listing.reads += 1
        listing.read_at = now
        listing.named, listing.fresh = lease.named, lease.added
        listing.fresh_at = now if lease.added else listing.fresh_at

    def _bounded(self, seconds: float) -> int:
        return int(min(max(seconds, self._shortest), self._longest))

    def _usable(self, lease: Lease) -> Listing | None:
        known = self._known.get(lease.row)
        return known if known is not None and known.reading == self._reading else None

    def _write(self, connection: Connection, listing: Listing) -> None:
        kind = postgresql if connection.dialect.name == "postgresql" else sqlite
        row: dict[str, Any] = asdict(listing)
        insert = kind.insert(POLLS).values(row)
        connection.execute(insert.on_conflict_do_update(index_elements=["request_id"], set_=row))


def pace(duplicates: float) -> float:
    """Return by what the time until a listing is read again is multiplied (duplicates 0-1)."""
    return 0.5 if duplicates < FEW else 1.5 if duplicates > MANY else 1.0


def weight_of(outcome: Outcome) -> float:
    """Return how much a failure of a listing weighs: 1 hard, 1/2 soft, 1/4 in passing."""
    status = outcome.status
    if (outcome.error or "").startswith("forbidden"):
        return 1.0
    if status is None or status in BUSY:
        return 0.25
    return 1.0 if status in {401, 403, 404, 410, 451} else 0.5


def _header(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if 0 < len(value) <= LONGEST else None


def _last_modified(response: Response) -> str | None:
    """Return Last-Modified if it can be relied on: well before the server's own clock."""
    told, date = _header(response, "Last-Modified"), _header(response, "Date")
    changed = http_moment(told) if told else None
    now = http_moment(date) if date else time.time()
    return told if changed is not None and now is not None and changed + STRONG <= now else None
