"""A quota of days: what is over waits until midnight in California, for the same command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.testing import LoopbackServer, World
from tests.youtube.expected import (
    KEY,
    assert_everything_is_kept,
    assert_nothing_was_asked_twice,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccgcii.testing.platforms.youtube import YouTubeServer


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


def test_the_estimate_says_how_many_days_the_quota_takes(study: Any) -> None:
    study.until, study.cities = date(2020, 12, 31), ()
    one = study.estimate()
    assert (one.slices, one.requests, one.days) == (1200, 3600, 12.0)
    assert "1,200 searches at 100 a day" in one.notes[0]
    assert not (study.folder / "s.db").exists()


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
