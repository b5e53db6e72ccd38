"""Posts of the world as YouTube tells of them: videos, channels, comments, with their gaps."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ccgcii.testing.world.authors import Author
    from ccgcii.testing.world.posts import Post

# Every so many-th video hides its likes, or takes no comments; every so many-th channel hides how
# many follow it.
LIKES_HIDDEN = 7
COMMENTS_OFF = 11
FOLLOWERS_HIDDEN = 9
CUT = 150  # characters of a description that a search tells
MOST_COMMENTS = 250
_CATEGORY = "https://en.wikipedia.org/wiki/Society"


def video_id(post: Post) -> str:
    """Return eleven characters, as YouTube's ids have."""
    number = int(post.id).to_bytes(8, "big")
    return base64.urlsafe_b64encode(number).decode().rstrip("=")


def channel_id(author: Author) -> str:
    """Return `UC` and twenty-two characters."""
    digest = sha256(author.name.encode()).digest()
    return "UC" + base64.urlsafe_b64encode(digest).decode()[:22]


def takes_comments(post: Post) -> bool:
    """Say whether a video may be commented."""
    return int(post.id) % COMMENTS_OFF != 0


def result(post: Post) -> dict[str, Any]:
    """Return a video as a search tells of it: its description is cut."""
    return {
        "id": {"kind": "youtube#video", "videoId": video_id(post)},
        "snippet": {
            **_told(post),
            "description": post.text[:CUT],
            "liveBroadcastContent": "none",
        },
    }


def video(post: Post) -> dict[str, Any]:
    """Return all parts of a video."""
    hides_likes = int(post.id) % LIKES_HIDDEN == 0
    return {
        "id": video_id(post),
        "snippet": {
            **_told(post),
            "description": post.text,
            "categoryId": "25",
            "defaultAudioLanguage": {"zh": "zh-Hans", "en": "en-US"}.get(post.language),
            "liveBroadcastContent": "none",
        },
        "statistics": {
            "viewCount": post.views,
            "likeCount": None if hides_likes else post.likes,
            "commentCount": post.comments if takes_comments(post) else None,
        },
        "contentDetails": {"duration": "PT4M13S", "caption": "false", "definition": "hd"},
        "topicDetails": {"topicCategories": [_CATEGORY]},
    }


def channel(author: Author) -> dict[str, Any]:
    """Return all parts of a channel; its followers are rounded to three digits."""
    hidden = author.number % FOLLOWERS_HIDDEN == 0
    return {
        "id": channel_id(author),
        "snippet": {
            "title": author.name,
            "country": author.country,
            "customUrl": f"@{author.name.lower()}",
            "publishedAt": "2012-05-01T00:00:00Z",
        },
        "statistics": {
            "subscriberCount": None if hidden else float(f"{author.followers:.3g}"),
            "hiddenSubscriberCount": hidden,
        },
    }


def thread(post: Post, number: int) -> dict[str, Any]:
    """Return a thread of comments below a video, all parts of it."""
    identity = f"Ug{video_id(post)}{number:04}AaABAg"
    words = f"{post.title or 'Seen'}: comment {number}"
    comment = {
        "id": identity,
        "snippet": {
            "videoId": video_id(post),
            "textOriginal": words,
            "textDisplay": words,
            "authorDisplayName": f"viewer{number}",
            "authorChannelId": {"value": f"UCviewer{number:016}"},
            "likeCount": number % 5,
            "publishedAt": moment(post.published_at),
            "updatedAt": moment(post.published_at),
        },
    }
    return {
        "id": identity,
        "snippet": {
            "videoId": video_id(post),
            "topLevelComment": comment,
            "totalReplyCount": number % 3,
            "canReply": True,
            "isPublic": True,
        },
    }


def comments_of(post: Post) -> list[dict[str, Any]]:
    """Return the threads below a video."""
    return [thread(post, number) for number in range(1, min(post.comments or 0, MOST_COMMENTS) + 1)]


def moment(when: datetime) -> str:
    """Write a moment as the API does."""
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def _told(post: Post) -> dict[str, Any]:
    return {
        "publishedAt": moment(post.published_at),
        "channelId": channel_id(post.author),
        "channelTitle": post.author.name,
        "title": post.title or post.text[:60],
    }
