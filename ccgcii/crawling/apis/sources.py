"""What the author of a source of a JSON API writes: as any source, and how to read its errors.

Example::

    class Hello(ApiSource):
        name = "hello"
        channel = "x"
        needs = ("hello_token",)          # CCGCII__SECRETS__HELLO_TOKEN
        terms = Terms("Hello API", "2026-01", keep_days=30)

        class Options(ApiSource.Options):
            root: str = "https://api.hello.example"

        def credentials(self):
            return {"Authorization": f"Bearer {self.secret('hello_token')}"}

        def quotas(self):
            return [Quota("posts", 1_000, zone="America/Los_Angeles")]

        def start_slice(self, piece):
            yield self.ask("/1/posts", {"q": piece.payload["q"]}, self.parse, spends={"posts": 1})

        def judge(self, status, headers, body):
            return Skip("gone") if status == 410 else None

        def parse(self, response):
            for post in self.read(response)["posts"]:
                yield Record(id=post["id"], channel="x", text=post["text"])
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import cached_property
from hashlib import sha1
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import scrapy

from ccgcii.crawling.apis.values import (
    SPENDS,
    Abort,
    ApiTroubleError,
    Estimate,
    Fault,
    Retry,
    Sighting,
    Spend,
    Trouble,
    days_for,
)
from ccgcii.crawling.failures import BUSY, retry_after
from ccgcii.crawling.payloads import request_to_json
from ccgcii.crawling.redaction import HIDDEN, redact, spellings
from ccgcii.crawling.sources import Source
from ccgcii.errors import SourceError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scrapy.http import Response

    from ccgcii.crawling.scheduler import StoreScheduler
    from ccgcii.planning.slices import Plan


class ApiSource(Source):
    """A source of a JSON API.

    Credentials are headers, added when a request leaves and only if it goes to `root`: no row, log
    or archive ever holds them. Every answer comes to the callback, which calls `read`; `judge`
    says what an error means. A request that spends of an empty bucket waits in the store until
    the bucket is full again. `patience` is the longest wait (seconds) that a crawl sits out.
    `errors_cost` says whether a request that failed has spent what it would have.
    """

    patience = 960.0
    complete = True
    errors_cost = True
    only_when_named = True
    custom_settings = {  # noqa: RUF012 - Scrapy declares it, and not as a ClassVar
        "HTTPERROR_ALLOW_ALL": True,
        "REDIRECT_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # an API that gave us a key is not a web page
        "CCGCII_DEPTH": 1_000_000,  # pages of answers, not links: `budget` is what ends them
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        },
    }

    class Options(Source.Options):
        """The address of the API; a source gives the official one as the default."""

        root: str

    @property
    def root(self) -> str:
        """The address of the API, without a slash at its end."""
        return str(self.options.root).rstrip("/")

    def credentials(self) -> Mapping[str, str]:
        """Return the headers that say who we are."""
        return {}

    def judge(
        self,
        status: int,  # noqa: ARG002 - for subclasses
        headers: Mapping[str, str],  # noqa: ARG002
        body: Any,  # noqa: ARG002
    ) -> Trouble | None:
        """Say what is wrong with an answer, None if nothing is or nothing is known.

        Header names are lower case; `body` is the JSON, None if it is none. A status of 400 or
        more of which `judge` says nothing is judged by itself.
        """
        return None

    def ask(
        self,
        path: str,
        parameters: Mapping[str, Any],
        callback: Callable[..., Any],
        *,
        spends: Mapping[str, int] | None = None,
        priority: int = 0,
        **kwargs: Any,
    ) -> scrapy.Request:
        """Return a request to the API; parameters that are None are left out.

        `spends` says how many units of which bucket it costs; `kwargs` go to the callback.
        """
        query = urlencode({name: told for name, told in parameters.items() if told is not None})
        self._check_buckets(spends or ())
        return scrapy.Request(
            f"{self.root}/{path.lstrip('/')}{'?' if query else ''}{query}",
            callback=callback,
            priority=priority,
            cb_kwargs=kwargs,
            meta={SPENDS: dict(spends)} if spends else {},
        )

    def read(self, response: Response) -> Any:
        """Return the JSON of an answer; raises `ApiTroubleError` for one that is no good."""
        body = _json_of(response)
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        trouble = self.judge(response.status, headers, body)
        if trouble is None and (response.status >= 300 or body is None):
            trouble = _judge_status(response)
        if trouble is None:
            return body
        if isinstance(trouble, Retry) and trouble.after is None:
            trouble = replace(trouble, after=retry_after(response))
        raise ApiTroubleError(replace(trouble, reason=self.redact(trouble.reason)))

    def spend(self, bucket: str, units: int) -> Spend:
        """Say, by yielding it, that an answer cost more than its request was known to."""
        self._check_buckets((bucket,))
        return Spend(bucket, units)

    def used(self, bucket: str) -> int:
        """Return how much of a bucket is used, by this crawl and earlier ones."""
        return self.desk.used(bucket) if self.desk is not None else 0

    def saw(self, ids: Iterable[str]) -> Sighting:
        """Say, by yielding it, which pieces a slice's search named: rounds are compared by them."""
        return Sighting(tuple(ids))

    def hold(self, seconds: float) -> None:
        """Send nothing to the API for so long, though nothing is wrong."""
        cast("StoreScheduler", self.crawler.engine.scheduler).hold(seconds)

    def estimate(self, plan: Plan) -> Estimate:
        """Return what a plan would take, if each request spends one unit of the first bucket."""
        plain = super().estimate(plan)
        quotas = list(self.quotas())
        if plain.requests is None or not quotas:
            return plain
        needed = {quotas[0].bucket: plain.requests}
        return Estimate(plain.requests, days_for(needed, {quotas[0].bucket: quotas[0]}))

    def now(self) -> float:
        """Return the moment (seconds since 1970) by which quotas and waits are counted."""
        return time.time()

    def is_api(self, url: str) -> bool:
        """Say whether an address is the API's: only there may credentials go."""
        return url.startswith(f"{self.root}/")

    def fingerprint(self, request: scrapy.Request, slice_id: int) -> bytes:
        """Return what is the same for the same request of one slice.

        A question asked again by another slice (a second round) is another question, and so is
        each page of a listing that is begun `again` because its cursor had expired.
        Raises `SourceError` for a request that no row may hold.
        """
        if not self.is_api(request.url):
            raise SourceError(f"{self.redact(request.url)}: not an address of {self.root}")
        row = request_to_json(request, self).encode()
        if self.redact_bytes(row) != row:
            raise SourceError(
                f"{self.redact(request.url)}: a key in a request would be stored; "
                "give it in credentials()"
            )
        again = b"again" if request.cb_kwargs.get("again") else b""
        return sha1(
            slice_id.to_bytes(8, "big") + super().fingerprint(request, slice_id) + again,
            usedforsecurity=False,
        ).digest()

    def redact(self, text: str) -> str:
        """Return a text without our credentials."""
        return redact(text, self._secrets)

    def redact_bytes(self, data: bytes) -> bytes:
        """Return the bytes of an answer without our credentials, otherwise untouched."""
        for secret in self._secrets:
            for written in spellings(secret):
                data = data.replace(written.encode(), HIDDEN.encode())
        return data

    def _check_buckets(self, buckets: Iterable[str]) -> None:
        known = {quota.bucket for quota in self.quotas()}
        for bucket in buckets:
            if bucket not in known:
                hint = suggest(bucket, known)
                raise SourceError(f"source {self.name!r} has no bucket {bucket!r}{hint}")

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        return tuple(self.secret(name) for name in self.needs)


def _json_of(response: Response) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        return None


def _judge_status(response: Response) -> Trouble:
    status = response.status
    if status in BUSY or status >= 500:
        return Retry(retry_after(response), f"HTTP {status}")
    if status in (401, 403):
        return Abort(f"HTTP {status}: the API refuses our credentials")
    if status >= 300:
        return Fault(f"HTTP {status}")
    return Retry(None, "the answer is not whole JSON")
