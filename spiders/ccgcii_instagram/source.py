"""The Instagram source: a slice an account, read back in time, and a slice a hashtag, of today."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from ccgcii import GraphSource, Quota, Slice, first_page, next_page
from ccgcii_instagram.hashtags import hashtag, hashtags_of
from ccgcii_instagram.media import HASHTAG_FIELDS, PAGE_SIZE, discovery_fields, read_media

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scrapy
    from scrapy.http import Response

    from ccgcii import Estimate, Plan, Record

HASHTAGS = "hashtags"  # a bucket
MOST_HASHTAGS = 30  # that one account may ask for in seven days; asking again is free
ANY_NUMBER = 1_000_000
_USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")


class Instagram(GraphSource):
    """Posts of known professional accounts, back to their first; and hashtags' last 24 hours."""

    name = "instagram"
    channel = "instagram"

    class Options(GraphSource.Options):
        """`[sources.instagram]`.

        `user_id` is your own professional account, on whose behalf everything is asked.
        `accounts` are handles beside the cities' own ones of the catalogue, which
        `catalogue = false` leaves out. Hashtags show the last day only, so they are asked for
        only by a study whose window reaches it: `hashtags` are your own, and `city_hashtags` of
        each city come after them, as far as 30 in seven days allow. `top = true` reads the most
        liked posts of each hashtag too, of any time.
        """

        user_id: str = Field(pattern=r"^\d+$")
        accounts: list[str] = Field(default_factory=list)
        catalogue: bool = True
        hashtags: list[str] = Field(default_factory=list)
        city_hashtags: Literal[0, 1, 2] = 0
        top: bool = False
        page_size: int = Field(PAGE_SIZE, ge=1, le=PAGE_SIZE)
        max_pages: int = Field(200, ge=1)

        @field_validator("accounts")
        @classmethod
        def _are_handles(cls, names: list[str]) -> list[str]:
            for name in names:
                if not _USERNAME.fullmatch(name):
                    raise ValueError(f"{name!r} is no handle: letters, digits, dots and _ only")
            return names

        @field_validator("hashtags")
        @classmethod
        def _are_hashtags(cls, tags: list[str]) -> list[str]:
            for tag in tags:
                if not hashtag(tag):
                    raise ValueError(f"{tag!r} is no hashtag: it has no letter and no digit")
            return tags

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = 1 + self.options.max_pages

    def quotas(self) -> list[Quota]:
        """Return the hashtags of seven days, and a bucket for each, which tells when it was new.

        The API counts by the hour and we by the day: an eighth day is the hours at both ends.
        """
        tags = self._tags(self.plan)
        each = [Quota(f"#{tag}", ANY_NUMBER, span=7) for tag in tags]
        return [Quota(HASHTAGS, MOST_HASHTAGS, span=8), *each]

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each account, and one for each hashtag if its window reaches today."""
        return [*self._account_slices(plan), *self._hashtag_slices(plan)]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Look a hashtag up, or ask for the first page of an account."""
        tag = piece.payload.get("tag")
        if tag is None:
            account = piece.payload["account"]
            yield self.ask(*self._discovery(account, None), self.parse_account, account=account)
            return
        asked = {"user_id": self.options.user_id, "q": tag}
        spends = None if self.used(f"#{tag}") else {HASHTAGS: 1, f"#{tag}": 1}
        yield self.ask(
            self.path("ig_hashtag_search"), asked, self.parse_hashtag, spends=spends, priority=1
        )

    def estimate(self, plan: Plan) -> Estimate:
        """Return the most that a plan may send, and the days that its hashtags take."""
        whole = super().estimate(plan)
        tags = sum("tag" in piece.payload for piece in self.slices(plan))
        if not tags:
            return whole
        weeks = -(-tags // MOST_HASHTAGS) - 1
        note = f"{tags} hashtags, of which {MOST_HASHTAGS} may be asked for in seven days"
        return replace(whole, days=max(8.0 * weeks, whole.days or 0.0), notes=(*whole.notes, note))

    def parse_hashtag(self, response: Response) -> Iterator[scrapy.Request]:
        """Ask for what a hashtag shows."""
        asked = {
            "user_id": self.options.user_id,
            "fields": HASHTAG_FIELDS,
            "limit": self.options.page_size,
        }
        for one in self.read(response)["data"]:
            for edge in ("recent_media", *(("top_media",) if self.options.top else ())):
                path = self.path(str(one["id"]), edge)
                yield self.ask(path, asked, self.parse_tagged, mark=self.mark)

    def parse_tagged(self, response: Response, mark: str, **more: Any) -> Iterator[Any]:
        """Yield a page of a hashtag's posts; whose they are, the API does not say."""
        body = self.read_page(response, **more)
        if body is None:
            yield self.begin_again()
            yield self.ask(*first_page(response.url), self.parse_tagged, mark=mark, again=True)
            return
        yield from filter(self._in_window, map(read_media, body["data"]))
        following = next_page(body)
        if following is not None:
            request = self.ask(*following, self.parse_tagged, mark=mark, **more)
            yield self.further(request, response)

    def parse_account(
        self, response: Response, account: str, mark: str | None = None, **again: Any
    ) -> Iterator[Any]:
        """Yield a page of an account's posts; go on until a whole page is older than the window."""
        mark = self.mark if mark is None else mark
        more: dict[str, Any] = {"account": account, "mark": mark, **again}
        body = self.read_page(response, **again)
        if body is None:
            yield self.begin_again()
            first = self._discovery(account, None)
            yield self.ask(*first, self.parse_account, **{**more, "again": True})
            return
        found = body["business_discovery"]
        media = found.get("media") or {}
        known: dict[str, Any] = {"author": account, "followers": found.get("followers_count")}
        posts = [read_media(one, **known) for one in media.get("data") or ()]
        yield from filter(self._in_window, posts)
        after = ((media.get("paging") or {}).get("cursors") or {}).get("after")
        if after and not (posts and all(map(self._is_older, posts))):
            following = self._discovery(account, after)
            request = self.ask(*following, self.parse_account, **more)
            yield self.further(request, response)

    def _discovery(self, account: str, after: str | None) -> tuple[str, dict[str, str]]:
        """Return path and parameters of a page of an account's posts."""
        fields = discovery_fields(account, self.options.page_size, after)
        return self.path(self.options.user_id), {"fields": fields}

    def _account_slices(self, plan: Plan) -> Iterator[Slice]:
        known: dict[str, str | None] = dict.fromkeys(self.options.accounts)
        if self.options.catalogue:
            known |= self.own_accounts(plan)
        for handle, city in known.items():
            key = f"account:{handle}:{plan.since}..{plan.until}"
            payload = {"account": handle}
            yield Slice(key, payload, city, self.options.max_pages, polls=self.polls)

    def _hashtag_slices(self, plan: Plan) -> Iterator[Slice]:
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        if plan.until < yesterday and not self.options.top:
            return  # nothing of the last 24 hours lies in the window
        for tag, city in self._tags(plan).items():
            payload = {"tag": tag}
            yield Slice(f"hashtag:{tag}", payload, city, self.budget, polls=self.polls)

    def _tags(self, plan: Plan) -> dict[str, str | None]:
        """Return the hashtags to ask for, with the city of those that stand for one."""
        tags: dict[str, str | None] = {hashtag(each): None for each in self.options.hashtags}
        for city in plan.cities:
            for tag in hashtags_of(city, self.options.city_hashtags):
                tags.setdefault(tag, city.key)
        return tags

    def _in_window(self, post: Record) -> bool:
        day = post.published_at.date() if post.published_at else None
        return day is not None and self.plan.since <= day <= self.plan.until

    def _is_older(self, post: Record) -> bool:
        return post.published_at is not None and post.published_at.date() < self.plan.since
