"""The YouTube source: search by city and month, then channels and videos, fifty at a time."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ccgcii import (
    ApiSource,
    ApiTroubleError,
    ConfigError,
    Estimate,
    Quota,
    Renewal,
    Skip,
    Slice,
    Terms,
    suggest,
)
from ccgcii_youtube.errors import is_stale_page, judge_error
from ccgcii_youtube.records import channel_facts, comment_record, is_comment, video_record
from ccgcii_youtube.windows import Window, months, queries, weeks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import scrapy
    from scrapy.http import Response

    from ccgcii import City, Plan, Trouble

API = "youtube/v3"
PACIFIC = "America/Los_Angeles"
# Of videos and channels in one request, of results on one page.
BATCH = 50
COMMENTS = 100
# The API gives no more than about 500 results to a question.
MOST_PAGES = 10
BEGIN_AGAIN = "YouTube no longer knows this page of a listing; it is read again from its first"
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SEARCH = {"search": 1}
OTHER = {"default": 1}


class Buckets(BaseModel):
    """Units a day that the key has; Google raises them on request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    search: int = Field(100, ge=1)
    default: int = Field(10_000, ge=1)


class YouTube(ApiSource):
    """Videos that YouTube's search finds of each city, month by month.

    What the search finds changes from day to day, the more the older the videos are: it is a
    sample. `rounds` asks every question again; all that any round found is kept once, and a crawl
    reports how the rounds agree. `totalResults` is an estimate that is worth nothing: never read.
    """

    name = "youtube"
    channel = "youtube"
    needs = ("youtube_key",)
    terms = Terms("YouTube API Services", "2026-06-01", keep_days=30, may_derive=False)
    # What has to be gone after thirty days does not go into files that only grow.
    archives = False
    refreshes = True

    class Options(ApiSource.Options):
        """`[sources.youtube]`.

        `pages` of 50 results a question (10 is all there is), `span` of days that one is about,
        `weekly` cities (keys) whose questions are about weeks instead, `names` in one question or
        apart, `comments` pages of 100 threads a video. `may_derive_metrics` says that Google has
        given leave to derive metrics: without it what is kept is not scored.
        """

        root: str = "https://youtube.googleapis.com"
        quota: Buckets = Buckets()
        pages: int = Field(1, ge=1, le=MOST_PAGES)
        span: Literal["month", "quarter", "year"] = "month"
        weekly: tuple[str, ...] = ()
        names: Literal["together", "apart"] = "together"
        order: Literal["relevance", "date", "rating", "viewCount"] = "relevance"
        rounds: int = Field(1, ge=1)
        comments: int = Field(0, ge=0)
        may_derive_metrics: bool = False

    def credentials(self) -> Mapping[str, str]:
        """Give the key in a header: an address is logged."""
        return {"X-goog-api-key": self.secret("youtube_key")}

    def quotas(self) -> tuple[Quota, ...]:
        """Give the two buckets, which fill again at midnight Pacific time."""
        buckets = self.options.quota
        return (
            Quota("search", buckets.search, PACIFIC),
            Quota("default", buckets.default, PACIFIC),
        )

    def judge(
        self,
        status: int,
        headers: Mapping[str, str],  # noqa: ARG002 - an error tells all in its body
        body: Any,
    ) -> Trouble | None:
        """Say what an error means."""
        midnight = Quota("search", 1, PACIFIC).resets_at(self.now())
        return judge_error(status, body, midnight)

    def fingerprint(self, request: scrapy.Request, slice_id: int) -> bytes:
        """Return what is the same for the same request.

        The same channels asked for again for other videos are another request: they lead to those.
        """
        same = super().fingerprint(request, slice_id)
        videos = ",".join(request.cb_kwargs.get("videos", ()))
        return sha1(same + videos.encode(), usedforsecurity=False).digest() if videos else same

    def slices(self, plan: Plan) -> Iterator[Slice]:
        """Cut a plan into questions, round by round."""
        self._check_weekly(plan)
        for number in range(1, self.options.rounds + 1):
            for city in plan.cities:
                for window in self._windows(city, plan):
                    yield from self._questions(city, window, number)

    @classmethod
    def is_refreshed(cls, record: Mapping[str, Any]) -> bool:
        """Say that a record is a video: a comment is nothing that can be asked for by fifties."""
        return not is_comment(record)

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask the question, or for videos that are known and have to be fetched anew."""
        if "refresh" in piece.payload:
            known = {one["id"]: one["author"] for one in piece.payload["refresh"]}
            yield from self._about(known, renew=True)
        else:
            yield self._search(piece.payload["search"], page=1)

    def parse(self, response: Response, **known: Any) -> Iterator[Any]:
        """Note what a page of a search names; go for the channels, and for the next page."""
        search, page = known["search"], known["page"]
        body = self._read_page(response, known)
        if body is None:
            yield self.note(BEGIN_AGAIN)
            yield self._search(search, page=1, again=True)
            return
        found = {
            item["id"]["videoId"]: item["snippet"].get("channelId")
            for item in body.get("items", ())
            if "videoId" in item.get("id", ())
        }
        yield self.saw(found)
        yield from self._about(found)
        token = body.get("nextPageToken")
        if token is not None and token == known.get("token"):
            yield self.note("YouTube: the search names itself as its next page")
        elif token is not None and page < self.options.pages:
            again = known.get("again", False)
            yield self._search(search, page=page + 1, token=token, again=again)

    def parse_channels(self, response: Response, videos: list[str], **more: Any) -> Iterator[Any]:
        """Go for the videos, with what their channels say of themselves."""
        try:
            items = self.read(response).get("items", ())
        except ApiTroubleError as error:
            if not isinstance(error.trouble, Skip):
                raise
            # The videos are there all the same.
            yield self.note(error.trouble.reason)
            items = ()
        facts = {item["id"]: channel_facts(item) for item in items}
        yield self._videos(videos, facts, **more)

    def parse_videos(
        self, response: Response, channels: dict[str, Any], *, renew: bool = False
    ) -> Iterator[Any]:
        """Keep the videos, and go for their comments if those are wanted."""
        for item in self.read(response).get("items", ()):
            channel = channels.get(item["snippet"].get("channelId"), {})
            record = video_record(item, channel)
            yield Renewal(record) if renew else record
            if self.options.comments and record.comments and not renew:
                yield self._comments(record.id, page=1)

    def parse_comments(self, response: Response, **known: Any) -> Iterator[Any]:
        """Keep the comments."""
        video, page = known["video"], known["page"]
        body = self._read_page(response, known)
        if body is None:
            yield self.note(BEGIN_AGAIN)
            yield self._comments(video, page=1, again=True)
            return
        for item in body.get("items", ()):
            yield comment_record(item, video)
        token = body.get("nextPageToken")
        if token is not None and token != known.get("token") and page < self.options.comments:
            again = known.get("again", False)
            yield self._comments(video, page=page + 1, token=token, again=again)

    def estimate(self, plan: Plan) -> Estimate:
        """Return the most requests, and the days that the smaller bucket makes of them."""
        slices = sum(1 for _ in self.slices(plan))
        searches = slices * self.options.pages
        others = searches * self._others_a_page()
        buckets = self.options.quota
        days = max(-(-searches // buckets.search), -(-others // buckets.default))
        note = (
            f"{searches:,} searches at {buckets.search:,} a day, at most {others:,} other requests "
            f"at {buckets.default:,} a day; quotas come back at midnight Pacific"
        )
        return Estimate(searches + others, float(days), notes=(note,))

    def _windows(self, city: City, plan: Plan) -> Iterator[Window]:
        if city.key in self.options.weekly:
            return weeks(plan.since, plan.until)
        return months(plan.since, plan.until, MONTHS[self.options.span])

    def _questions(self, city: City, window: Window, number: int) -> Iterator[Slice]:
        after, before = window.bounds()
        for language, query in queries(city, apart=self.options.names == "apart").items():
            question = "/".join(
                filter(None, (city.key, f"{window.first}..{window.last}", language))
            )
            yield Slice(
                key=question if number == 1 else f"{question}/round {number}",
                payload={
                    "question": question,
                    "round": number,
                    "search": {"q": query, "publishedAfter": after, "publishedBefore": before},
                },
                city=city.key,
                requests_estimated=self.options.pages * (1 + self._others_a_page()),
            )

    def _others_a_page(self) -> int:
        comments: int = self.options.comments
        return 2 + BATCH * comments

    def _check_weekly(self, plan: Plan) -> None:
        known = {city.key for city in plan.study.cities}
        for key in self.options.weekly:
            if key not in known:
                hint = suggest(key, known)
                raise ConfigError(f"[sources.youtube] weekly: no city {key!r} in the study{hint}")

    def _read_page(self, response: Response, known: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a page of a listing, None if its token has expired and was not given twice."""
        try:
            body: dict[str, Any] = self.read(response)
        except ApiTroubleError as error:
            if known.get("token") is None or known.get("again") or not is_stale_page(error):
                raise
            return None
        return body

    def _search(
        self,
        search: dict[str, str],
        *,
        page: int,
        token: str | None = None,
        again: bool = False,
    ) -> scrapy.Request:
        parameters = {
            "part": "snippet",
            "type": "video",
            "maxResults": BATCH,
            "order": self.options.order,
            "safeSearch": "none",
            **search,
            "pageToken": token,
        }
        known = {"search": search, "page": page, "token": token} | _again(again)
        return self.ask(
            f"{API}/search", parameters, self.parse, spends=SEARCH, priority=page > 1, **known
        )

    def _about(self, found: Mapping[str, str | None], **more: Any) -> Iterator[scrapy.Request]:
        """Go for the channels of the videos first; a video without one goes without."""
        videos = list(found)
        for start in range(0, len(videos), BATCH):
            batch = videos[start : start + BATCH]
            channels = list(dict.fromkeys(filter(None, (found[video] for video in batch))))
            if not channels:
                yield self._videos(batch, {}, **more)
                continue
            parameters = {
                "part": "snippet,statistics",
                "id": ",".join(channels),
                "maxResults": BATCH,
            }
            yield self.ask(
                f"{API}/channels",
                parameters,
                self.parse_channels,
                spends=OTHER,
                priority=2,
                videos=batch,
                **more,
            )

    def _videos(
        self, videos: list[str], channels: Mapping[str, Any], **more: Any
    ) -> scrapy.Request:
        # No maxResults here: with `id` the API does not take it.
        parameters = {"part": "snippet,statistics", "id": ",".join(videos)}
        return self.ask(
            f"{API}/videos",
            parameters,
            self.parse_videos,
            spends=OTHER,
            priority=2,
            channels=channels,
            **more,
        )

    def _comments(
        self, video: str, *, page: int, token: str | None = None, again: bool = False
    ) -> scrapy.Request:
        parameters = {
            "part": "snippet",
            "videoId": video,
            "maxResults": COMMENTS,
            "order": "time",
            "textFormat": "plainText",
            "pageToken": token,
        }
        known = {"video": video, "page": page, "token": token} | _again(again)
        return self.ask(
            f"{API}/commentThreads",
            parameters,
            self.parse_comments,
            spends=OTHER,
            priority=1,
            **known,
        )


def _again(again: bool) -> dict[str, bool]:  # noqa: FBT001 - what it is called says it all
    # Only where it is so: what is the same for a request must not change for all others.
    return {"again": True} if again else {}
