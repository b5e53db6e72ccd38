"""Videos and comments as records. What the API does not say is unknown, never zero."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ccgcii import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANNEL = "youtube"
WATCH = "https://www.youtube.com/watch?v="
COMMENT = "&lc="  # in the address of a comment, after that of its video


def video_record(item: Mapping[str, Any], channel: Mapping[str, Any]) -> Record:
    """Return a video of videos.list, with what is known of its channel."""
    told, figures = item["snippet"], item.get("statistics", {})
    return Record(
        id=item["id"],
        channel=CHANNEL,
        url=f"{WATCH}{item['id']}",
        title=told.get("title", ""),
        text=told.get("description", ""),
        published_at=_moment(told.get("publishedAt")),
        author=told.get("channelId"),
        author_followers=channel.get("followers"),
        country=channel.get("country"),
        language=_language(told.get("defaultAudioLanguage") or told.get("defaultLanguage")),
        likes=_number(figures.get("likeCount")),
        comments=_number(figures.get("commentCount")),
        views=_number(figures.get("viewCount")),
    )


def channel_facts(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the subscribers (rounded by YouTube; None if hidden) and country of a channel."""
    figures = item.get("statistics", {})
    hidden = figures.get("hiddenSubscriberCount", False)
    return {
        "followers": None if hidden else _number(figures.get("subscriberCount")),
        "country": item.get("snippet", {}).get("country"),
    }


def comment_record(item: Mapping[str, Any], video: str) -> Record:
    """Return the comment that a thread of commentThreads.list begins with."""
    comment = item["snippet"]["topLevelComment"]
    told = comment["snippet"]
    return Record(
        id=comment["id"],
        channel=CHANNEL,
        url=f"{WATCH}{video}{COMMENT}{comment['id']}",
        text=told.get("textOriginal") or told.get("textDisplay", ""),
        published_at=_moment(told.get("publishedAt")),
        author=told.get("authorChannelId", {}).get("value"),
        likes=told.get("likeCount"),
        comments=item["snippet"].get("totalReplyCount"),
    )


def is_comment(record: Mapping[str, Any]) -> bool:
    """Say whether a record, as it is kept, is a comment."""
    return COMMENT in str(record.get("url") or "")


def _number(text: str | None) -> int | None:
    """Read a figure: the API writes 64-bit numbers as text."""
    return None if text is None else int(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _language(tag: str | None) -> str | None:
    """Return the language of a tag such as zh-Hans; `und` and `zxx` say nothing."""
    code = (tag or "").partition("-")[0].lower()
    return code if len(code) == 2 else None
