"""Posts of Facebook Pages as records, and the fields that are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ccgcii import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 100  # the most that one page may hold
PAGE_FIELDS = "id,name,username,followers_count"
POST_FIELDS = (
    "id,message,created_time,permalink_url,shares,"
    "reactions.summary(total_count).limit(0),comments.summary(true).limit(0),"
    "attachments{media_type,title,url}"
)


def read_post(post: Mapping[str, Any], *, author: str, followers: int | None) -> Record:
    """Return a post of a Page.

    `likes` are all reactions. Of the counts, `shares` alone is left out by the API where there
    are none, so its absence means 0; any other count that is absent is unknown. `title` is that
    of the first attachment that has one.
    """
    told = post.get("created_time")
    return Record(
        id=str(post["id"]),
        channel="facebook",
        url=post.get("permalink_url") or "",
        title=_title(post),
        text=post.get("message") or "",
        published_at=datetime.fromisoformat(told) if told else None,
        author=author,
        author_followers=followers,
        likes=_total(post, "reactions"),
        comments=_total(post, "comments"),
        shares=(post.get("shares") or {}).get("count", 0),
    )


def _total(post: Mapping[str, Any], edge: str) -> int | None:
    total = ((post.get(edge) or {}).get("summary") or {}).get("total_count")
    return total if isinstance(total, int) else None


def _title(post: Mapping[str, Any]) -> str:
    attachments = (post.get("attachments") or {}).get("data") or ()
    return next((one["title"] for one in attachments if one.get("title")), "")
