"""YouTube fails, refuses or says no: what passes is asked again, and nothing is lost."""

from __future__ import annotations

import re
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.crawling.runs import crawl
from ccgcii.testing import LoopbackServer, World
from tests.youtube.expected import (
    assert_everything_is_kept,
    posts_found,
)

if TYPE_CHECKING:
    from ccgcii.testing.platforms.youtube import YouTubeServer

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
