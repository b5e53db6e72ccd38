"""The Facebook source: a slice a Page, read back from the newest post to the first day wanted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator

from ccgcii import GraphSource, Slice, first_page, next_page
from ccgcii_facebook.posts import PAGE_FIELDS, PAGE_SIZE, POST_FIELDS, read_post

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scrapy
    from scrapy.http import Response

    from ccgcii import Plan, Record


_HANDLE = re.compile(r"[\w.-]+")


class Facebook(GraphSource):
    """Posts of known Pages: the API has no search, and ranks about 600 posts of a year."""

    name = "facebook"
    channel = "facebook"

    class Options(GraphSource.Options):
        """`[sources.facebook]`.

        `pages` are names or ids of Pages beside the cities' own ones of the catalogue, which
        `catalogue = false` leaves out. `max_pages` is the most answers that one Page may cost.
        """

        pages: list[str] = Field(default_factory=list)
        catalogue: bool = True
        page_size: int = Field(PAGE_SIZE, ge=1, le=PAGE_SIZE)
        max_pages: int = Field(100, ge=1)

        @field_validator("pages")
        @classmethod
        def _are_handles(cls, names: list[str]) -> list[str]:
            for name in names:
                if not _HANDLE.fullmatch(name):
                    raise ValueError(f"{name!r} is no name or id of a Page; give no address")
            return names

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = 1 + self.options.max_pages

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each Page; one whose window is not over is read again by each crawl."""
        known: dict[str, str | None] = dict.fromkeys(self.options.pages)
        if self.options.catalogue:
            known |= self.own_accounts(plan)
        return [
            Slice(
                f"page:{handle}:{plan.since}..{plan.until}",
                {"page": handle},
                city=city,
                requests_estimated=self.budget,
                polls=self.polls,
            )
            for handle, city in known.items()
        ]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask who a Page is and how many follow it."""
        handle = piece.payload["page"]
        yield self.ask(self.path(handle), {"fields": PAGE_FIELDS}, self.parse_page, handle=handle)

    def parse_page(self, response: Response, handle: str) -> Iterator[Any]:
        """Ask for the Page's posts."""
        page = self.read(response)
        asked = {"fields": POST_FIELDS, "limit": self.options.page_size}
        known = {"handle": handle, "followers": page.get("followers_count"), "mark": self.mark}
        yield self.ask(self.path(str(page["id"]), "posts"), asked, self.parse_posts, **known)

    def parse_posts(
        self, response: Response, handle: str, followers: int | None, mark: str, **more: Any
    ) -> Iterator[Any]:
        """Yield the posts inside the window; go on until a whole page is older than it.

        The API's own `since` and `until` are unreliable and not used.
        """
        known: dict[str, Any] = {"handle": handle, "followers": followers, "mark": mark, **more}
        body = self.read_page(response, **more)
        if body is None:
            yield self.begin_again()
            yield self.ask(*first_page(response.url), self.parse_posts, **{**known, "again": True})
            return
        posts = [read_post(one, author=handle, followers=followers) for one in body["data"]]
        yield from filter(self._in_window, posts)
        following = next_page(body)
        if following is not None and not (posts and all(map(self._is_older, posts))):
            yield self.further(self.ask(*following, self.parse_posts, **known), response)

    def _in_window(self, post: Record) -> bool:
        day = post.published_at.date() if post.published_at else None
        return day is not None and self.plan.since <= day <= self.plan.until

    def _is_older(self, post: Record) -> bool:
        return post.published_at is not None and post.published_at.date() < self.plan.since
