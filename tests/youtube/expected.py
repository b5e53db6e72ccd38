"""What a crawl of the fake YouTube should have kept and asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii.testing.platforms.youtube_objects import video_id

if TYPE_CHECKING:
    from datetime import date

    from ccgcii.testing import World
    from ccgcii.testing.platforms.youtube import YouTubeServer
    from ccgcii.testing.world.posts import Post

# Every character that an address or JSON writes differently.
KEY = "PLANTED/key+0123456789=&?%|"


def posts_found(world: World, first: date, last: date) -> dict[str, Post]:
    """Return what a search for Shanghai in a span of days can find, by the video's id."""
    return {
        video_id(post): post
        for post in world.posts
        if post.channel == "youtube"
        and first <= post.published_at.date() <= last
        and any(name in f"{post.title} {post.text}" for name in ("Shanghai", "上海"))
    }


def assert_everything_is_kept(study: Any, world: World) -> None:
    assert study.records().keys() == posts_found(world, study.since, study.until).keys()
    assert {row.state for row in study.rows("SELECT state FROM slice")} == {"done"}
    assert {row.state for row in study.rows("SELECT state FROM request")} == {"done"}


def assert_nothing_was_asked_twice(server: YouTubeServer) -> None:
    asked = [str(asked) for _, asked in server.accepted]
    assert len(set(asked)) == len(asked)
