"""Posts as Zeeschuimer took them from the pages of X and Instagram."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccgcii import BadRow, Row
from ccgcii_imports.nested import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLATFORMS = {"x.com": "x", "twitter.com": "x", "instagram.com": "instagram"}
ADVERTISEMENT = "https://www.facebook.com/ads/ig_redirect"


def posts(row: Row) -> Iterator[Row | BadRow]:
    """Yield the post with its channel, or why it is none.

    4CAT writes the post without its envelope, whose facts it keeps in `__import_meta`.
    """
    item = row.values.get("data", row.values)
    meta = row.values.get("__import_meta") or row.values
    platform = str(inside(meta, "source_platform")).removeprefix("www.")
    channel = PLATFORMS.get(platform)
    if not isinstance(item, dict) or not item:
        yield BadRow(row.line, "an item without data", str(row.values)[:200])
    elif channel is None:
        yield BadRow(row.line, f"of {platform}, neither X nor Instagram", str(item)[:200])
    elif channel == "x":
        yield _of_x(row, item)
    else:
        yield _of_instagram(row, item)


def _of_x(row: Row, item: Mapping[str, Any]) -> Row | BadRow:
    item = _inner(item)
    if not inside(item, "legacy", "created_at"):
        return BadRow(row.line, "a deleted or withheld post", str(item)[:200])
    user = _user(item)
    handle = _handle(user)
    number = item.get("rest_id") or inside(item, "legacy", "id_str")
    original = inside(item, "legacy", "retweeted_status_result", "result")
    text = _whole_text(item)
    if isinstance(original, dict):
        original = _inner(original)
        whole = _whole_text(original)
        text = f"RT @{_handle(_user(original)) or '_'}: {whole}" if whole else text
    facts: dict[str, Any] = {
        "channel": "x",
        "item": item,
        "user": user,
        "screen_name": handle,
        "whole_text": text,
        "is_retweet": original is not None,
    }
    if handle and number:
        facts["url"] = f"https://x.com/{handle}/status/{number}"
    return replace(row, values=facts)


def _of_instagram(row: Row, item: Mapping[str, Any]) -> Row | BadRow:
    link = str(item.get("link") or "")
    if item.get("product_type") == "ad" or link.startswith(ADVERTISEMENT):
        return BadRow(row.line, "an advertisement", str(item)[:200])
    likes = item.get("like_count", inside(item, "edge_media_preview_like", "count"))
    if item.get("like_and_view_counts_disabled"):
        likes = None  # Instagram then gives the few likes that it shows by name
    return replace(row, values={"channel": "instagram", "item": item, "likes": likes})


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the tweet inside one that X shows with limits."""
    inner = item.get("tweet")
    return inner if isinstance(inner, dict) else item


def _user(item: Mapping[str, Any]) -> Any:
    return inside(item, "core", "user_results", "result") or item.get("user")


def _handle(user: Any) -> Any:
    return (
        inside(user, "core", "screen_name")
        or inside(user, "legacy", "screen_name")
        or inside(user, "screen_name")
    )


def _whole_text(item: Mapping[str, Any]) -> Any:
    note = inside(item, "note_tweet", "note_tweet_results", "result", "text")
    return note or inside(item, "legacy", "full_text")
