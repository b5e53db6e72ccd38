"""GDELT's DOC 2.0 search: an option only, for it answers 250 articles at most and throttles hard.

Documentation: blog.gdeltproject.org/gdelt-doc-2-0-api-debuts.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ccgcii import ApiSource, ApiTroubleError, Fault, Record, Retry, Slice
from ccgcii_archives.languages import code_of_name
from ccgcii_archives.paces import paced_estimate
from ccgcii_archives.queries import phrase_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scrapy
    from scrapy.http import Response

    from ccgcii import Estimate, Plan, Trouble

MOST = 250  # articles of one answer
SHORTEST = timedelta(hours=1)
WEEK = timedelta(days=7)
AGAIN = 30.0  # seconds after it says that it was asked too often
_THROTTLED = re.compile(rb"limit requests to one every|too many requests", re.IGNORECASE)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


class GdeltDoc(ApiSource):
    """Articles whose (translated) text names a city; a span with more than 250 is halved."""

    name = "gdelt-doc"
    channel = "media"
    # One at a time: more than one request in five seconds is refused.
    custom_settings = {**ApiSource.custom_settings, "CONCURRENT_REQUESTS": 1}  # noqa: RUF012

    class Options(ApiSource.Options):
        """`[sources.gdelt-doc]`: `pace` is the least number of seconds between two requests."""

        root: str = "https://api.gdeltproject.org"
        pace: float = Field(7.0, ge=0)
        max_pages: int = Field(100, ge=1)

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.max_pages

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each city and week."""
        start = datetime(plan.since.year, plan.since.month, plan.since.day, tzinfo=UTC)
        over = datetime(plan.until.year, plan.until.month, plan.until.day, tzinfo=UTC)
        over += timedelta(days=1)
        spans = []
        while start < over:
            spans.append((start, min(over, start + WEEK)))
            start += WEEK
        return [
            Slice(
                f"{city.key}:{_stamp(first)}..{_stamp(last)}",
                {"query": _query(phrase_of(city)), "key": city.key}
                | {"start": _stamp(first), "end": _stamp(last)},
                city=city.key,
                requests_estimated=self.budget,
            )
            for first, last in spans
            for city in plan.cities
        ]

    def estimate(self, plan: Plan) -> Estimate:
        """Return what the plan takes at the pace that is allowed."""
        return paced_estimate(self.slices(plan), self.options.pace)

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask for the articles of the whole span."""
        yield self._articles(dict(piece.payload))

    def parse_articles(self, response: Response, asked: dict[str, str]) -> Iterator[Any]:
        """Yield the articles of a span; if there may be more, ask for its halves instead."""
        self.hold(self.options.pace)
        articles = self.read(response).get("articles") or []
        start, end = _moment(asked["start"]), _moment(asked["end"])
        if len(articles) >= MOST and end - start > SHORTEST:
            middle = start + (end - start) / 2
            yield self._articles({**asked, "end": _stamp(middle)})
            yield self._articles({**asked, "start": _stamp(middle)})
            return
        if len(articles) >= MOST:
            yield self.note(f"more than {MOST} articles in an hour: the rest cannot be had")
        for article in articles:
            yield _record(article, asked["key"])

    def read(self, response: Response) -> Any:
        """Return its JSON, mended where it escapes what needs no escape.

        It says no with status 200 and in plain words: asked too often, or a query it cannot read.
        """
        trouble = _trouble(response)
        if trouble is not None:
            raise ApiTroubleError(trouble)
        text = response.body.decode("utf-8", "replace").strip()
        try:
            return json.loads(_BAD_ESCAPE.sub(r"\\\\", text) or "{}", strict=False)
        except ValueError as error:
            broken = Retry(None, f"the answer is not whole JSON ({error})")
            raise ApiTroubleError(broken) from error

    def _articles(self, asked: dict[str, str]) -> scrapy.Request:
        parameters = {
            "query": asked["query"],
            "mode": "artlist",
            "format": "json",
            "maxrecords": MOST,
            "startdatetime": asked["start"],
            "enddatetime": asked["end"],
            "sort": "dateasc",
        }
        return self.ask("api/v2/doc/doc", parameters, self.parse_articles, asked=asked)


def _trouble(response: Response) -> Trouble | None:
    start = response.body[:300]
    if response.status == 429 or _THROTTLED.search(start):
        return Retry(AGAIN, "asked too often")
    if response.status >= 500:
        return Retry(None, f"HTTP {response.status}")
    if response.status >= 400:
        return Fault(f"HTTP {response.status}")
    if start.strip() and not start.lstrip().startswith(b"{"):
        return Fault(f"it says: {start.decode('utf-8', 'replace').strip()[:150]}")
    return None


def _query(phrase: str) -> str:
    return phrase.replace(" AND ", " ")  # its words are joined without being told to


def _record(article: dict[str, Any], city: str) -> Record:
    seen = str(article.get("seendate") or "")
    return Record(
        id=str(article["url"]),
        channel="media",
        url=str(article["url"]),
        title=str(article.get("title") or ""),
        published_at=_seen(seen),
        outlet=str(article.get("domain") or "").lower() or None,
        language=code_of_name(str(article.get("language") or "")),
        places=(city,),
    )


def _seen(told: str) -> datetime | None:
    try:
        return datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"
