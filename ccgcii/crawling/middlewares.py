"""Where our parts meet Scrapy's: keeping the bytes as received, and storing what callbacks give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from ccgcii.crawling.apis.values import ApiTroubleError
from ccgcii.crawling.archive import RawResponse
from ccgcii.crawling.failures import Failure, judge
from ccgcii.crawling.gathering import Gathering, desk_of
from ccgcii.crawling.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from ccgcii.crawling.outcomes import Lease
    from ccgcii.crawling.scheduler import StoreScheduler

ENCODINGS = "gzip, deflate"
CONDITIONS = ("If-None-Match", "If-Modified-Since")


class Middleware:
    """What knows its crawler, the desk, and the leases in flight."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._desk = desk_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler)

    def _lease(self, request: Request | None) -> Lease | None:
        if request is None:
            return None
        return self._desk.in_flight.get(request.meta.get("ccgcii", {}).get("row"))


class KeepRawResponse(Middleware):
    """Next to the wire: holds each response as received, before it is decompressed."""

    known: ClassVar[frozenset[str]] = frozenset({"gzip", "x-gzip", "deflate", "identity", ""})

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember the response with its lease, and count its bytes."""
        self._desk.budget.bytes += len(response.body)
        lease = self._lease(request)
        if lease is None or 300 <= response.status < 400:
            return response
        encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
        if all(part.strip().lower() in self.known for part in encoding.split(",")):
            # Of an error too: a source may handle it.
            lease.raw = raw_response(response)
        elif response.status < 300:
            raise IgnoreRequest(f"answers in {encoding!r}, which we never ask for")
        return response


class AskConditionally(Middleware):
    """Asks for a listing only if it has changed; nearer the wire than redirects and unpacking."""

    def process_request(self, request: Request) -> None:
        """Put on what the listing answered the last time."""
        lease = self._lease(request)
        conditions = self._desk.polls.conditions(lease) if lease is not None else {}
        for name, value in conditions.items():
            request.headers[name] = value
        if lease is not None:
            lease.asked = bool(conditions)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take it off, so that no redirect carries it on; let "not modified" be no error."""
        for name in CONDITIONS:
            request.headers.pop(name, None)
        lease = self._lease(request)
        if response.status == 304 and lease is not None and lease.asked:
            request.meta["handle_httpstatus_list"] = [304]
            # It has no body, whatever encoding its headers claim.
            response.headers.pop("Content-Encoding", None)
            return response.replace(body=b"")
        return response


class StoreOutput(Middleware):
    """Next to the engine: stores all that a response gave, and lets nothing pass."""

    chunk: ClassVar[int] = 500
    _nothing: ClassVar[tuple[Any, ...]] = ()

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Gather what the callback yields and store it with "done"."""
        lease = self._lease(response.request)
        if lease is None:
            return
        reading = self._desk.polls.read(lease, response) if lease.polls else None
        if reading is not None and reading.unchanged:
            # The callback has not run: what it would name is known already.
            self._scheduler.succeeded(lease.host)
            await self._desk.settle(Outcome(lease, "done", response.status, reading=reading))
            return
        gathering = Gathering(self._crawler, lease)
        try:
            async for item in result:
                gathering.add(item)
                if len(gathering.requests) >= self.chunk:
                    # A sitemap of 50,000 addresses must not hold up everything else.
                    self._desk.queue_early(lease, gathering.requests)
                    gathering.requests = []
            gathering.check()
        except Exception as error:  # noqa: BLE001 - a source's fault costs this response only
            self._fail(lease, response, error)
            return
        if lease.row not in self._desk.in_flight:
            return  # the callback raised, and `process_spider_exception` has settled it
        self._scheduler.succeeded(lease.host)
        outcome = gathering.outcome(response.status)
        outcome.reading = reading
        await self._desk.settle(outcome)
        for nothing in self._nothing:
            yield nothing

    def process_spider_exception(self, response: Response, exception: Exception) -> list[Any]:
        """Note that a callback failed: it is a row, not a lost line of a log."""
        lease = self._lease(response.request)
        if lease is not None:
            self._fail(lease, response, exception)
        return []

    def _fail(self, lease: Lease, response: Response, error: Exception) -> None:
        if isinstance(error, ApiTroubleError):
            outcome = self._scheduler.trouble(lease, error.trouble, response.status)
        else:
            why = judge(error)
            # What the server sent will not be better the next time.
            outcome = self._scheduler.fail(lease, Failure(why.reason, status=response.status))
        self._desk.settle_soon(outcome)

    @property
    def _scheduler(self) -> StoreScheduler:
        return cast("StoreScheduler", self._crawler.engine.scheduler)


def raw_response(response: Response) -> RawResponse:
    """Return a response as the archive keeps it."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return RawResponse(response.url, response.status, headers, response.body, datetime.now(UTC))


class FollowRedirects(RedirectMiddleware):
    """Follows redirects without ever telling where it comes from."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002
        """Send no Referer on."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        # Scrapy warns here that Referer is off; it is off on purpose.
        return
