"""Scrapy's scheduler over the store: it hands out leases, and hears of every failure and redirect.

Scrapy's own duplicate filter, retry middleware and job folder are not used: the rows are all three.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.core.scheduler import BaseScheduler

from ccgcii.crawling.apis.values import SPENDS, Abort, Defer, Fault, Retry, Skip
from ccgcii.crawling.failures import Failure, HostHeldError, judge
from ccgcii.crawling.frontier import NEVER
from ccgcii.crawling.gathering import Gathering, desk_of, new_request, source_of
from ccgcii.crawling.outcomes import Outcome
from ccgcii.crawling.payloads import request_from_json
from ccgcii.crawling.politeness import give_back_all
from ccgcii.errors import CcgciiError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Self

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure as TwistedFailure

    from ccgcii.crawling.apis.values import Trouble
    from ccgcii.crawling.outcomes import Lease
    from ccgcii.planning.slices import Slice

# After so many failures in a row a host gets nothing more in this run.
STRIKES = 10
# After being put off so many times with no answer between, an API is left alone in this run.
DEFERRALS = 100


class StoreScheduler(BaseScheduler):
    """Gives Scrapy the requests of the store."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._source = source_of(crawler)
        self._desk = desk_of(crawler)
        self._retries = crawler.settings.getint("CCGCII_RETRIES")
        self._per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._limit = self._source.plan.limit
        self._held_until = 0.0
        self._held_hosts: dict[str, float] = {}
        self._stopping = False
        self.leaves = False
        self._over: str | None = None
        self._deferrals = 0
        self._strikes: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the scheduler of a crawler whose spider is a `Source` with a desk."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Open the desk and start every slice that has not been."""
        self._desk.on_trouble = partial(self._close_crawl, "the store failed")
        self._desk.on_commit = self._wake
        self._desk.on_leave = self.leave
        planned = self._desk.open()
        if self._desk.leaving:
            self.leave()
            return
        for slice_id, piece in planned:
            if self._desk.failure is not None:
                return
            self._start(slice_id, piece)

    def close(self, reason: str) -> None:
        """Give back what was not sent."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._desk.close(finished=self._stopping or reason == "finished")
        counts = self._desk.counts
        if counts.queued and not counts.stopped:
            counts.budget = self._over
        if counts.slices_deferred and self._held_until > time.time():
            counts.resumes_at = max(counts.resumes_at or 0.0, self._held_until)

    def has_pending_requests(self) -> bool:
        """Say whether the crawl has to go on."""
        now = time.time()
        if self._held_until > now + self._source.patience:
            return False
        more = self._desk.has_more()
        due = self._held_until if self._held_until > now else self._desk.due_at()
        if more and due < NEVER:
            self._wake_at(due)
        return more

    def next_request(self) -> Request | None:
        """Return a request whose host is not busy, None if there is none now."""
        if self._limit is not None and self._desk.counts.captures >= self._limit:
            self._close_crawl("limit reached")
            return None
        if self._desk.leaving and not self._tasks:
            self._run(self._stop_engine())
        if self.leaves or self._stopping or time.time() < self._held_until:
            return None
        if self._is_over():
            return None
        busy = Counter(
            request.meta["ccgcii"]["host"]
            for request in self._crawler.engine.downloader.active
            if "ccgcii" in request.meta
        )
        while lease := self._desk.take(lambda lease: busy[lease.host] < self._per_host):
            if (until := self.held_until(lease.host)) > time.time():
                self._desk.settle_soon(_held(lease, until))
                continue
            if self._strikes[lease.host] < STRIKES:
                request = self._request(lease)
                if request is not None and self._desk.must_wait(lease):
                    self._desk.put_back(lease)
                    return None
                if request is not None and self._desk.may_send(lease):
                    self._desk.budget.requests += 1
                    return request
                continue
            reason = f"not tried: the host failed {STRIKES} times in a row"
            self._desk.settle_soon(Outcome(lease, "failed", error=reason))
        return None

    def enqueue_request(self, request: Request) -> bool:
        """Take what a downloader middleware sends back: a redirect closes one row, adds another."""
        lease = self._desk.in_flight.get(request.meta.get("ccgcii", {}).get("row"))
        if lease is None:
            return False
        if isinstance(request.errback, partial):
            request.errback = request.errback.args[1]  # the source's own, which we wrapped
        outcome = Outcome(lease, status=(request.meta.get("redirect_reasons") or [None])[-1])
        try:
            target = new_request(self._crawler, request, lease.slice_id, lease.depth)
        except CcgciiError as error:
            outcome.state, outcome.error = "failed", str(error)
        else:
            outcome.requests.append(target)
            if target.fingerprint == lease.fingerprint:
                outcome.state, outcome.error = "failed", "redirects to itself"
        self._desk.settle_soon(outcome)
        return True

    def succeeded(self, host: str) -> None:
        """Note that a host gave what was asked for."""
        self.answered(host)
        self._desk.budget.succeeded()

    def answered(self, host: str) -> None:
        """Note that a host answers."""
        self._strikes.pop(host, None)
        self._deferrals = 0

    def hold(self, seconds: float) -> None:
        """Send nothing more for so long; a hold beyond the source's patience ends the crawl."""
        self._held_until = max(self._held_until, time.time() + seconds)

    def hold_host(self, host: str, until: float) -> None:
        """Send nothing to a host before a moment (seconds since 1970).

        An API holds itself: what its answer means is said by its source.
        """
        if self._source.complete:
            return
        self._held_hosts[host] = max(self._held_hosts.get(host, 0.0), until)

    def held_until(self, host: str) -> float:
        """Return before which moment nothing is sent to a host (seconds since 1970)."""
        return self._held_hosts.get(host, 0.0)

    def leave(self) -> None:
        """Take nothing more: a host's delay of a minute may not hold up the end of a crawl."""
        self.leaves = True
        give_back_all(self._crawler)

    def stop(self, reason: str) -> None:
        """End this source's crawl for a reason that it found; what is left stays queued."""
        self._desk.counts.stopped = self._desk.counts.stopped or reason
        self._stopping = True
        self._close_crawl(reason)

    def trouble(self, lease: Lease, trouble: Trouble, status: int) -> Outcome:
        """Return what the trouble that an API tells of means for its request."""
        reason = trouble.reason
        match trouble:
            case Retry(after):
                self.hold(after or 0.0)
                return self.fail(lease, Failure(reason, again=True, status=status, wait=after))
            case Defer(until):
                return self._put_off(lease, status, reason, max(until, time.time() + 1))
            case Skip():
                self.succeeded(lease.host)
                return Outcome(lease, "done", status, reason)
            case Fault():
                self._desk.budget.failed(reason)
                if self._strike(lease, reason):
                    return self._put_off(lease, status, reason)
                return Outcome(lease, "failed", status, reason)
            case Abort():
                self.stop(reason)
                return self._put_off(lease, status, reason)

    def fail(self, lease: Lease, why: Failure) -> Outcome:
        """Return the outcome of a failed request: queued again with a growing wait, or failed."""
        self._desk.budget.failed(why.reason)
        if not why.again:
            self.answered(lease.host)
        elif self._strike(lease, why.reason):
            return self._put_off(lease, why.status, why.reason)
        if why.again and lease.attempts < self._retries:
            wait = max(2.0**lease.attempts, why.wait or 0.0)
            due = math.ceil(time.time() + wait)
            return Outcome(lease, "queued", why.status, why.reason, due)
        return Outcome(lease, "failed", why.status, why.reason)

    def _is_over(self) -> bool:
        """Say whether the budget is spent; if it is, end the crawl with what is left queued."""
        budget = self._desk.budget
        if budget.broken is not None:
            self.stop(budget.broken)
        elif self._over is None and (over := budget.spent) is not None:
            self._over, self._stopping = over, True
            self._close_crawl(over)
        return self._stopping

    def _strike(self, lease: Lease, reason: str) -> bool:
        """Count a failure; an API that keeps failing is left alone, with all its work queued."""
        self._strikes[lease.host] += 1
        over = self._source.complete and self._strikes[lease.host] >= STRIKES
        if over:
            self.stop(f"it failed {STRIKES} times in a row ({reason}); run it again later")
        return over

    def _put_off(
        self, lease: Lease, status: int | None, reason: str, until: float = 0.0
    ) -> Outcome:
        self._deferrals += 1
        if self._deferrals >= DEFERRALS:
            self.stop(f"it put us off {DEFERRALS} times in a row ({reason}); run it again later")
        return Outcome(lease, "queued", status, reason, math.ceil(until), put_off=True)

    def _start(self, slice_id: int, piece: Slice) -> None:
        try:
            requests = [
                new_request(self._crawler, request, slice_id, 0)
                for request in self._source.start_slice(piece)
            ]
        except Exception as error:  # noqa: BLE001 - a source's fault costs this slice only
            self._desk.refuse_slice(slice_id, judge(error).reason)
        else:
            self._desk.start_slice(slice_id, requests)

    def _request(self, lease: Lease) -> Request | None:
        try:
            request = request_from_json(lease.payload, self._source)
        except ValueError as error:
            # The source no longer has the callback that an older version of it named.
            self._desk.settle_soon(Outcome(lease, "failed", error=str(error)))
            return None
        lease.spends = request.meta.get(SPENDS, {})
        request.meta["ccgcii"] = {"row": lease.row, "host": lease.host}
        request.errback = partial(self._failed, lease, request.errback)
        return request

    def _failed(self, lease: Lease, own: Any, failure: TwistedFailure) -> list[Any]:
        error = failure.value
        if error is None or lease.row not in self._desk.in_flight:
            return []
        if isinstance(error, HostHeldError):
            self._desk.take_back(lease)
            self._desk.settle_soon(_held(lease, error.until))
            return []
        outcome = self.fail(lease, judge(error))
        if own is not None and outcome.state == "failed":
            self._hear(own, failure, outcome)
        self._desk.settle_soon(outcome)
        return []

    def _hear(self, own: Any, failure: TwistedFailure, outcome: Outcome) -> None:
        """Take what a source's errback yields; a fault in it is told with the failure."""
        gathering = Gathering(self._crawler, outcome.lease)
        try:
            for item in own(failure) or ():
                gathering.add(item)
            gathering.check()
        except Exception as error:  # noqa: BLE001 - a source's fault costs this request only
            outcome.error = f"{outcome.error}; then in its errback {judge(error).reason}"
        else:
            outcome.requests, outcome.records = gathering.requests, gathering.records

    def _wake_at(self, due: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        delay = max(0.05, due - time.time())
        self._alarm = asyncio.get_running_loop().call_later(delay, self._wake)

    def _wake(self) -> None:
        slot = self._crawler.engine._slot  # noqa: SLF001 - nothing public wakes an idle engine
        if slot is not None:
            slot.nextcall.schedule()

    def _close_crawl(self, reason: str) -> None:
        if not self._tasks:
            self.leave()
            self._run(self._crawler.engine.close_spider_async(reason=reason))

    async def _stop_engine(self) -> None:
        """Stop what Scrapy leaves running: told to stop while it opens a crawl, it forgets that."""
        if self._crawler.engine.running:
            await self._crawler.engine.stop_async()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _held(lease: Lease, until: float) -> Outcome:
    """Return that a request waits for the moment that its host named; it was not sent."""
    return Outcome(lease, "queued", not_before=math.ceil(until), sent=False, put_off=True)
