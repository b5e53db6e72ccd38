"""Posts of the world as X writes them, in either spelling, with the fields that are asked for."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ccgcii.testing.world.authors import Author
    from ccgcii.testing.world.posts import Post

SHORT = 280  # characters; a longer post is cut and told in full as a note
# Every so many-th post says where it was written.
PLACED = 5
NAMES: dict[str, dict[str, str]] = {
    "tweet": {
        "shares": "retweet_count",
        "written": "tweet_count",
        "references": "referenced_tweets",
        "note": "note_tweet",
        "history": "edit_history_tweet_ids",
        "posts": "tweets",
        "total": "total_tweet_count",
        "count": "tweet_count",
    },
    "post": {
        "shares": "repost_count",
        "written": "post_count",
        "references": "referenced_posts",
        "note": "note_post",
        "history": "edit_history_post_ids",
        "posts": "posts",
        "total": "total_post_count",
        "count": "post_count",
    },
}


def listed(given: Mapping[str, str], name: str) -> set[str]:
    """Return the words of a comma-separated parameter."""
    return set(given.get(name, "").split(",")) - {""}


def moment_text(moment: datetime) -> str:
    """Write a moment as X does: UTC, milliseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def country_of(post: Post) -> str | None:
    """Return where a post says it was written (ISO 3166-1), None for most."""
    return post.author.country if int(post.id) % PLACED == 0 else None


def handle_of(author: Author) -> str:
    """Return an author's handle: 15 letters, digits and underscores are the most that X allows."""
    number = str(author.number)
    name = author.name.replace("_", "").removesuffix(number)
    return name[: 15 - len(number)] + number


def whole_text(post: Post, originals: Mapping[str, Post]) -> str:
    """Return a post's text; a retweet repeats another's."""
    original = originals.get(post.original or "")
    return f"RT @{handle_of(original.author)}: {original.text}" if original else post.text


def post_object(
    post: Post, originals: Mapping[str, Post], style: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """Return a post with the fields that a request asks for."""
    names = NAMES[style]
    wanted = listed(given, f"{style}.fields") | listed(given, "expansions")
    text = whole_text(post, originals)
    # Text comes escaped for HTML: &amp; &lt; &gt;
    told: dict[str, Any] = {"id": post.id, "text": escape(text[:SHORT], quote=False)}
    country = country_of(post)
    optional = {
        "author_id": str(post.author.number),
        "created_at": moment_text(post.published_at),
        "lang": post.language,
        "public_metrics": _metrics(post, names),
        "geo": {"place_id": _place_id(country)} if country else None,
        names["references"]: _references(post),
        names["note"]: {"text": escape(text, quote=False)} if len(text) > SHORT else None,
    }
    told |= {name: value for name, value in optional.items() if value and _asked(name, wanted)}
    return told | {names["history"]: [post.id]}


def included(
    posts: Sequence[Post], originals: Mapping[str, Post], style: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the expansions of a request bring beside the posts."""
    wanted = listed(given, "expansions")
    boxes: dict[str, list[dict[str, Any]]] = {}
    if "author_id" in wanted:
        authors = {post.author.number: post.author for post in posts}
        boxes["users"] = [_user(author, style, given) for author in authors.values()]
    if "geo.place_id" in wanted:
        countries = sorted({country for post in posts if (country := country_of(post))})
        boxes["places"] = [_place(country, given) for country in countries]
    if wanted & {"referenced_tweets.id", "referenced_posts"}:
        told = [originals[one] for post in posts if (one := post.original or "") in originals]
        boxes[NAMES[style]["posts"]] = [post_object(one, {}, style, given) for one in told]
    return {name: box for name, box in boxes.items() if box}


def _asked(name: str, wanted: Iterable[str]) -> bool:
    # The expansion `referenced_tweets.id` shows the field `referenced_tweets` too.
    return any(word == name or word.startswith(name + ".") for word in wanted)


def _metrics(post: Post, names: Mapping[str, str]) -> dict[str, int]:
    return {
        names["shares"]: post.shares or 0,
        "reply_count": post.likes // 20,
        "like_count": 0 if post.is_share else post.likes,
        "quote_count": 1,
        "bookmark_count": 0,
        "impression_count": 0 if post.published_at.year < 2023 else post.likes * 40,
    }


def _references(post: Post) -> list[dict[str, str]] | None:
    return [{"type": "retweeted", "id": post.original}] if post.original else None


def _user(author: Author, style: str, given: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": str(author.number),
        "name": author.name.replace("_", " ").title(),
        "username": handle_of(author),
    }
    optional: dict[str, Any] = {
        "public_metrics": {
            "followers_count": author.followers,
            "following_count": 1,
            NAMES[style]["written"]: 2,
            "listed_count": 0,
        },
        "location": "",
        "verified": False,
    }
    wanted = listed(given, "user.fields")
    return told | {name: value for name, value in optional.items() if name in wanted}


def _place_id(country: str) -> str:
    return f"01{ord(country[0]):02x}{ord(country[1]):02x}7a2f000000"


def _place(country: str, given: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": _place_id(country), "full_name": f"Old Town, {country}"}
    return told | (
        {"country_code": country} if "country_code" in listed(given, "place.fields") else {}
    )
