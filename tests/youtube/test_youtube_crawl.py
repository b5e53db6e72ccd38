"""YouTube crawled over real HTTP from a fake that Google's description of the API judges."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import Settings
from ccgcii.crawling.redaction import spellings
from ccgcii.crawling.runs import crawl
from ccgcii.errors import ConfigError
from ccgcii.leave import restricted_sources
from ccgcii.testing import LoopbackServer, World
from ccgcii.testing.platforms.youtube import TOTAL_RESULTS, YouTubeServer
from ccgcii.testing.platforms.youtube_objects import (
    COMMENTS_OFF,
    FOLLOWERS_HIDDEN,
    LIKES_HIDDEN,
    channel_id,
    comments_of,
    takes_comments,
    video_id,
)
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ccgcii.testing.world.posts import Post

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


def test_the_estimate_of_results_is_written_nowhere(study: Any, server: YouTubeServer) -> None:
    study.crawl(server)
    for path in study.folder.rglob("*"):
        if path.is_file():
            assert str(TOTAL_RESULTS).encode() not in path.read_bytes()


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


PASSING = ("429", "429 without headers", "rate limit", "5xx", "html", "broken json", "cut")


@pytest.mark.parametrize("on", ["search", "channels", "videos"])
def test_what_passes_is_asked_again_and_loses_nothing(
    study: Any, server: YouTubeServer, world: World, on: str
) -> None:
    study.until = date(2020, 12, 31)
    for kind in PASSING:
        server.fail(kind, on=on)
    counts = study.crawl(server)
    assert (counts.retried, counts.failed) == (len(PASSING), 0)
    assert_everything_is_kept(study, world)


def test_the_wait_that_youtube_names_is_kept(study: Any, server: YouTubeServer) -> None:
    moments = []

    def answer(ask: Any) -> Any:
        moments.append(time.monotonic())
        return server.answer(ask)

    study.until = date(2020, 1, 31)
    server.fail("429")
    with LoopbackServer(answer) as web, study.workspace(web.port) as workspace:
        crawl(workspace, ["youtube"], cities=study.cities)
    assert moments[1] - moments[0] >= 2


@pytest.mark.parametrize("kind", ["quota spent", "daily limit"])
def test_a_quota_that_is_spent_puts_everything_off_until_midnight_in_california(
    study: Any, server: YouTubeServer, world: World, kind: str
) -> None:
    server.fail(kind, times=2, after=1)
    counts = study.crawl(server)
    assert counts.stopped is None
    assert counts.slices_deferred == 2
    assert 0 < counts.resumes_at - time.time() <= 86_400 + 3_600
    # The API called the bucket empty: nothing more was sent of it, and nothing counts as failed.
    assert counts.failed == 0
    rows = study.rows("SELECT bucket, used FROM quota ORDER BY bucket")
    assert [row.used for row in rows] == [2, 100]
    asked = len(server.accepted) + len(server.refused)
    assert study.crawl(server).requests == 0
    assert len(server.accepted) + len(server.refused) == asked
    study.let_a_day_pass()
    study.crawl(server)
    assert_everything_is_kept(study, world)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("expired token", "API_KEY_INVALID"),
        ("key echoed", "API_KEY_INVALID.*REDACTED"),
        ("key invalid", "keyInvalid"),
        ("not configured", "accessNotConfigured"),
        ("referer blocked", "ipRefererBlocked"),
    ],
)
def test_a_key_that_does_not_work_stops_the_source_and_loses_nothing(
    study: Any, server: YouTubeServer, world: World, kind: str, told: str
) -> None:
    server.fail(kind, times=2, after=1)
    counts = study.crawl(server)
    assert re.search(told, counts.stopped)
    assert (counts.failed, counts.resumes_at) == (0, None)
    assert counts.slices_deferred == 3 - counts.slices_done >= 2
    study.crawl(server)
    assert_everything_is_kept(study, world)


@pytest.mark.parametrize(("kind", "on"), [("forbidden", "videos"), ("not found", "videos")])
def test_what_is_not_there_is_left_out(
    study: Any, server: YouTubeServer, world: World, kind: str, on: str
) -> None:
    server.fail(kind, on=on)
    counts = study.crawl(server)
    assert (counts.notes, counts.failed, counts.slices_done) == (1, 0, 3)
    assert study.records().keys() < posts_found(world, study.since, study.until).keys()


def test_channels_that_are_not_there_cost_no_video(
    study: Any, server: YouTubeServer, world: World
) -> None:
    server.fail("forbidden", on="channels")
    study.crawl(server)
    assert_everything_is_kept(study, world)


@pytest.mark.parametrize("kind", ["refused", "bad token"])
def test_a_request_of_ours_that_is_refused_fails_its_slice_loudly(
    study: Any, server: YouTubeServer, world: World, kind: str
) -> None:
    server.fail(kind)
    counts = study.crawl(server)
    assert (counts.failed, counts.slices_failed, counts.slices_done) == (1, 1, 2)
    assert counts.retried == 0
    (reason,) = counts.reasons
    assert "a bug of ccgcii" in reason
    study.crawl(server)
    assert_everything_is_kept(study, world)


def test_a_server_that_keeps_failing_is_left_alone_with_all_work_kept(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 12, 31)
    server.fail("5xx", times=12)
    counts = study.crawl(server)
    assert "failed 10 times in a row" in counts.stopped
    assert counts.failed == 0
    study.crawl(server)
    study.crawl(server)
    assert_everything_is_kept(study, world)


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


def test_the_estimate_says_how_many_days_the_quota_takes(study: Any) -> None:
    study.until, study.cities = date(2020, 12, 31), ()
    one = study.estimate()
    assert (one.slices, one.requests, one.days) == (1200, 3600, 12.0)
    assert "1,200 searches at 100 a day" in one.notes[0]
    assert not (study.folder / "s.db").exists()


def test_a_missing_key_is_named_before_anything_is_sent(
    study: Any, server: YouTubeServer, tmp_path: Any
) -> None:
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/t.db", "archive": tmp_path / "a"})
    with (
        Workspace(settings, create=True) as workspace,
        pytest.raises(ConfigError, match="CCGCII__SECRETS__YOUTUBE_KEY"),
    ):
        crawl(workspace, ["youtube"])


def test_what_may_not_be_measured_is_withheld_unless_the_configuration_gives_leave(
    study: Any, server: YouTubeServer
) -> None:
    study.crawl(server)
    with study.workspace() as workspace:
        (one,) = restricted_sources(workspace.engine)
        assert (one.source, one.documents, one.withheld) == ("youtube", 0, True)
        assert "left out of every figure" in one.sentence()
    with study.workspace(may_derive_metrics=True) as workspace:
        (one,) = restricted_sources(workspace.engine)
        assert not one.withheld
        assert "on the operator's word" in one.sentence()
    with study.workspace() as workspace:
        assert restricted_sources(workspace.engine)[0].withheld


def files_below(folder: Any) -> Iterable[Any]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_the_key_is_in_no_byte_that_is_written(
    study: Any, server: YouTubeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", logger="scrapy")
    server.fail("5xx")
    server.fail("key echoed", after=2)
    counts = study.crawl(server, comments=1)
    study.crawl(server, comments=1)
    assert counts.stopped
    for spelled in spellings(KEY):
        for path in files_below(study.folder):
            assert spelled.encode() not in path.read_bytes(), path
        assert spelled not in caplog.text
        assert spelled not in repr(counts)


def write_config(study: Any, port: int, search: int) -> None:
    (study.folder / "ccgcii.toml").write_text(
        f"""
[study]
since = 2020-01-01
until = 2020-12-31
[store]
url = "sqlite:///s.db"
[crawl]
delay = 0
[crawl.hosts]
"youtube.example" = "127.0.0.1"
[sources.youtube]
root = "http://youtube.example:{port}"
[sources.youtube.quota]
search = {search}
""",
        encoding="utf-8",
    )


def run_the_command(study: Any) -> tuple[str, str]:
    command = [sys.executable, "-c", "from ccgcii.cli import main; main()", "-c", str(study.folder)]
    done = subprocess.run(
        [*command, "crawl", "youtube", "--city", "shanghai"],
        env={**os.environ, "CCGCII__SECRETS__YOUTUBE_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def assert_nothing_was_asked_twice(server: YouTubeServer) -> None:
    asked = [str(asked) for _, asked in server.accepted]
    assert len(set(asked)) == len(asked)


def test_a_quota_spent_on_day_one_is_finished_on_day_three_by_the_same_command(
    study: Any, make_server: Callable[..., YouTubeServer], world: World
) -> None:
    # The API gives five searches a day and we count on a hundred: it is the API that says no.
    server = make_server(quota={"search": 5})
    study.until = date(2020, 12, 31)
    days = []
    with LoopbackServer(server.answer) as web:
        write_config(study, web.port, search=100)
        for _ in range(3):
            out, _ = run_the_command(study)
            days.append((server.spent["search"], "run the same command" in out))
            server.new_day()
            study.let_a_day_pass()
    assert days == [(5, True), (5, True), (2, False)]
    assert_everything_is_kept(study, world)
    assert_nothing_was_asked_twice(server)


def test_a_crawl_of_twelve_days_asks_its_quota_each_day_and_nothing_twice(
    study: Any, server: YouTubeServer, world: World
) -> None:
    study.until = date(2020, 12, 31)
    days = []
    for _ in range(12):
        study.crawl(server, quota={"search": 1})
        days.append(server.spent["search"])
        server.new_day()
        study.let_a_day_pass()
    assert days == [1] * 12
    assert_everything_is_kept(study, world)
    assert_nothing_was_asked_twice(server)
    assert server.refused == []
