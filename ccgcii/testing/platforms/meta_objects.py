"""Posts of the world as Instagram and Facebook write them, with the fields that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ccgcii.testing.platforms.meta_fields import Wish
    from ccgcii.testing.world.authors import Author
    from ccgcii.testing.world.posts import Post

# Every so many-th account hides its likes; every so many-th post of a Page is never shared.
HIDES_LIKES = 7
NEVER_SHARED = 6


def moment_text(moment: datetime) -> str:
    """Write a moment as the Graph API does."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}+0000"


def account_id(author: Author) -> str:
    """Return the id of an Instagram account."""
    return f"{17_841_400_000_100_000 + author.number}"


def page_id(author: Author) -> str:
    """Return the id of a Facebook Page."""
    return f"{100_000_000_200_000 + author.number}"


def hides_likes(post: Post) -> bool:
    """Say whether the likes of an Instagram post are hidden."""
    return post.author.number % HIDES_LIKES == 0


def shares_of(post: Post) -> int:
    """Return how often a Page's post was shared."""
    return 0 if int(post.id) % NEVER_SHARED == 0 else post.shares or 0


def media(post: Post, wishes: tuple[Wish, ...]) -> dict[str, Any]:
    """Return an Instagram post."""
    told: dict[str, Any] = {
        "caption": post.text,
        "comments_count": post.comments,
        "id": post.id,
        "like_count": None if hides_likes(post) else post.likes,
        "media_product_type": "FEED",
        "media_type": "IMAGE",
        "permalink": post.url,
        "timestamp": moment_text(post.published_at),
        "username": post.author.name,
    }
    return _wished(told, wishes)


def account(author: Author, posts: int, wishes: tuple[Wish, ...]) -> dict[str, Any]:
    """Return an Instagram account without its media."""
    told = {
        "followers_count": author.followers,
        "id": account_id(author),
        "media_count": posts,
        "name": author.name.replace("_", " ").title(),
        "username": author.name,
    }
    return _wished(told, wishes)


def page(author: Author, wishes: tuple[Wish, ...]) -> dict[str, Any]:
    """Return a Facebook Page."""
    told: dict[str, Any] = {
        "category": "City",
        "fan_count": author.followers,
        "followers_count": author.followers,
        "id": page_id(author),
        "is_verified": True,
        "link": f"https://www.facebook.com/{author.name}",
        "name": author.name.replace("_", " ").title(),
        "username": author.name,
    }
    return _wished(told, wishes)


def page_post(post: Post, wishes: tuple[Wish, ...]) -> dict[str, Any]:
    """Return a post of a Page; `shares` is absent where there are none."""
    told: dict[str, Any] = {
        "created_time": moment_text(post.published_at),
        "id": f"{page_id(post.author)}_{post.id}",
        "message": post.text,
        "permalink_url": post.url,
        "shares": {"count": shares_of(post)} if shares_of(post) else None,
        "reactions": _summary(post.likes),
        "comments": _summary(post.comments),
        "attachments": {"data": [{"media_type": "photo", "url": post.url}]},
    }
    return _wished(told, wishes)


def _summary(total: int | None) -> dict[str, Any]:
    return {"data": [], "summary": {"total_count": total}}


def _wished(told: dict[str, Any], wishes: tuple[Wish, ...]) -> dict[str, Any]:
    names = {"id"} | {wish.name for wish in wishes}
    return {name: value for name, value in told.items() if name in names and value is not None}
