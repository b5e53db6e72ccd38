"""Posts as records, in either spelling of X's fields: `tweet` (until 2.166) and `post` (2.167)."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from ccgcii import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Before, impressions were not counted and come as 0, which would read as "seen by nobody".
IMPRESSIONS_SINCE = datetime(2022, 12, 15, tzinfo=UTC)
OLD_CODES = {"in": "id", "iw": "he", "ji": "yi"}


def read_posts(page: Mapping[str, Any]) -> Iterator[Record]:
    """Yield the posts of a page, joined with the authors and places that came beside them.

    The author is the handle, which tells the cities' own accounts; where the account is not told,
    its id. `shares` are reposts and quotes together. What was not said is None, never 0.
    """
    boxes = page.get("includes") or {}
    users = {user["id"]: user for user in boxes.get("users") or ()}
    places = {place["id"]: place for place in boxes.get("places") or ()}
    for post in page.get("data") or ():
        user = users.get(post.get("author_id"), {})
        place = places.get((post.get("geo") or {}).get("place_id"), {})
        yield _record(post, user, place)


def read_count(page: Mapping[str, Any]) -> int | None:
    """Return how many posts a page of counts tells of, None if it does not tell."""
    total: int | None = _either(page.get("meta") or {}, "total_tweet_count", "total_post_count")
    return total


def _record(post: Mapping[str, Any], user: Mapping[str, Any], place: Mapping[str, Any]) -> Record:
    metrics = post.get("public_metrics") or {}
    published = post.get("created_at")
    moment = datetime.fromisoformat(published) if published else None
    return Record(
        id=str(post["id"]),
        channel="x",
        url=f"https://x.com/i/status/{post['id']}",
        text=unescape(_text(post)),
        published_at=moment,
        author=user.get("username") or post.get("author_id"),
        author_followers=(user.get("public_metrics") or {}).get("followers_count"),
        country=place.get("country_code"),
        language=_language(post.get("lang")),
        likes=metrics.get("like_count"),
        comments=metrics.get("reply_count"),
        shares=_shares(metrics),
        views=_views(metrics, moment),
        is_share=any(one.get("type") in ("retweeted", "reposted") for one in _references(post)),
    )


def _text(post: Mapping[str, Any]) -> str:
    note = _either(post, "note_tweet", "note_post") or {}
    return str(note.get("text") or post.get("text") or "")


def _references(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _either(post, "referenced_tweets", "referenced_posts") or []


def _shares(metrics: Mapping[str, Any]) -> int | None:
    told = [_either(metrics, "retweet_count", "repost_count"), metrics.get("quote_count")]
    known = [number for number in told if number is not None]
    return sum(known) if known else None


def _views(metrics: Mapping[str, Any], moment: datetime | None) -> int | None:
    counted = moment is not None and moment >= IMPRESSIONS_SINCE
    return metrics.get("impression_count") if counted else None


def _language(tag: str | None) -> str | None:
    """Return ISO 639-1; X's own codes (`und`, `qme`, `zxx`) say that there is none."""
    code = (tag or "").partition("-")[0].lower()
    return OLD_CODES.get(code, code) if len(code) == 2 else None


def _either(values: Mapping[str, Any], old: str, new: str) -> Any:
    return values[old] if values.get(old) is not None else values.get(new)
