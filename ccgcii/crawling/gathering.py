"""Gathering what one response gave, checked as it comes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import scrapy

from ccgcii.crawling.apis.values import Renewal, Sighting, Spend
from ccgcii.crawling.frontier import host_of
from ccgcii.crawling.outcomes import NewRequest, Outcome
from ccgcii.crawling.payloads import request_to_json
from ccgcii.crawling.sources import POLLS, Note, Page, Source
from ccgcii.documents import CHANNELS, Record
from ccgcii.errors import SourceError, suggest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from ccgcii.crawling.desk import Desk
    from ccgcii.crawling.outcomes import Lease

LONGEST_URL = 2_083


class Gathering:
    """What the callback of one leased request has yielded so far."""

    def __init__(self, crawler: Crawler, lease: Lease) -> None:
        self._crawler = crawler
        self._lease = lease
        self._deepest = crawler.settings.getint("CCGCII_DEPTH")
        self.page: Page | None = None
        self.records: list[Record] = []
        self.requests: list[NewRequest] = []
        self.notes: list[str] = []
        self.spent: Counter[str] = Counter()
        self.seen: list[str] = []
        self.renews = False

    def add(self, item: Any) -> None:
        """Take what a callback yields; raises `SourceError` if it is nothing that can be kept."""
        if isinstance(item, scrapy.Request):
            self._add_request(item)
        elif isinstance(item, Page):
            if self.page is not None:
                raise SourceError("yields two pages for one response; a response is one page")
            self.page = item
        elif isinstance(item, Record):
            if item.channel not in CHANNELS:
                hint = suggest(item.channel, CHANNELS)
                raise SourceError(f"yields a record of an unknown channel {item.channel!r}{hint}")
            self.records.append(item)
        elif isinstance(item, Renewal):
            self.renews = True
            self.add(item.record)
        elif isinstance(item, Note):
            self.notes.append(item.reason)
        elif isinstance(item, Spend):
            self.spent[item.bucket] += item.units
        elif isinstance(item, Sighting):
            self.seen += item.ids
        elif item is not None:
            raise SourceError(
                f"yields a {type(item).__name__}; callbacks yield requests, self.page(...), "
                "Records and self.note(...)"
            )

    def check(self) -> None:
        """Raise `SourceError` for a page or record of what is no answer: a redirect, a failure."""
        if self._lease.raw is None and (self.page or self.records):
            raise SourceError(f"{self._lease.url}: keeps something of an answer that never came")

    def outcome(self, status: int) -> Outcome:
        """Return all of it as the outcome of a request that is done."""
        return Outcome(
            self._lease,
            "done",
            status,
            error="; ".join(self.notes) or None,
            page=self.page,
            records=self.records,
            requests=self.requests,
            spent=dict(self.spent),
            seen=self.seen,
            renews=self.renews,
        )

    def _add_request(self, request: scrapy.Request) -> None:
        depth = self._lease.depth + 1
        if depth <= self._deepest and len(request.url) <= LONGEST_URL:
            slice_id = self._lease.slice_id
            self.requests.append(new_request(self._crawler, request, slice_id, depth))


def source_of(crawler: Crawler) -> Source:
    """Return the source that a crawler runs."""
    if not isinstance(crawler.spider, Source):
        raise TypeError(f"{crawler.spider!r} is no ccgcii Source")
    return crawler.spider


def desk_of(crawler: Crawler) -> Desk:
    """Return the desk of the source that a crawler runs."""
    desk = source_of(crawler).desk
    if desk is None:
        raise TypeError("a source is crawled by `ccgcii crawl`, not by Scrapy alone")
    return desk


def new_request(crawler: Crawler, request: scrapy.Request, slice_id: int, depth: int) -> NewRequest:
    """Return a request as it is queued; raises `SourceError` if it cannot be."""
    if not request.url.startswith(("http://", "https://")):
        raise SourceError(f"{request.url}: only http and https are fetched")
    source = source_of(crawler)
    return NewRequest(
        fingerprint=source.fingerprint(request, slice_id),
        url=request.url,
        host=host_of(request.url),
        payload=request_to_json(request, source),
        priority=request.priority,
        depth=depth,
        polls=bool(request.meta.get(POLLS)),
    )
