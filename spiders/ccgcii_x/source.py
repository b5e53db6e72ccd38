"""The X source: a slice a city and month; counted first if wanted, then read up to a cap."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from ccgcii import ApiSource, Estimate, Quota, Slice, Terms
from ccgcii_x.posts import read_count, read_posts
from ccgcii_x.prices import COUNTED_DAYS, POSTS_PER_MONTH, PRICES_OF, Bill, pages
from ccgcii_x.queries import build_queries
from ccgcii_x.searches import (
    LARGEST_PAGE,
    LONGEST_QUERY,
    OTHER_STYLE,
    SMALLEST_PAGE,
    Search,
    count_parameters,
    plain_address,
    search_parameters,
)
from ccgcii_x.spans import DAY, day_under_way, moment, periods, recent_spans, spans
from ccgcii_x.troubles import (
    RESET,
    errors_of,
    is_stale_page,
    judge_answer,
    refuses_names,
    reset_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import scrapy
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from ccgcii import Abort, City, Defer, Fault, Plan, Retry

MONTHS = {"quarter": 3, "year": 12}


class X(ApiSource):
    """Posts on X that name a city, in the cities' own words; nothing older is ever re-read."""

    name = "x"
    channel = "x"
    needs = ("x_bearer_token",)
    errors_cost = False
    terms = Terms("X Developer Agreement and Policy", "2026-08")

    class Options(ApiSource.Options):
        """`[sources.x]`.

        `mode` is the archive (`all`) or the last seven days (`recent`). `posts_per_slice` caps
        what a city and `span` may cost; of more, the newest are read and the report says so.
        `counts` asks first how many there are and sends no search where there are none.
        `authors = false` saves two thirds of the price: no handles, no followers. `languages`
        narrows the search, `ambiguous` widens it to names that mean other things too.
        `pace` is the least number of seconds between two requests.
        """

        root: str = "https://api.x.com"
        mode: Literal["all", "recent"] = "all"
        field_style: Literal["tweet", "post"] = "tweet"
        span: Literal["month", "quarter", "year"] = "month"
        posts_per_slice: int = Field(100, ge=SMALLEST_PAGE)
        posts_per_month: int = Field(POSTS_PER_MONTH, ge=SMALLEST_PAGE)
        page_size: int = Field(500, ge=SMALLEST_PAGE, le=500)
        counts: bool = False
        authors: bool = True
        retweets: bool = False
        ambiguous: bool = False
        languages: list[str] = Field(default_factory=list)
        pace: float = Field(1.0, ge=0)

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.style: str = self.options.field_style
        # Pages may come back with fewer posts than were asked for, or with none.
        self.budget = 20 + 4 * self.options.posts_per_slice // SMALLEST_PAGE

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the source, and keep its pace whatever `[crawl] delay` says."""
        source = super().from_crawler(crawler, *args, **kwargs)
        delay = max(crawler.settings.getfloat("DOWNLOAD_DELAY"), source.options.pace)
        crawler.settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        return source

    def credentials(self) -> Mapping[str, str]:
        """Return the bearer token: a header, never a part of an address."""
        return {"Authorization": f"Bearer {self.secret('x_bearer_token')}"}

    def quotas(self) -> list[Quota]:
        """Return the posts that may be read in a calendar month (UTC)."""
        return [Quota("posts", self.options.posts_per_month, period="month")]

    def fingerprint(self, request: scrapy.Request, slice_id: int) -> bytes:
        """Return what is the same for the same question, however its answer is cut or dressed.

        A slice that goes on under another `page_size` or `authors` must not buy its posts again.
        """
        return super().fingerprint(request.replace(url=plain_address(request.url)), slice_id)

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each city and month (`span`), or day where a month is not over."""
        today = day_under_way(datetime.now(UTC))
        return [
            self._slice(city, first, last)
            for first, last in self._spans(plan, today)
            for city in plan.cities
        ]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Count each query of a slice, or search at once."""
        start, end = piece.payload["start"], piece.payload["end"]
        queries = piece.payload["queries"]
        cap = max(SMALLEST_PAGE, self.options.posts_per_slice // len(queries))
        for query in queries:
            search = Search(query, start, end, cap, self.style)
            yield self._count(search) if self.options.counts else self._search(search)

    def judge(
        self, status: int, headers: Mapping[str, str], body: Any
    ) -> Abort | Defer | Fault | Retry | None:
        """Say what is wrong with an answer."""
        return judge_answer(status, headers, body)

    def parse_counts(self, response: Response, search: dict[str, Any]) -> Iterator[Any]:
        """Add up the counts of all pages; search if there is, or may be, anything to find."""
        body = self._read(response)
        now, here = Search(**search), read_count(body)
        if here is None:
            yield self.note("X does not say how many posts there are: searched without a count")
            yield self._search(replace(now, total=None))
            return
        now = replace(now, total=(now.total or 0) + here)
        token = (body.get("meta") or {}).get("next_token")
        if token:
            yield self._count(now, token)
        elif now.total:
            yield self._search(now)

    def parse_posts(
        self, response: Response, search: dict[str, Any], token: str | None = None
    ) -> Iterator[Any]:
        """Yield a page of posts and ask for the next one."""
        now = Search(**search)
        rest = now.from_oldest() if is_stale_page(response.status, _json(response)) else None
        if token is not None and rest is not None:
            yield self.note("X no longer knows a page; the search goes on from the last post read")
            yield self.spend("posts", -_asked_for(response))
            yield self._search(rest)
            return
        if not now.other_tried and refuses_names(response.status, _json(response)):
            yield self.spend("posts", -_asked_for(response))
            yield from self._in_other_style(now, token)
            return
        body = self._read(response)
        if now.other_tried:
            self.style = now.style
        found = list(read_posts(body))
        yield from found
        # What the request set aside and did not get is given back.
        yield self.spend("posts", len(found) - _asked_for(response))
        yield from self._notes(body)
        now = now.read_up_to(record.published_at for record in found)
        yield from self._next(replace(now, got=now.got + len(found)), body, token)

    def estimate(self, plan: Plan) -> Estimate:
        """Return the most that a plan may send, take and cost, at the prices of X's documentation.

        What earlier crawls have read is not taken off.
        """
        bill = self._bill(plan)
        notes: tuple[str, ...] = (
            f"at most {bill.posts:,} posts ($0.005) and {bill.users:,} accounts ($0.010) are read",
            f"prices of {PRICES_OF}, docs.x.com",
            "posts and accounts read again within a UTC day are not charged again",
        )
        if bill.countings:
            more = f"{bill.countings:,} requests count first; where nothing is, nothing is read"
            notes = (*notes, more)
        return Estimate(bill.searches + bill.countings, bill.days, bill.dollars, notes)

    def _spans(self, plan: Plan, today: date) -> list[tuple[date, date]]:
        if self.options.mode == "recent":
            return recent_spans(plan.since, plan.until, today)
        if self.options.span == "month":
            return spans(plan.since, plan.until, today)
        return periods(plan.since, plan.until, today, MONTHS[self.options.span])

    def _slice(self, city: City, first: date, last: date) -> Slice:
        options = self.options
        queries = build_queries(
            city,
            LONGEST_QUERY[options.mode],
            languages=options.languages,
            retweets=options.retweets,
            ambiguous=options.ambiguous,
        )
        searches, countings = self._requests(len(queries), first, last)
        return Slice(
            f"{options.mode}:{city.key}:{first}..{last}",
            {"start": moment(first), "end": moment(last + DAY), "queries": queries},
            city=city.key,
            requests_estimated=searches + countings,
        )

    def _requests(self, queries: int, first: date, last: date) -> tuple[int, int]:
        """Return how many searches and countings a slice needs."""
        cap = max(SMALLEST_PAGE, self.options.posts_per_slice // queries)
        countings = pages((last - first).days + 1, COUNTED_DAYS) if self.options.counts else 0
        return queries * pages(cap, self._page_size()), queries * countings

    def _bill(self, plan: Plan) -> Bill:
        searches = countings = posts = 0
        for piece in self.slices(plan):
            queries = len(piece.payload["queries"])
            first, end = (date.fromisoformat(piece.payload[at][:10]) for at in ("start", "end"))
            more = self._requests(queries, first, end - DAY)
            searches, countings = searches + more[0], countings + more[1]
            posts += max(SMALLEST_PAGE * queries, self.options.posts_per_slice)
        users = posts if self.options.authors else 0
        return Bill(self.options.mode, searches, countings, posts, users)

    def _count(self, search: Search, token: str | None = None) -> scrapy.Request:
        path = f"2/tweets/counts/{self.options.mode}"
        asked = count_parameters(search, token)
        return self.ask(path, asked, self.parse_counts, search=asdict(search))

    def _search(self, search: Search, token: str | None = None) -> scrapy.Request:
        asked = search_parameters(
            search,
            token,
            page_size=self._page_size(),
            authors=self.options.authors,
            retweets=self.options.retweets,
        )
        path = f"2/tweets/search/{self.options.mode}"
        more: dict[str, Any] = {"search": asdict(search)}
        if token is not None:
            more["token"] = token
        spends = {"posts": asked["max_results"]}
        return self.ask(path, asked, self.parse_posts, spends=spends, **more)

    def _in_other_style(self, search: Search, token: str | None) -> Iterator[Any]:
        yield self.note(
            f'X refuses a request with the field names of style "{search.style}"; '
            f'if all are, set [sources.x] field_style = "{OTHER_STYLE[search.style]}"'
        )
        yield self._search(search.in_other_style(), token)

    def _next(self, search: Search, body: Mapping[str, Any], token: str | None) -> Iterator[Any]:
        following = (body.get("meta") or {}).get("next_token")
        if not following:
            return
        if following == token:
            yield self.note("X gives the same page again and again; the rest was not read")
        elif not search.room:
            of = "more" if search.total is None else f"{search.total:,}"
            yield self.note(f"the newest {search.got:,} of {of} posts were read (posts_per_slice)")
        else:
            yield self._search(replace(search, style=self.style), following)

    def _notes(self, body: Mapping[str, Any]) -> Iterator[Any]:
        missing = errors_of(body)
        if missing:
            title = missing[0].get("title", "no reason")
            yield self.note(f"X leaves posts out of an answer: {title}")

    def _read(self, response: Response) -> dict[str, Any]:
        body: dict[str, Any] = self.read(response)
        self._mind_limit(response)
        return body

    def _mind_limit(self, response: Response) -> None:
        """Wait for the rate limit's next window if this answer was the last of its own."""
        left = (response.headers.get("x-rate-limit-remaining") or b"").decode("latin-1")
        reset = reset_of({RESET: (response.headers.get(RESET) or b"").decode("latin-1")})
        if left == "0" and reset is not None:
            self.hold(max(0.0, reset - self.now()))

    def _page_size(self) -> int:
        options = self.options
        return int(min(options.page_size, options.posts_per_month, LARGEST_PAGE[options.mode]))


def _asked_for(response: Response) -> int:
    """Return how many posts a request has set aside; its row may be older than the options."""
    return int(parse_qs(urlsplit(response.url).query)["max_results"][0])


def _json(response: Response) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        return None
