"""What X refuses: the limits of its documentation and specification, written down by hand.

State of 2026-08: names of fields before (`tweet`) and after (`post`) the renaming of 2.167.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ccgcii.testing.platforms.x_queries import QueryError, read_query

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLES = ("tweet", "post")
_SINCE = datetime(2006, 3, 21, tzinfo=UTC)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_COMMON = ("created_at", "entities", "geo", "id", "lang", "public_metrics", "source", "text")
_POST_FIELDS = {
    "tweet": {
        *_COMMON,
        *("author_id", "conversation_id", "edit_history_tweet_ids", "in_reply_to_user_id"),
        *("note_tweet", "possibly_sensitive", "referenced_tweets", "reply_settings", "withheld"),
    },
    # author_id and referenced_posts are no fields any more: the expansions bring them.
    "post": {
        *_COMMON,
        *("conversation_id", "note_post", "possibly_sensitive", "reply_settings", "withheld"),
    },
}
_EXPANSIONS = {
    "tweet": {
        *("author_id", "edit_history_tweet_ids", "geo.place_id", "in_reply_to_user_id"),
        *("referenced_tweets.id", "referenced_tweets.id.author_id"),
    },
    "post": {
        *("author_id", "edit_history_post_ids", "geo.place_id", "in_reply_to_user_id"),
        *("referenced_posts", "username"),
    },
}
_USER_FIELDS = {
    *("created_at", "description", "id", "location", "name", "protected", "public_metrics"),
    *("url", "username", "verified", "verified_type"),
}
_PLACE_FIELDS = {
    *("contained_within", "country", "country_code", "full_name", "geo", "id", "name"),
    "place_type",
}
_WINDOW = ("query", "start_time", "end_time", "since_id", "until_id")
_PAGING = ("next_token", "pagination_token")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path: the longest query in characters, the most results, requests in 15 minutes."""

    path: str
    longest: int
    most: int | None
    rate: int
    recent: bool

    @property
    def counts(self) -> bool:
        """Whether it counts instead of listing."""
        return self.most is None


ENDPOINTS = {
    endpoint.path: endpoint
    for endpoint in (
        Endpoint("/2/tweets/search/all", 1024, 500, 300, recent=False),
        Endpoint("/2/tweets/search/recent", 512, 100, 450, recent=True),
        Endpoint("/2/tweets/counts/all", 1024, None, 300, recent=False),
        Endpoint("/2/tweets/counts/recent", 512, None, 300, recent=True),
    )
}


class RuleError(ValueError):
    """A parameter that the platform refuses: its name, its value, why."""

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name}={value!r}: {why}")
        self.name, self.value, self.why = name, value, why


def read_parameters(
    endpoint: Endpoint, query: str, styles: tuple[str, ...], now: datetime
) -> dict[str, str]:
    """Return the parameters of a request that X accepts; raises `RuleError` for any other."""
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs):
        raise RuleError(pairs[-1][0], pairs[-1][1], "given twice")
    _check_names(endpoint, given, styles)
    _check_query(endpoint, given)
    _check_window(endpoint, given, now)
    _check_fields(given)
    if all(name in given for name in _PAGING):
        raise RuleError("next_token", given["next_token"], "at most one of it, pagination_token")
    if given.get("granularity", "hour") not in ("minute", "hour", "day"):
        raise RuleError("granularity", given["granularity"], "not one of minute, hour, day")
    return given


def style_of(given: Mapping[str, str], styles: tuple[str, ...]) -> str:
    """Return the spelling that a request uses, the first one if it does not show."""
    return next((style for style in styles if f"{style}.fields" in given), styles[0])


def _check_names(endpoint: Endpoint, given: Mapping[str, str], styles: tuple[str, ...]) -> None:
    known = {*_WINDOW, *_PAGING}
    if endpoint.counts:
        known |= {"granularity", "search_count.fields"}
    else:
        known |= {"max_results", "sort_order", "expansions", "user.fields", "place.fields"}
        known |= {f"{style}.fields" for style in styles}
    for name, value in given.items():
        if name not in known:
            raise RuleError(name, value, f"is not one of [{','.join(sorted(known))}]")
        if not value:
            raise RuleError(name, value, "is empty")
    most = endpoint.most
    if most is not None and "max_results" in given:
        text = given["max_results"]
        if not text.isdigit() or not 10 <= int(text) <= most:
            raise RuleError("max_results", text, f"is not between 10 and {most}")
    if given.get("sort_order", "recency") not in ("recency", "relevancy"):
        raise RuleError("sort_order", given["sort_order"], "is not recency or relevancy")


def _check_query(endpoint: Endpoint, given: Mapping[str, str]) -> None:
    query = given.get("query", "")
    if not 1 <= len(query) <= endpoint.longest:
        raise RuleError("query", query, f"has {len(query)} characters, 1-{endpoint.longest} may be")
    try:
        read_query(query)
    except QueryError as error:
        raise RuleError("query", query, str(error)) from None


def _check_window(endpoint: Endpoint, given: Mapping[str, str], now: datetime) -> None:
    start, end = (_moment(given, name) for name in ("start_time", "end_time"))
    if "start_time" in given and "since_id" in given:
        raise RuleError("since_id", given["since_id"], "at most one of it, start_time")
    earliest = now - timedelta(days=7) if endpoint.recent else _SINCE
    for name, moment in (("start_time", start), ("end_time", end)):
        if moment is not None and moment < earliest:
            raise RuleError(name, given[name], f"is before {earliest:%Y-%m-%dT%H:%MZ}")
        if moment is not None and moment > now - timedelta(seconds=10):
            raise RuleError(name, given[name], "must be at least 10 seconds before now")
    if start is not None and end is not None and start >= end:
        raise RuleError("end_time", given["end_time"], "is not after start_time")


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    if not _MOMENT.fullmatch(text):
        raise RuleError(name, text, "is not like YYYY-MM-DDTHH:mm:ssZ")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RuleError(name, text, "is no moment") from None


def _check_fields(given: Mapping[str, str]) -> None:
    style = style_of(given, STYLES)
    lists = {f"{style}.fields": _POST_FIELDS[style], "expansions": _EXPANSIONS[style]}
    lists |= {"user.fields": _USER_FIELDS, "place.fields": _PLACE_FIELDS}
    for name, known in lists.items():
        words = given[name].split(",") if name in given else []
        if len(set(words)) != len(words):
            raise RuleError(name, given[name], "names a field twice")
        for word in words:
            if word not in known:
                raise RuleError(name, word, f"is not one of [{','.join(sorted(known))}]")
