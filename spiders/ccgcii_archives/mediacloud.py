"""Media Cloud's online news archive: what its search finds of a city, without the texts.

Endpoint and fields: the official client, mediacloud 5.2.0 (`api.py`, `types.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ccgcii import Abort, ApiSource, Fault, Record, Retry, Slice, outlet_domain
from ccgcii_archives.paces import paced_estimate
from ccgcii_archives.queries import phrase_of
from ccgcii_archives.wayback import months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import scrapy
    from scrapy.http import Response

    from ccgcii import Estimate, Plan

PLATFORM = "onlinenews-mediacloud"


class MediaCloud(ApiSource):
    """Stories whose text names a city, by Media Cloud's own search, a slice a city and month."""

    name = "mediacloud-api"  # its CSV exports are the format `mediacloud`
    channel = "media"
    needs = ("mediacloud_token",)
    # One at a time: the account is limited, and `pace` counts from answer to request.
    custom_settings = {**ApiSource.custom_settings, "CONCURRENT_REQUESTS": 1}  # noqa: RUF012

    class Options(ApiSource.Options):
        """`[sources.mediacloud-api]`.

        `collections` and `sources` are Media Cloud's numbers; without any, everything is searched,
        which it advises against. `pace` is the least number of seconds between two requests (ten a
        minute is what its own client keeps to); `max_pages` is for a city and month.
        """

        root: str = "https://search.mediacloud.org"
        collections: list[int] = Field(default_factory=list)
        sources: list[int] = Field(default_factory=list)
        page_size: int = Field(1_000, ge=1, le=1_000)
        max_pages: int = Field(20, ge=1)
        pace: float = Field(6.0, ge=0)

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.max_pages

    def credentials(self) -> Mapping[str, str]:
        """Return the token: a header, never a part of an address."""
        return {"Authorization": f"Token {self.secret('mediacloud_token')}"}

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each city and month."""
        return [
            Slice(
                f"{city.key}:{first}..{last}",
                {"query": phrase_of(city), "start": str(first), "end": str(last), "key": city.key},
                city=city.key,
                requests_estimated=self.budget,
            )
            for first, last in months(plan.since, plan.until)
            for city in plan.cities
        ]

    def estimate(self, plan: Plan) -> Estimate:
        """Return what the plan takes at the pace that is allowed."""
        return paced_estimate(self.slices(plan), self.options.pace)

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask for the first page of stories."""
        yield self._stories(dict(piece.payload), None)

    def judge(
        self,
        status: int,
        headers: Mapping[str, str],  # noqa: ARG002 - an error tells all in its body
        body: Any,
    ) -> Abort | Fault | Retry | None:
        """Say what its errors mean; `note` or `detail` is its word for it."""
        told = body if isinstance(body, dict) else {}
        said = str(told.get("note") or told.get("detail") or "")[:200]
        if status == 429 or status >= 500:
            return Retry(None, said or f"HTTP {status}")
        if status in (401, 403):
            return Abort(f"HTTP {status}: {said or 'the token is refused'}")
        if status >= 400:
            return Fault(f"HTTP {status}: {said}")
        if body is not None and "stories" not in told:
            return Fault(f"an answer without stories: {said}")
        return None

    def parse_stories(self, response: Response, asked: dict[str, str]) -> Iterator[Any]:
        """Yield a page of stories and ask for the next one."""
        self.hold(self.options.pace)
        body = self.read(response)
        for story in body["stories"]:
            yield read_story(story, asked["key"])
        token = body.get("pagination_token")
        if token and body["stories"]:
            yield self._stories(asked, str(token))

    def _stories(self, asked: dict[str, str], token: str | None) -> scrapy.Request:
        parameters = {
            "q": asked["query"],
            "start": asked["start"],
            "end": asked["end"],
            "platform": PLATFORM,
            "cs": ",".join(map(str, self.options.collections)) or None,
            "ss": ",".join(map(str, self.options.sources)) or None,
            "page_size": self.options.page_size,
            "pagination_token": token,
        }
        return self.ask("api/search/story-list", parameters, self.parse_stories, asked=asked)


def read_story(story: Mapping[str, Any], city: str) -> Record:
    """Return a story; that its text names the city is Media Cloud's word, not ours."""
    url = str(story.get("url") or "")
    told = str(story.get("publish_date") or "")[:10]
    return Record(
        id=str(story["id"]),
        channel="media",
        url=url,
        title=str(story.get("title") or ""),
        published_at=_midnight(told),
        outlet=outlet_domain(url) or str(story.get("media_url") or "") or None,
        language=str(story.get("language") or "") or None,
        places=(city,),
    )


def _midnight(told: str) -> datetime | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
