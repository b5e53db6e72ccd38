"""A fake X API v2 that the official client `xdk` believes: search and counts over a world's posts.

    server = XServer(World().posts, token="t")
    with LoopbackServer(server.answer) as web:
        xdk.Client(base_url=web.url("127.0.0.1", ""), bearer_token="t").posts.search_all(...)

What the limits of X's documentation refuse is answered with 400 and told in `refused`.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.platforms.faults import Faults
from ccgcii.testing.platforms.x_objects import (
    NAMES,
    country_of,
    included,
    moment_text,
    post_object,
    whole_text,
)
from ccgcii.testing.platforms.x_queries import read_query
from ccgcii.testing.platforms.x_rules import (
    ENDPOINTS,
    STYLES,
    Endpoint,
    RuleError,
    read_parameters,
    style_of,
)

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from ccgcii.testing.world.posts import Post

PROBLEMS = "https://api.twitter.com/2/problems/"
COUNTED_DAYS = 31  # of counts that one page holds
_STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
# status, title, type, detail
_TROUBLES: dict[str, tuple[int, str, str, str]] = {
    "429": (429, "Too Many Requests", "about:blank", "Too Many Requests"),
    "429 without headers": (429, "Too Many Requests", "about:blank", "Too Many Requests"),
    "usage capped": (429, "UsageCapExceeded", f"{PROBLEMS}usage-capped", "Monthly product cap"),
    "credits spent": (402, "Payment Required", "about:blank", "The account has no credits left"),
    "expired token": (401, "Unauthorized", "about:blank", "Unauthorized"),
    "forbidden": (403, "Client Forbidden", f"{PROBLEMS}client-forbidden", "client not enrolled"),
    "5xx": (503, "Service Unavailable", "about:blank", "Service Unavailable"),
}
_PAGES = ("empty page", "repeated page", "looping token", "expired page", "partial")
_BROKEN = ("cut", "broken json")
KINDS = (*_TROUBLES, *_PAGES, *_BROKEN)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page token leads: of which request, and how many results come before."""

    request: tuple[str, ...]
    offset: int


class XServer:
    """Answers as X does; `fail` orders a failure of `KINDS`.

    `styles` are the spellings of field names that are accepted. Of each endpoint `rate` requests
    may be sent in `window` seconds (None: as X has it). `accepted` holds the path and parameters
    of good requests, `refused` why others were not, `posts_read` how many posts were sold.
    """

    def __init__(
        self,
        posts: Iterable[Post],
        *,
        token: str = "t",  # noqa: S107 - the fake's own
        styles: tuple[str, ...] = STYLES,
        rate: int | None = None,
        window: float = 900.0,
    ) -> None:
        mine = [post for post in posts if post.channel == "x"]
        self._posts = sorted(mine, key=lambda post: (post.published_at, post.id), reverse=True)
        self._by_id = {post.id: post for post in mine}
        self._token, self._styles, self._rate, self._window = token, styles, rate, window
        self._faults = Faults(KINDS)
        self._places: dict[str, _Place] = {}
        self._numbers = count(1)
        self._sent: dict[str, list[float]] = {}
        self.accepted: list[tuple[str, dict[str, str]]] = []
        self.refused: list[str] = []
        self.posts_read = 0

    def fail(self, kind: str, times: int = 1, after: int = 0, *, later: bool = False) -> None:
        """Show a failure `times` times, after so many good answers (`later`: of later pages)."""
        self._faults.add(kind, times, after, later=later)

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return self._faults.pending

    @property
    def shown(self) -> Counter[str]:
        """Which failures were shown, how often."""
        return self._faults.shown

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        path, _, query = ask.path.partition("?")
        endpoint = ENDPOINTS.get(path)
        if endpoint is None or ask.method != "GET":
            return self._refuse(404, "Not Found", f"{ask.method} {path}: no such endpoint")
        if ask.headers.get("authorization") != f"Bearer {self._token}":
            return self._refuse(401, "Unauthorized", "no or another bearer token")
        fault = self._faults.next(later="next_token=" in query)
        if fault in _TROUBLES or fault == "expired page":
            return self._trouble(endpoint, fault)
        headers = self._limits(endpoint)
        if headers is None:
            return self._trouble(endpoint, "429")
        try:
            given = read_parameters(endpoint, query, self._styles, datetime.now(UTC))
            body = self._counts(endpoint, given) if endpoint.counts else None
            body = body or self._page(endpoint, given, fault)
        except RuleError as error:
            return self._refuse_parameter(error)
        self.accepted.append((path, given))
        return _reply(200, body, headers, fault)

    def _page(self, endpoint: Endpoint, given: dict[str, str], fault: str | None) -> dict[str, Any]:
        style = style_of(given, self._styles)
        found = self._matching(given)
        offset = self._offset(endpoint, given)
        number = int(given.get("max_results", "10"))
        if fault == "repeated page":
            offset = max(0, offset - number)
        posts = [] if fault == "empty page" else found[offset : offset + number]
        following = offset + len(posts)
        body: dict[str, Any] = {"meta": {"result_count": len(posts)}}
        if following < len(found):
            again = given.get("next_token") if fault == "looping token" else None
            body["meta"]["next_token"] = again or self._new_token(endpoint, given, following)
        if fault == "partial" and posts:
            body["errors"] = [_missing(posts[0])]
            posts = posts[1:]
        if not posts:
            return body
        self.posts_read += len(posts)
        body["meta"] |= {"newest_id": posts[0].id, "oldest_id": posts[-1].id}
        body["meta"]["result_count"] = len(posts)
        body["data"] = [post_object(post, self._by_id, style, given) for post in posts]
        boxes = included(posts, self._by_id, style, given)
        return body | ({"includes": boxes} if boxes else {})

    def _counts(self, endpoint: Endpoint, given: dict[str, str]) -> dict[str, Any]:
        names = NAMES[self._styles[0]]
        first, last = _window(given, endpoint)
        place = self._offset(endpoint, given)
        # Pages go back in time, the buckets of a page forward.
        end = last - place * timedelta(days=COUNTED_DAYS)
        start = max(first, end - timedelta(days=COUNTED_DAYS))
        moments = [post.published_at for post in self._matching(given)]
        data, moment = [], start
        while moment < end:
            until = min(end, moment + _STEPS[given.get("granularity", "hour")])
            here = sum(moment <= one < until for one in moments)
            told = {"start": moment_text(moment), "end": moment_text(until), names["count"]: here}
            data.append(told)
            moment = until
        meta: dict[str, Any] = {names["total"]: sum(bucket[names["count"]] for bucket in data)}
        if start > first:
            meta["next_token"] = self._new_token(endpoint, given, place + 1)
        return {"data": data, "meta": meta}

    def _matching(self, given: dict[str, str]) -> list[Post]:
        test = read_query(given["query"])
        first, last = _window(given, None)
        return [
            post
            for post in self._posts
            if first <= post.published_at < last
            and test(
                {
                    "text": whole_text(post, self._by_id),
                    "lang": post.language,
                    "retweet": post.is_share,
                    "country": country_of(post),
                }
            )
        ]

    def _offset(self, endpoint: Endpoint, given: dict[str, str]) -> int:
        token = given.get("next_token") or given.get("pagination_token")
        if token is None:
            return 0
        place = self._places.get(token)
        if place is None or place.request != _identity(endpoint, given):
            raise RuleError("next_token", token, "was not given for this request")
        return place.offset

    def _new_token(self, endpoint: Endpoint, given: dict[str, str], offset: int) -> str:
        token = f"b26v89c19zqg8o3f{next(self._numbers):06}"
        self._places[token] = _Place(_identity(endpoint, given), offset)
        return token

    def _limits(self, endpoint: Endpoint) -> dict[str, str] | None:
        now, rate = time.time(), self._rate or endpoint.rate
        recent = [one for one in self._sent.get(endpoint.path, []) if one > now - self._window]
        self._sent[endpoint.path] = recent
        if len(recent) >= rate:
            return None
        recent.append(now)
        return self._limit_headers(endpoint, rate - len(recent))

    def _limit_headers(self, endpoint: Endpoint, remaining: int) -> dict[str, str]:
        oldest = min(self._sent.get(endpoint.path, []), default=time.time())
        return {
            "x-rate-limit-limit": str(self._rate or endpoint.rate),
            "x-rate-limit-remaining": str(remaining),
            "x-rate-limit-reset": str(int(oldest + self._window)),
        }

    def _trouble(self, endpoint: Endpoint, kind: str) -> Reply:
        if kind == "expired page":
            return _invalid(RuleError("next_token", "the one given", "has expired"))
        status, title, about, detail = _TROUBLES[kind]
        problem = {"title": title, "detail": detail, "type": about, "status": status}
        headers = self._limit_headers(endpoint, 0) if kind == "429" else {}
        return _reply(status, problem, headers)

    def _refuse(self, status: int, title: str, why: str) -> Reply:
        self.refused.append(why)
        problem = {"title": title, "detail": why, "type": "about:blank", "status": status}
        return _reply(status, problem, {})

    def _refuse_parameter(self, error: RuleError) -> Reply:
        self.refused.append(str(error))
        return _invalid(error)


def _window(given: dict[str, str], endpoint: Endpoint | None) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    days = 7 if endpoint is not None and endpoint.recent else 30
    start, end = given.get("start_time"), given.get("end_time")
    return (
        datetime.fromisoformat(start) if start else now - timedelta(days=days),
        datetime.fromisoformat(end) if end else now,
    )


def _identity(endpoint: Endpoint, given: dict[str, str]) -> tuple[str, ...]:
    names = ("query", "start_time", "end_time", "sort_order", "granularity")
    return (endpoint.path, *(given.get(name, "") for name in names))


def _invalid(error: RuleError) -> Reply:
    problem = {
        "errors": [{"parameters": {error.name: [error.value]}, "message": error.why}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}invalid-request",
    }
    return _reply(400, problem, {})


def _missing(post: Post) -> dict[str, str]:
    return {
        "resource_type": "post",
        "resource_id": post.id,
        "parameter": "ids",
        "value": post.id,
        "title": "Not Found Error",
        "detail": f"Could not find post with ids: [{post.id}].",
        "type": f"{PROBLEMS}resource-not-found",
    }


def _reply(
    status: int, told: dict[str, Any], headers: dict[str, str], fault: str | None = None
) -> Reply:
    body = json.dumps(told, ensure_ascii=False).encode()
    kind = "application/json" if status == 200 else "application/problem+json"
    half = len(body) // 2
    return Reply(
        body[:half] if fault == "broken json" else body,
        status,
        {"Content-Type": f"{kind}; charset=utf-8", **headers},
        truncate_to=half if fault == "cut" else None,
    )
