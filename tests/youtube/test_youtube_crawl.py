"""YouTube crawled over real HTTP from a fake that Google's description of the API judges."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.errors import ConfigError
from ccgcii.testing.platforms.youtube import YouTubeServer
from ccgcii.testing.platforms.youtube_objects import (
    COMMENTS_OFF,
    FOLLOWERS_HIDDEN,
    LIKES_HIDDEN,
    channel_id,
    comments_of,
    takes_comments,
)
from tests.youtube.expected import (
    KEY,
    assert_everything_is_kept,
    posts_found,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccgcii.testing import World


def test_every_video_is_kept_once_with_what_youtube_says_of_it(
    study: Any, server: YouTubeServer, world: World
) -> None:
    counts = study.crawl(server, pages=3)
    records, posts = study.records(), posts_found(world, study.since, study.until)
    assert_everything_is_kept(study, world)
    assert counts.captures == len(records)
    for identity, record in records.items():
        post = posts[identity]
        assert record.channel == "youtube"
        assert record.text == post.text
        assert record.published_at == post.published_at.replace(microsecond=0)
        assert record.author == channel_id(post.author)
        assert record.country == post.author.country
        assert record.views == post.views
    assert server.refused == []


def test_what_youtube_hides_is_unknown_and_never_zero(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 12, 31)
    study.crawl(server)
    posts, records = posts_found(world, study.since, study.until), study.records()
    for identity, record in records.items():
        number, author = int(posts[identity].id), posts[identity].author
        assert (record.likes is None) == (number % LIKES_HIDDEN == 0)
        assert (record.comments is None) == (number % COMMENTS_OFF == 0)
        assert (record.author_followers is None) == (author.number % FOLLOWERS_HIDDEN == 0)
        assert record.shares is None
    assert any(record.likes is None for record in records.values())
    assert any(record.author_followers is None for record in records.values())


def test_all_pages_are_read_and_ids_go_fifty_at_a_time(study: Any, crowded: World) -> None:
    server = YouTubeServer(crowded.posts, key=KEY)
    counts = study.crawl(server, pages=10)
    assert_everything_is_kept(study, crowded)
    assert counts.captures > 150
    asked = Counter(resource for resource, _ in server.accepted)
    assert asked == {"search": 6, "channels": 6, "videos": 6}
    batches = [len(asked["id"].split(",")) for name, asked in server.accepted if name == "videos"]
    assert max(batches) == 50
    assert server.refused == []


def test_no_more_pages_are_read_than_the_configuration_wants(study: Any, crowded: World) -> None:
    server = YouTubeServer(crowded.posts, key=KEY)
    counts = study.crawl(server)
    assert counts.captures == 150


@pytest.mark.parametrize("kind", ["empty page", "repeated page"])
def test_pages_that_are_empty_or_repeat_lose_nothing(study: Any, crowded: World, kind: str) -> None:
    server = YouTubeServer(crowded.posts, key=KEY)
    server.fail(kind, after=3)
    study.crawl(server, pages=10)
    assert_everything_is_kept(study, crowded)


def test_a_page_that_names_itself_as_the_next_ends_its_question(study: Any, crowded: World) -> None:
    server = YouTubeServer(crowded.posts, key=KEY)
    study.until = date(2020, 1, 31)
    study.since = date(2020, 1, 1)
    server.fail("looping token", times=9)
    counts = study.crawl(server, pages=10)
    assert counts.slices_done == 1
    assert [name for name, _ in server.accepted].count("search") == 2


def test_questions_of_big_cities_are_about_weeks(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 12, 31)
    with pytest.raises(ConfigError, match=r"no city 'shangai'.*did you mean 'shanghai'"):
        study.crawl(server, weekly=["shangai"])
    study.crawl(server, weekly=["shanghai"])
    assert_everything_is_kept(study, world)
    assert [name for name, _ in server.accepted].count("search") == 53


def test_comments_are_kept_if_they_are_wanted(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 1, 31)
    study.crawl(server, comments=5)
    videos = posts_found(world, study.since, study.until)
    expected = set(videos) | {
        thread["id"]
        for post in videos.values()
        if takes_comments(post)
        for thread in comments_of(post)
    }
    records = study.records()
    assert records.keys() == expected
    assert server.refused == []
    comment = next(record for record in records.values() if record.id.startswith("Ug"))
    assert comment.author
    assert comment.views is None


def test_comments_that_were_switched_off_meanwhile_are_left_out(
    study: Any, server: YouTubeServer
) -> None:
    study.until = date(2020, 1, 31)
    server.fail("forbidden", on="commentThreads")
    counts = study.crawl(server, comments=1)
    assert (counts.notes, counts.failed, counts.slices_done) == (1, 0, 1)


def test_both_names_are_one_question_or_two(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 1, 31)
    study.crawl(server)
    study.crawl(server, names="apart")
    asked = [asked["q"] for resource, asked in server.accepted if resource == "search"]
    assert asked == ["Shanghai|上海", "Shanghai", "上海"]
    assert_everything_is_kept(study, world)


def test_rounds_unite_and_say_how_they_agree(
    study: Any, make_server: Callable[..., YouTubeServer], world: World
) -> None:
    server = make_server(forgets=0.4)
    first = study.crawl(server)
    assert first.overlap is None
    before = study.records()
    second = study.crawl(server, rounds=2)
    after = study.records()
    assert before.keys() < after.keys()
    assert second.captures == len(after) - len(before)
    assert second.overlap["questions"] == 3
    assert second.overlap["seen"] == len(after)
    assert 0 < second.overlap["mean"] < 1
    rows = study.rows("SELECT slice.key, record FROM sighting JOIN slice ON slice.id = slice_id")
    for question, (index,) in second.overlap["slices"].items():
        one, other = (
            {row.record for row in rows if row.key == key}
            for key in (question, f"{question}/round 2")
        )
        assert index == len(one & other) / len(one | other)
    # A third command asks nothing: the rounds are done.
    assert study.crawl(server, rounds=2).requests == 0
