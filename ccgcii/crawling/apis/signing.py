"""Credentials are put on when a request leaves and taken off when its answer comes.

Nothing else ever holds them: not the row, not the log, not the archive. An answer that repeats
them (an address of the next page, an error that quotes the key) is cleaned before anyone reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest, NotConfigured

from ccgcii.crawling.apis.sources import ApiSource
from ccgcii.crawling.gathering import source_of
from ccgcii.crawling.middlewares import Middleware, raw_response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class SignRequests(Middleware):
    """Between decompression and the source: sees requests before, answers after it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        source = source_of(crawler)
        if not isinstance(source, ApiSource):
            raise NotConfigured
        self._source = source

    def process_request(self, request: Request) -> None:
        """Put the credentials on, if the request goes to the API and nowhere else."""
        if not self._source.is_api(request.url):
            raise IgnoreRequest(f"an API's source asks nobody but {self._source.root}")
        for name, value in self._source.credentials().items():
            request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        """Take the credentials off, and out of the answer; keep it as it is then."""
        self._take_off(request)
        body = self._source.redact_bytes(response.body)
        if body != response.body:
            response = response.replace(body=body)
        for name, values in list(response.headers.items()):
            response.headers[name] = [self._source.redact_bytes(value) for value in values]
        lease = self._lease(request)
        if lease is not None and lease.raw is not None:
            lease.raw = raw_response(response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Take the credentials off."""
        self._take_off(request)

    def _take_off(self, request: Request) -> None:
        for name in self._source.credentials():
            request.headers.pop(name, None)
