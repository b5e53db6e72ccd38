"""Instagram posts as records, and the fields that are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ccgcii import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 50  # the most that one page may hold
HASHTAG_FIELDS = "id,caption,comments_count,like_count,media_type,permalink,timestamp"
DISCOVERY_FIELDS = (
    "id,caption,like_count,comments_count,view_count,media_type,media_product_type,"
    "permalink,timestamp"
)


def discovery_fields(username: str, page_size: int, after: str | None) -> str:
    """Return the expression that reads an account and a page of its posts."""
    cursor = f".after({after})" if after else ""
    media = f"media.limit({page_size}){cursor}{{{DISCOVERY_FIELDS}}}"
    return f"business_discovery.username({username}){{followers_count,media_count,{media}}}"


def read_media(
    item: Mapping[str, Any], *, author: str | None = None, followers: int | None = None
) -> Record:
    """Return a post; `like_count` is absent where the account hides it: None, not 0.

    Hashtags never tell who wrote a post. Instagram counts no shares and names no language.
    """
    told = item.get("timestamp")
    return Record(
        id=str(item["id"]),
        channel="instagram",
        url=item.get("permalink") or "",
        text=item.get("caption") or "",
        published_at=datetime.fromisoformat(told) if told else None,
        author=author,
        author_followers=followers,
        likes=item.get("like_count"),
        comments=item.get("comments_count"),
        views=item.get("view_count"),
    )
