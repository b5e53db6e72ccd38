"""Tweets as twarc 1 collected them: objects of Twitter's API v1.1, one a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ccgcii import BadRow, ColumnMapping, FileHead, FormatFacts, Record, Row, open_table
from ccgcii_imports.nested import inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

# `text` is cut at 140 signs where there is an `extended_tweet` or a `full_text`.
TEXT = ("full_text", "extended_tweet.full_text", "text")
TWEETS = ColumnMapping(
    {
        "id": ("id_str", "id"),
        "text": TEXT,
        "published_at": "created_at",
        # The handle first: that is what other exports and the lists of accounts know.
        "author": ("user.screen_name", "user.id_str", "user.id"),
        "author_followers": "user.followers_count",
        "language": "lang",
        "country": "place.country_code",
        "likes": "favorite_count",
        "comments": "reply_count",
        "shares": "retweet_count",
    },
    constants={"channel": "x"},
)


@dataclass(frozen=True, slots=True)
class Twarc1Reader:
    """JSON Lines of tweets, v1.1. A retweet is a share and carries the whole original text."""

    name: ClassVar[str] = "twarc1"

    watch: Callable[[int], None] | None = None

    def matches(self, head: FileHead) -> float:
        """Know a v1.1 tweet by its id, its date and the account inside it."""
        user = head.sample.get("user")
        is_tweet = {"id_str", "created_at", "text"} <= head.sample.keys() or (
            {"id_str", "created_at", "full_text"} <= head.sample.keys()
        )
        return 0.95 if is_tweet and isinstance(user, dict) and "screen_name" in user else 0.0

    def facts(self) -> FormatFacts:
        """Tell how tweets of v1.1 are known and what they give."""
        known = ("id_str, created_at, text | full_text, user.screen_name",)
        gives = (*TWEETS.columns, *TWEETS.constants, "url", "is_share")
        notes = "Shares are retweets alone: v1.1 has no quotes."
        return FormatFacts(
            "twarc 1, tweets of Twitter's API v1.1 (JSON Lines)", known, gives, notes
        )

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every tweet."""
        table = open_table(path)
        make = TWEETS.fitting(table).record_maker(table)
        for row in table.rows(self.watch):
            made = row if isinstance(row, BadRow) else make(row)
            if isinstance(made, Record) and isinstance(row, Row):
                made = replace(made, **_tweet_facts(row.values, made))
            yield made


def _tweet_facts(tweet: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """Return the URL with the account's handle, and what makes a retweet."""
    facts: dict[str, Any] = {}
    handle = inside(tweet, "user", "screen_name")
    if handle and record.id:
        facts["url"] = f"https://x.com/{handle}/status/{record.id}"
    original = tweet.get("retweeted_status")
    if isinstance(original, dict):
        facts["is_share"] = True
        texts = (inside(original, *path.split(".")) for path in TEXT)
        text = next(filter(None, texts), None)
        of = inside(original, "user", "screen_name")
        if text and of:
            facts["text"] = f"RT @{of}: {text}"
    return facts
