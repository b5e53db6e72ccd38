"""A quota that runs out on one day is finished on a later one, by the same crawl asked for again.

YouTube's searches are in `tests/youtube`; here are X's posts of a month and Instagram's hashtags.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ccgcii.testing.platforms.meta import MetaServer
from tests.platforms.conftest import USER

if TYPE_CHECKING:
    from tests.platforms.conftest import Platform

TAGS = 34  # of which thirty may be asked for in seven days
DAY = 86_400


def test_the_posts_that_a_month_allows_are_read_in_three_months(make: Any) -> None:
    study: Platform = make("x")
    whole = len(study.truth())
    study.options["posts_per_month"] = month = whole // 2
    for number in range(3):
        counts = study.crawl()
        assert (counts.resumes_at is None) == (number == 2)
        assert study.server.posts_read <= month * (number + 1)
        study.let_days_pass(31)
    assert study.found() == study.truth()
    assert study.server.posts_read == whole  # nothing was paid for twice
    assert study.server.refused == []


def test_hashtags_beyond_thirty_are_read_when_seven_days_are_over(make: Any, posts: Any) -> None:
    now = datetime.now(UTC)
    tags = [f"tag{number:02}" for number in range(TAGS)]
    study: Platform = make("instagram", accounts=[], hashtags=tags)
    study.since, study.until = now.date() - timedelta(days=2), date(2999, 1, 1)
    mine = [post for post in posts if post.channel == "instagram"][:TAGS]
    study.posts = [
        replace(post, text=f"{post.text} #{tag}", published_at=now - timedelta(hours=1))
        for post, tag in zip(mine, tags, strict=True)
    ]
    server = study.server = MetaServer(study.posts, token="mt", user_id=USER)
    asked = []
    for days in (2, 6, 0):
        counts = study.crawl()
        assert counts.resumes_at is not None  # a week is too short for all: some always wait
        asked.append(len(server.hashtags))
        study.let_days_pass(days)
        server.hashtags = {tag: at - days * DAY for tag, at in server.hashtags.items()}
    # Day 1: thirty. Day 3: no new one, though the thirty are read again. Day 9: the last four,
    # before any of the thirty gets a second turn.
    assert asked == [30, 30, 34]
    assert study.found() == study.truth()
    assert server.refused == []
