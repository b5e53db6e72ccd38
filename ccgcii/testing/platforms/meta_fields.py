"""Field expressions of the Graph API: `id,media.limit(50){caption}`, and the names each node has.

The names are facts of Meta's documentation and API specification (2026-04), kept to those that a
study of public posts may read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-z_]+")
_CALL = re.compile(r"\.([a-z_]+)\(([^()]*)\)")

HASHTAG_MEDIA = frozenset(
    {"caption", "children", "comments_count", "id", "like_count", "media_type", "media_url"}
    | {"permalink", "timestamp"}
)
DISCOVERED_MEDIA = HASHTAG_MEDIA | {
    *("media_product_type", "owner", "shortcode", "thumbnail_url", "username", "view_count"),
}
DISCOVERED_USER = frozenset(
    {"biography", "followers_count", "follows_count", "id", "ig_id", "media", "media_count"}
    | {"name", "profile_picture_url", "username", "website"}
)
PAGE = frozenset(
    {"about", "category", "fan_count", "followers_count", "id", "is_verified", "link", "location"}
    | {"name", "username", "website"}
)
PAGE_POST = frozenset(
    {"attachments", "comments", "created_time", "from", "full_picture", "icon", "id"}
    | {"is_popular", "is_published", "message", "message_tags", "parent_id", "permalink_url"}
    | {"place", "properties", "reactions", "shares", "status_type", "story", "updated_time"}
)
ATTACHMENT = frozenset(
    {"description", "media", "media_type", "subattachments", "target", "title", "type"}
    | {"unshimmed_url", "url"}
)


class FieldError(ValueError):
    """A field expression that the API refuses, as it would say so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A field that is asked for: `media.limit(50){id}` has a call and a part."""

    name: str
    calls: dict[str, str] = field(default_factory=dict)
    parts: tuple[Wish, ...] = ()


def read_wishes(text: str) -> tuple[Wish, ...]:
    """Return the fields of an expression; raises `FieldError` if it cannot be read."""
    wishes, place = _read(text, 0)
    if place != len(text):
        raise FieldError(f"Syntax error at character {place} in fields")
    return wishes


def check(wishes: tuple[Wish, ...], known: frozenset[str], node: str) -> None:
    """Raise `FieldError` if a node has no such field."""
    for wish in wishes:
        if wish.name not in known:
            raise FieldError(f"Tried accessing nonexisting field ({wish.name}) on node type {node}")


def limit_of(text: str | None, most: int) -> int:
    """Return how many items a page may hold (25 unless asked); raises `FieldError` if too many."""
    if text is None:
        return 25
    if not text.isdigit() or not 0 <= int(text) <= most:
        raise FieldError(f"Param limit must be a number between 0 and {most}")
    return int(text)


def _read(text: str, place: int) -> tuple[tuple[Wish, ...], int]:
    wishes: list[Wish] = []
    while True:
        found = _NAME.match(text, place)
        if found is None:
            raise FieldError(f"Syntax error at character {place} in fields")
        place, calls = found.end(), {}
        while call := _CALL.match(text, place):
            calls[call[1]] = call[2]
            place = call.end()
        parts: tuple[Wish, ...] = ()
        if text[place : place + 1] == "{":
            parts, place = _read(text, place + 1)
            if text[place : place + 1] != "}":
                raise FieldError(f"Syntax error at character {place} in fields")
            place += 1
        wishes.append(Wish(found[0], calls, parts))
        if text[place : place + 1] != ",":
            return tuple(wishes), place
        place += 1
