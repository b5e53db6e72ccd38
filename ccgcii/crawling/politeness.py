"""Manners: robots.txt, Crawl-delay as a floor, Retry-After before anything else."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from ccgcii.crawling.failures import HostHeldError, RobotsUnavailableError, retry_after

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from ccgcii.crawling.scheduler import StoreScheduler

ROBOTS_PRIORITY = 1_000


class ObeyRobots:
    """Asks robots.txt before each request.

    A robots.txt that answers 5xx or not at all forbids everything for now (RFC 9309), which Scrapy
    takes for a permission; one that answers 4xx does not exist and forbids nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[ProtegoRobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass if the rules of its host allow it."""
        if request.meta.get("ccgcii_robots"):
            return
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin))
        reading = self._rules[origin]
        try:
            rules = reading.result() if reading.done() else await asyncio.shield(reading)
        except Exception:
            self._rules.pop(origin, None)
            raise
        if not rules.allowed(request.url, self._agent):
            raise IgnoreRequest("forbidden by robots.txt")

    async def _read(self, origin: str) -> ProtegoRobotParser:
        request = Request(
            f"{origin}/robots.txt",
            priority=ROBOTS_PRIORITY,
            meta={"ccgcii_robots": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest:
            raise
        except Exception as error:
            raise RobotsUnavailableError(
                f"robots.txt cannot be read ({type(error).__name__})"
            ) from error
        if response.status >= 500 or response.status == 429:
            raise RobotsUnavailableError(f"robots.txt answers HTTP {response.status}")
        body = response.body if response.status < 300 else b""
        rules = ProtegoRobotParser(body, self._crawler.spider)
        delay = rules.crawl_delay(self._agent)
        if delay:
            slow_down(self._crawler, urlparse_cached(request).hostname or "", float(delay))
        return rules


class HonourRetryAfter:
    """Holds a whole host when one of its answers says when to come back.

    What waits for its turn at the host goes back to the store, to be sent then: by this crawl if
    that is within its patience, else by the next one. A slot that waits would hang the crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension of a crawler."""
        return cls(crawler)

    def _downloaded(self, response: Response, request: Request) -> None:
        wait = retry_after(response) if response.status in (429, 503) else None
        host = urlparse_cached(request).hostname or ""
        if not wait or not host:
            return
        engine = self._crawler.engine
        until = time.time() + wait
        cast("StoreScheduler", engine.scheduler).hold_host(host, until)
        slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
        while slot is not None and slot.queue:
            _, answer = slot.queue.popleft()
            answer.errback(HostHeldError(host, until))


def slow_down(crawler: Crawler, host: str, delay: float) -> None:
    """Let at least `delay` seconds pass between two requests to a host, one at a time."""
    downloader = crawler.engine.downloader
    delay = max(delay, crawler.settings.getfloat("DOWNLOAD_DELAY"))
    # Idle slots are forgotten after a minute and made anew from these settings.
    downloader.per_slot_settings[host] = {"concurrency": 1, "delay": delay, "jitter": 0.0}
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.concurrency, slot.delay, slot.jitter = 1, delay, 0.0
