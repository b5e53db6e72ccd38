"""Channels and videos fifty at a time: what pages have in common may not cost their videos."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccgcii.testing.platforms.youtube import YouTubeServer
from ccgcii.testing.platforms.youtube_objects import video_id

if TYPE_CHECKING:
    from ccgcii.testing import World

KEY = "PLANTED/key+0123456789=&?%|"


def test_pages_of_one_and_the_same_channel_lose_no_video(study: Any, crowded: World) -> None:
    here = [post for post in crowded.posts if post.channel == "youtube"]
    posts = [replace(post, author=here[0].author) for post in here]
    study.cities = (crowded.cities[0].key,)
    counts = study.crawl(YouTubeServer(posts, key=KEY), pages=10)
    name = crowded.cities[0].name_en, crowded.cities[0].name_zh
    wanted = {
        video_id(post)
        for post in posts
        if study.since <= post.published_at.date() <= study.until
        and any(one in f"{post.title} {post.text}" for one in name)
    }
    assert len(wanted) > 150
    assert study.records().keys() == wanted
    assert counts.failed == 0
