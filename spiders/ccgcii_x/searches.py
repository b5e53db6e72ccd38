"""What a request to X's search and counts asks for, in the spelling that is wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_QUERY = {"all": 1024, "recent": 512}  # characters
LARGEST_PAGE = {"all": 500, "recent": 100}  # posts
SMALLEST_PAGE = 10
_SPELLED = frozenset({"tweet.fields", "post.fields"})
_DRESS = frozenset({"max_results", "expansions", "place.fields", "user.fields"})
OTHER_STYLE = {"tweet": "post", "post": "tweet"}


@dataclass(frozen=True, slots=True)
class Search:
    """How far one query of a slice has come: `got` posts of the `total` that were counted.

    `cap` is the most that may be read, `other_tried` that the other spelling is under trial,
    `oldest` the moment of the last post that was read: a search gives the newest first.
    """

    query: str
    start: str
    end: str
    cap: int
    style: str
    got: int = 0
    total: int | None = None
    other_tried: bool = False
    oldest: str | None = None

    @property
    def room(self) -> int:
        """How many more posts may be read; less than a page's minimum is none."""
        left = self.cap - self.got
        return left if left >= SMALLEST_PAGE else 0

    def room_for(self, page_size: int) -> int:
        """Return how many posts the next page may hold."""
        return min(page_size, self.room)

    def read_up_to(self, moments: Iterable[datetime | None]) -> Search:
        """Return this search with the moments of the posts that were read."""
        told = [moment for moment in moments if moment is not None]
        oldest = f"{min(told).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if told else self.oldest
        return replace(self, oldest=oldest)

    def from_oldest(self) -> Search | None:
        """Return the search for what is older than all that was read, None if there is no such.

        Where a token has expired, it goes on without one: what was paid for is not read again but
        for the posts of one second.
        """
        if self.oldest is None:
            return None
        end = datetime.fromisoformat(self.oldest) + timedelta(seconds=1)
        rest = replace(self, end=f"{end:%Y-%m-%dT%H:%M:%SZ}")
        return rest if self.start < rest.end < self.end else None

    def in_other_style(self) -> Search:
        """Return this search in the other spelling."""
        return replace(self, style=OTHER_STYLE[self.style], other_tried=True)


def count_parameters(search: Search, token: str | None) -> dict[str, Any]:
    """Return what a request for daily counts asks."""
    return {**_window(search), "granularity": "day", "next_token": token}


def search_parameters(
    search: Search, token: str | None, *, page_size: int, authors: bool, retweets: bool
) -> dict[str, Any]:
    """Return what a request for a page of posts asks."""
    return {
        **_window(search),
        "max_results": search.room_for(page_size),
        "next_token": token,
        **_fields(search.style, authors=authors, retweets=retweets),
    }


def plain_address(url: str) -> str:
    """Return the address of a request without what of each post it asks for, and how many.

    Of the fields their spelling stays: a question in the other one is another question.
    """
    address, _, query = url.partition("?")
    told = [
        (name, "" if name in _SPELLED else value)
        for name, value in parse_qsl(query)
        if name not in _DRESS
    ]
    return f"{address}?{urlencode(told)}"


def _window(search: Search) -> dict[str, str]:
    # Without a start, X looks at the last 30 days only.
    return {"query": search.query, "start_time": search.start, "end_time": search.end}


def _fields(style: str, *, authors: bool, retweets: bool) -> dict[str, str]:
    """Return fields and expansions; in the new spelling author and repost are expansions only."""
    fields = ["created_at", "geo", "lang", f"note_{style}", "public_metrics"]
    expansions = ["geo.place_id", *(["author_id"] if authors else [])]
    if style == "tweet":
        # A field costs nothing; an expansion is charged as an account that is read.
        fields += ["author_id", *(["referenced_tweets"] if retweets else [])]
    elif retweets:
        expansions.append("referenced_posts")
    asked = {
        f"{style}.fields": ",".join(sorted(fields)),
        "expansions": ",".join(expansions),
        "place.fields": "country_code",
    }
    return asked | ({"user.fields": "public_metrics"} if authors else {})
