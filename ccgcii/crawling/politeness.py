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

from ccgcii.crawling.failures import (
    LONGEST_WAIT,
    HostHeldError,
    RobotsUnavailableError,
    judge,
    retry_after,
)
from ccgcii.crawling.gathering import source_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from ccgcii.crawling.scheduler import StoreScheduler

ROBOTS_PRIORITY = 1_000
A_MINUTE = 60.0  # seconds: a delay that is sat out whatever the patience
A_MOMENT = 2.0  # seconds: the longest delay of a host that the end of a crawl sits out


class ObeyRobots:
    """Asks robots.txt before each request.

    A robots.txt that answers 5xx or not at all forbids everything for now (RFC 9309), which Scrapy
    takes for a permission; one that answers 4xx does not exist and forbids nothing. A Crawl-delay
    beyond a minute and the source's patience lets a host have one request and holds it until the
    next may come.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[ProtegoRobotParser]] = {}
        self._longest_delay = max(A_MINUTE, source_of(crawler).patience)
        self._delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass if the rules of its host allow it."""
        if request.meta.get("ccgcii_robots"):
            return
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
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
        self._keep_to_the_delay(origin, url.hostname or "")

    def _keep_to_the_delay(self, origin: str, host: str) -> None:
        scheduler, now = _scheduler_of(self._crawler), time.time()
        delay = self._delays.get(origin, 0.0)
        if scheduler.leaves and delay > A_MOMENT:
            raise HostHeldError(host, now)
        if delay <= self._longest_delay:
            return
        until = scheduler.held_until(host)
        if until > now:
            raise HostHeldError(host, until)
        scheduler.hold_host(host, now + delay)

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
            told = f"robots.txt cannot be read ({judge(error).reason})"
            raise RobotsUnavailableError(told) from error
        if response.status >= 500 or response.status == 429:
            raise RobotsUnavailableError(f"robots.txt answers HTTP {response.status}")
        body = response.body if response.status < 300 else b""
        rules = ProtegoRobotParser(body, self._crawler.spider)
        delay = self._delays[origin] = _delay_of(rules, self._agent)
        if 0 < delay <= self._longest_delay:
            slow_down(self._crawler, urlparse_cached(request).hostname or "", delay)
        return rules


def _delay_of(rules: ProtegoRobotParser, agent: str) -> float:
    told = float(rules.crawl_delay(agent) or 0)
    # A file may also say `nan`, which is neither more nor less than anything.
    return min(told, LONGEST_WAIT) if told > 0 else 0.0


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
        _scheduler_of(self._crawler).hold_host(host, until)
        slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            give_back(slot, host, until)


def give_back_all(crawler: Crawler) -> None:
    """Give back what waits at hosts that want more than a moment between two requests."""
    for host, slot in crawler.engine.downloader.slots.items():
        if slot.delay > A_MOMENT:
            give_back(slot, host, time.time())


def give_back(slot: Slot, host: str, until: float) -> None:
    """Let what waits for its turn at a host go back to the store, to be sent from `until` on."""
    while slot.queue:
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


def _scheduler_of(crawler: Crawler) -> StoreScheduler:
    return cast("StoreScheduler", crawler.engine.scheduler)
