"""What stands deep inside the JSON of exports, brought where a mapping reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccgcii import BadRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A tweet asked for by its id that is gone; other errors are of posts that are merely referred to.
ASKED_FOR = ("id", "ids")


def inside(values: Any, *path: str) -> Any:
    """Return what stands at a path through objects, None where it ends."""
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def listed(values: Any) -> list[Any]:
    """Return a list as it is, and an empty one for anything else."""
    return values if isinstance(values, list) else []


def entries(row: Row) -> Iterator[Row]:
    """Yield the videos of a playlist, or the row itself if it is a video."""
    videos = listed(row.values.get("entries"))
    if not videos:
        yield row
        return
    for video in videos:
        if isinstance(video, dict):
            yield replace(row, values=video)


def tweets(row: Row) -> Iterator[Row | BadRow]:
    """Yield the tweets of a page of X's API v2, or the row itself if it is a flattened tweet.

    Each gets `author`, `place`, `whole_text`, `is_retweet` and `url`.
    """
    page = row.values
    if "author_id" in page or not {"data", "errors"} & page.keys():
        yield replace(row, values=_tweet(page, {}, {}, {}))
        return
    data = page.get("data")
    users = _by_id(inside(page, "includes", "users"))
    places = _by_id(inside(page, "includes", "places"))
    others = _by_id(inside(page, "includes", "tweets") or inside(page, "includes", "posts"))
    for tweet in [data] if isinstance(data, dict) else listed(data):
        if isinstance(tweet, dict):
            yield replace(row, values=_tweet(tweet, users, places, others))
        else:
            yield BadRow(row.line, "not a JSON object", str(tweet)[:200])
    yield from _gone(row)


def _gone(row: Row) -> Iterator[BadRow]:
    for error in listed(row.values.get("errors")):
        if isinstance(error, dict) and error.get("parameter") in ASKED_FOR:
            what = error.get("title", "not found")
            yield BadRow(row.line, f"a deleted or withheld post ({what})", str(error.get("value")))


def _by_id(things: Any) -> dict[str, Any]:
    listed = things if isinstance(things, list) else []
    return {
        str(thing["id"]): thing for thing in listed if isinstance(thing, dict) and "id" in thing
    }


def _tweet(
    tweet: Mapping[str, Any],
    users: Mapping[str, Any],
    places: Mapping[str, Any],
    others: Mapping[str, Any],
) -> dict[str, Any]:
    author = tweet.get("author") or users.get(str(tweet.get("author_id")))
    original = _retweeted(tweet, others)
    handle = inside(author, "username")
    found = {
        **tweet,
        "author": author,
        "place": places.get(str(inside(tweet, "geo", "place_id"))),
        "whole_text": _whole_text(tweet),
        "is_retweet": original is not None,
    }
    if handle:
        found["url"] = f"https://x.com/{handle}/status/{tweet.get('id')}"
    whole = _whole_text(original) if original else None
    if original and whole:
        by = original.get("author") or users.get(str(original.get("author_id")))
        name = inside(by, "username") or "_"
        found["whole_text"] = f"RT @{name}: {whole}"
    return found


def _retweeted(tweet: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is known of the original (perhaps no more than its id), None if there is none."""
    references = tweet.get("referenced_tweets") or tweet.get("referenced_posts")
    for reference in listed(references):
        if inside(reference, "type") in ("retweeted", "reposted"):
            return {**reference, **others.get(str(reference.get("id")), {})}
    return None


def _whole_text(tweet: Mapping[str, Any]) -> Any:
    """Return the text; that of a long post is cut at 280 signs, the note has it whole."""
    note = inside(tweet, "note_tweet", "text") or inside(tweet, "note_post", "text")
    return note or tweet.get("text")
