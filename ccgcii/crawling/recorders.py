"""Between Scrapy and the wire: one middleware keeps answers, another gives them instead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from ccgcii.archive import decode
from ccgcii.config import CrawlSettings
from ccgcii.crawling.apis.sources import ApiSource
from ccgcii.crawling.gathering import source_of
from ccgcii.crawling.scrapysettings import scrapy_settings

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from ccgcii.crawling.recordings import Recording
    from ccgcii.crawling.sources import Source

SETTING = "CCGCII_RECORDING"
PLACE = 996  # next to the wire
KEPT = ("Content-Type", "Location", "Retry-After")
NOTHING = b""


class Record:
    """Keeps every answer, decompressed and without our credentials."""

    def __init__(self, recording: Recording, source: Source) -> None:
        self._recording, self._source = recording, source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler.settings[SETTING], source_of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep an answer."""
        encoding = (response.headers.get("Content-Encoding") or NOTHING).decode("latin-1")
        headers = {name: told for name in KEPT if (told := self._header(response, name))}
        body = self._clean(decode(response.body, encoding))
        self._recording.add(request.method, request.url, response.status, headers, body)
        return response

    def _header(self, response: Response, name: str) -> str:
        return self._clean(response.headers.get(name) or NOTHING).decode("latin-1")

    def _clean(self, data: bytes) -> bytes:
        return self._source.redact_bytes(data) if isinstance(self._source, ApiSource) else data


class Replay:
    """Gives recorded answers; what is not recorded is not there (404), and noted as missing."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawler."""
        return cls(crawler.settings[SETTING])

    def process_request(self, request: Request) -> Response:
        """Answer from the recording."""
        found = self._recording.find(request.method, request.url)
        status, headers, body = 404, {}, NOTHING
        if found is not None:
            status, headers, body = found[0].status, dict(found[0].headers), found[1]
        kind = responsetypes.from_args(headers=Headers(headers), url=request.url, body=body)
        response: Response = kind(request.url, status=status, headers=headers, body=body)
        return response


def with_recording(
    kind: type[Source], middleware: type[Record | Replay], recording: Recording
) -> type[Source]:
    """Return a source whose answers are recorded, or come from a recording."""
    given: dict[str, Any] = dict(kind.custom_settings or {})
    usual = scrapy_settings(CrawlSettings())["DOWNLOADER_MIDDLEWARES"]
    mine = usual | given.get("DOWNLOADER_MIDDLEWARES", {}) | {middleware: PLACE}
    settings = {**given, "DOWNLOADER_MIDDLEWARES": mine, SETTING: recording}
    return type(
        kind.__name__, (kind,), {"custom_settings": settings, "__module__": kind.__module__}
    )
