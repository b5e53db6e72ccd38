"""Crawl-delay: kept, however long it is, and never a reason why a crawl does not end."""

from __future__ import annotations

import itertools
import signal
import time
from typing import TYPE_CHECKING, Any

from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from tests.crawling.test_crawl_stops import start_crawl

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Reply(
    b'<a href="/1">1</a><a href="/2">2</a>', headers={"Content-Type": "text/html; charset=utf-8"}
)


def asking_for(seconds: float, moments: list[float]) -> Callable[[Ask], Reply]:
    """Answer as a host whose robots.txt asks for so many seconds; `moments` gets those of pages."""

    def answer(ask: Ask) -> Reply:
        if ask.path == "/robots.txt":
            return Reply(f"User-agent: *\nCrawl-delay: {seconds}".encode())
        moments.append(time.monotonic())
        return PAGE

    return answer


def test_a_crawl_delay_is_kept(study: Any) -> None:
    moments: list[float] = []
    with LoopbackServer(asking_for(0.3, moments)) as server:
        study.crawl(server.url("a.test"))
    gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.28


def test_a_crawl_delay_beyond_all_patience_gives_one_page_a_crawl(study: Any) -> None:
    moments: list[float] = []
    with LoopbackServer(asking_for(4_000, moments)) as server:
        first = study.crawl(server.url("a.test"))
        again = study.crawl(server.url("a.test"))
    assert (first.captures, again.captures, len(moments)) == (1, 0, 1)
    assert first.failed == again.failed == 0
    assert first.resumes_at > time.time() + 3_900
    assert {row.attempts for row in study.rows("SELECT attempts FROM request WHERE depth")} == {0}


def test_a_budget_that_is_spent_does_not_wait_for_a_slow_host(study: Any) -> None:
    with LoopbackServer(asking_for(60, [])) as server:
        began = time.monotonic()
        counts = study.crawl(server.url("a.test"), max_minutes=0.01)
    assert time.monotonic() - began < 30
    assert counts.budget is not None
    assert counts.queued
    assert {row.state for row in study.rows("SELECT state FROM request")} <= {"queued", "done"}


def test_ctrl_c_does_not_wait_for_a_slow_host(study: Any) -> None:
    with LoopbackServer(asking_for(60, [])) as server:
        process = start_crawl(study.folder, server.url("a.test"))
        while not server.hits:
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(0.3)  # the page waits for its turn by now
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert {row.state for row in study.rows("SELECT state FROM request")} == {"queued"}
