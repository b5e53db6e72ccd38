"""A fake YouTube Data API v3 that the official client believes: search, videos, channels, comments.

    server = YouTubeServer(World().posts, key="k")
    with LoopbackServer(server.answer) as web:
        build("youtube", "v3", developerKey="k", client_options={"api_endpoint": web.url(...)})

What the API's discovery document refuses is answered with the API's own error and told in
`refused`; every answer is built from the schemas of that document.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ccgcii.errors import suggest
from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.platforms import youtube_objects as objects
from ccgcii.testing.platforms.faults import Faults
from ccgcii.testing.platforms.youtube_errors import (
    TROUBLES,
    Problem,
    error_reply,
    json_reply,
    trouble_reply,
)
from ccgcii.testing.platforms.youtube_rules import (
    Discovery,
    Method,
    listed,
    load_discovery,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from ccgcii.testing.world.posts import Post

MOST_RESULTS = 500
# What the API says of any broad search, and what must never become a figure.
TOTAL_RESULTS = 1_000_000
RESOURCES = ("search", "videos", "channels", "commentThreads")
# Parameters that the fake acts upon; others that YouTube has are refused as not served.
_SERVED = {
    "search": {"q", "type", "order", "publishedAfter", "publishedBefore", "safeSearch"},
    "videos": {"id"},
    "channels": {"id"},
    "commentThreads": {"videoId", "order", "textFormat"},
}
_ALWAYS_SERVED = {"part", "maxResults", "pageToken", "key", "alt", "prettyPrint"}
_PAGES = ("empty page", "repeated page", "looping token", "broken json", "cut", "html")
KINDS = (*TROUBLES, *_PAGES)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page token leads: of which question, and how many results come before."""

    question: str
    offset: int


class YouTubeServer:
    """Answers as YouTube does; `fail` orders a failure of `KINDS`.

    `quota` holds the units of a day, given anew by `new_day`. Of what a search finds it leaves out
    the share `forgets`, by chance each time, as YouTube does. `discovery` is the document or its
    path (None: that of the installed client; `ConfigError` if there is none). `accepted` holds the
    resource and parameters of good requests, `refused` why others were not, `spent` the units.
    """

    def __init__(
        self,
        posts: Iterable[Post],
        *,
        key: str = "k",
        quota: Mapping[str, int] | None = None,
        forgets: float = 0.0,
        discovery: Mapping[str, Any] | Path | None = None,
    ) -> None:
        self._discovery = Discovery(load_discovery(discovery))
        self._posts = [post for post in posts if post.channel == "youtube"]
        self._videos = {objects.video_id(post): post for post in self._posts}
        self._authors = {objects.channel_id(post.author): post.author for post in self._posts}
        self._key, self._forgets = key, forgets
        self._quota = {"search": 100, "default": 10_000, **(quota or {})}
        self._faults = {resource: Faults(KINDS) for resource in RESOURCES}
        self._numbers = count(1)
        self._places: dict[str, _Place] = {}
        self._found: dict[str, list[Post]] = {}
        self.accepted: list[tuple[str, dict[str, str]]] = []
        self.refused: list[str] = []
        self.spent: Counter[str] = Counter()

    def fail(
        self,
        kind: str,
        times: int = 1,
        after: int = 0,
        *,
        on: str = "search",
        later: bool = False,
    ) -> None:
        """Show a failure `times` times at a resource, after so many good answers of it.

        With `later` only requests for a later page count.
        """
        if on not in RESOURCES:
            raise ValueError(f"no resource {on!r}{suggest(on, RESOURCES)}")
        self._faults[on].add(kind, times, after, later=later)

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return sum(faults.pending for faults in self._faults.values())

    @property
    def shown(self) -> Counter[str]:
        """Which failures were shown, how often."""
        return sum((faults.shown for faults in self._faults.values()), Counter())

    def new_day(self) -> None:
        """Fill the buckets again: it is midnight in California."""
        self.spent.clear()

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        path, _, query = ask.path.partition("?")
        given = parse_qs(query, keep_blank_values=True)
        fault: str | None = None
        try:
            method = self._discovery.method(ask.method, path)
            self._check_key(ask, given)
            self._spend(method)
            if method.resource in self._faults:
                fault = self._faults[method.resource].next(later="pageToken" in given)
            if fault in TROUBLES:
                return trouble_reply(fault, self._key)
            self._check(method, given)
            body = self._body(method, given, fault)
        except Problem as problem:
            self.refused.append(f"{problem.reason}: {problem.message}")
            return error_reply(problem)
        self.accepted.append((method.resource, {n: ",".join(v) for n, v in given.items()}))
        return _good(body, fault)

    def _check_key(self, ask: Ask, given: Mapping[str, list[str]]) -> None:
        key = ask.headers.get("x-goog-api-key") or ",".join(given.get("key", ()))
        if not key:
            raise Problem(403, "forbidden", "Method doesn't allow unregistered callers")
        if key != self._key:
            raise Problem(400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key.")

    def _spend(self, method: Method) -> None:
        """Take a unit: every request costs one, those that are refused as well."""
        bucket = "search" if method.resource == "search" else "default"
        if self.spent[bucket] >= self._quota[bucket]:
            raise replace(TROUBLES["quota spent"])
        self.spent[bucket] += 1

    def _check(self, method: Method, given: Mapping[str, list[str]]) -> None:
        self._discovery.check(method, given)
        served = _SERVED.get(method.resource, set()) | _ALWAYS_SERVED
        for name in given:
            if method.resource not in _SERVED or name not in served:
                raise Problem(501, "notImplemented", f"{method.resource}: the fake has no {name}")

    def _body(
        self, method: Method, given: Mapping[str, list[str]], fault: str | None
    ) -> dict[str, Any]:
        parts = self._discovery.parts(method, given) | {"id"}
        answers: dict[str, Callable[[Mapping[str, list[str]]], Sequence[dict[str, Any]]]] = {
            "search": self._search,
            "videos": self._videos_of,
            "channels": self._channels_of,
            "commentThreads": self._comments,
        }
        found = answers[method.resource](given)
        more: dict[str, str] = {}
        if "id" in given:
            page = list(found)
        else:
            page, more = self._page(method, given, found, fault)
        items = [{name: one[name] for name in one if name in parts} for one in page]
        total = TOTAL_RESULTS if method.resource == "search" else len(found)
        info = {"totalResults": total, "resultsPerPage": len(items)}
        return self._discovery.build(method.answer, {"pageInfo": info, "items": items, **more})

    def _page(
        self,
        method: Method,
        given: Mapping[str, list[str]],
        found: Sequence[dict[str, Any]],
        fault: str | None,
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        question = _question(method, given)
        token = _one(given, "pageToken")
        place = self._places.get(token) if token else _Place(question, 0)
        if place is None or place.question != question:
            raise Problem(400, "invalidPageToken", "Invalid page token", "youtube.parameter")
        size = int(_one(given, "maxResults") or method.parameters["maxResults"]["default"])
        offset = max(0, place.offset - size) if fault == "repeated page" else place.offset
        page = [] if fault == "empty page" else list(found[offset : offset + size])
        if offset + len(page) >= len(found):
            return page, {}
        if fault == "looping token" and token:
            return page, {"nextPageToken": token}
        following = f"C{next(self._numbers):04}QAA"
        self._places[following] = _Place(question, offset + len(page))
        return page, {"nextPageToken": following}

    def _search(self, given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        if listed(given.get("type", [])) != ["video"]:
            raise Problem(501, "notImplemented", "the fake searches for type=video only")
        question = _question(None, given)
        # A later page goes on with what the first one found.
        if _one(given, "pageToken") is None or question not in self._found:
            self._found[question] = self._find(given)
        return [objects.result(post) for post in self._found[question]]

    def _find(self, given: Mapping[str, list[str]]) -> list[Post]:
        after = datetime.fromisoformat(_one(given, "publishedAfter") or "0001-01-01T00:00:00Z")
        before = datetime.fromisoformat(_one(given, "publishedBefore") or "9999-12-31T00:00:00Z")
        test = _read_query(_one(given, "q") or "")
        dice = Random(next(self._numbers))
        found = [
            post
            for post in self._posts
            if after <= post.published_at < before
            and test(f"{post.title} {post.text}".casefold())
            and dice.random() >= self._forgets
        ]
        orders: dict[str, Callable[[Post], Any]] = {
            "date": lambda post: post.published_at,
            "viewCount": lambda post: post.views or 0,
            "rating": lambda post: post.likes,
            "relevance": lambda post: post.id[::-1],
        }
        order = _one(given, "order") or "relevance"
        if order not in orders:
            raise Problem(501, "notImplemented", f"the fake has no order {order}")
        return sorted(found, key=orders[order], reverse=True)[:MOST_RESULTS]

    def _videos_of(self, given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        ids = listed(given.get("id", []))
        return [objects.video(self._videos[one]) for one in ids if one in self._videos]

    def _channels_of(self, given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        ids = listed(given.get("id", []))
        return [objects.channel(self._authors[one]) for one in ids if one in self._authors]

    def _comments(self, given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        post = self._videos.get(_one(given, "videoId") or "")
        if post is None:
            raise Problem(404, "videoNotFound", "The video was not found", "youtube.commentThread")
        if not objects.takes_comments(post):
            said = "The video has disabled comments."
            raise Problem(403, "commentsDisabled", said, "youtube.commentThread", "videoId")
        return objects.comments_of(post)


def _read_query(text: str) -> Callable[[str], bool]:
    """Read `a|b`, `a b`, `-a`: or, and, not, as YouTube's search does."""
    words = text.casefold().replace(" | ", "|").split()
    wanted = [word.split("|") for word in words if not word.startswith("-")]
    unwanted = [word[1:] for word in words if word.startswith("-")]

    def test(told: str) -> bool:
        return all(any(word in told for word in either) for either in wanted) and not any(
            word in told for word in unwanted
        )

    return test


def _one(given: Mapping[str, list[str]], name: str) -> str | None:
    return given[name][0] if name in given else None


def _question(method: Method | None, given: Mapping[str, list[str]]) -> str:
    told = {n: v for n, v in given.items() if n not in ("pageToken", "maxResults", "key")}
    return json.dumps([method.resource if method else "search", told], sort_keys=True)


def _good(body: dict[str, Any], fault: str | None) -> Reply:
    if fault == "html":
        return Reply(b"<html><body>Sorry...</body></html>", 502)
    reply = json_reply(body, 200)
    half = len(reply.body) // 2
    if fault == "broken json":
        return replace(reply, body=reply.body[:half])
    return replace(reply, truncate_to=half if fault == "cut" else None)
