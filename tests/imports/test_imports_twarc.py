"""Tweets as twarc 1 collected them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ccgcii import FileHead, Record
from ccgcii_imports import Twarc1Reader

if TYPE_CHECKING:
    from pathlib import Path

TWEET: dict[str, Any] = {
    "created_at": "Thu Jan 23 08:52:59 +0000 2020",
    "id": 1220268177264803841,
    "id_str": "1220268177264803841",
    "text": "Buses into Wuhan are susp…",
    "extended_tweet": {"full_text": "Buses into Wuhan are suspended."},
    "user": {"id_str": "11", "screen_name": "Example", "followers_count": 5},
    "place": {"country_code": "CN"},
    "lang": "en",
    "retweet_count": 2,
    "favorite_count": 0,
}


def read(path: Path, *tweets: dict[str, Any]) -> list[Record]:
    path.write_text("\n".join(json.dumps(tweet) for tweet in tweets))
    return [row for row in Twarc1Reader().read(path) if isinstance(row, Record)]


def test_a_tweet_gives_its_whole_text_and_its_account(tmp_path: Path) -> None:
    (tweet,) = read(tmp_path / "a.jsonl", TWEET)
    assert tweet.text == "Buses into Wuhan are suspended."
    assert (tweet.id, tweet.author, tweet.author_followers) == ("1220268177264803841", "Example", 5)
    assert (tweet.country, tweet.language) == ("CN", "en")
    assert (tweet.likes, tweet.shares, tweet.comments) == (0, 2, None)
    assert tweet.url == "https://x.com/Example/status/1220268177264803841"
    assert tweet.published_at is not None
    assert tweet.published_at.isoformat() == "2020-01-23T08:52:59+00:00"


def test_a_retweet_is_a_share_with_the_whole_original(tmp_path: Path) -> None:
    retweet = TWEET | {"text": "RT @Example: Buses…", "retweeted_status": TWEET}
    retweet.pop("extended_tweet")
    first, second = read(tmp_path / "a.jsonl", TWEET, retweet)
    assert (first.is_share, second.is_share) == (False, True)
    assert second.text == "RT @Example: Buses into Wuhan are suspended."


def test_it_knows_its_own_files(tmp_path: Path) -> None:
    def sureness(sample: dict[str, Any]) -> float:
        return Twarc1Reader().matches(FileHead(tmp_path, ".jsonl", "utf-8", tuple(sample), sample))

    assert sureness(TWEET) > 0.9
    assert sureness({"id_str": "1", "created_at": "", "text": ""}) == 0
    assert sureness({}) == 0
