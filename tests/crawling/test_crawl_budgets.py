"""A source that has spent its budget ends in order, says which, and the same command goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from ccgcii.cli import cli
from ccgcii.config import CrawlSettings
from ccgcii.crawling.budgets import Budget
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

HTML = {"Content-Type": "text/html"}
PAGES = 30


def answer(ask: Ask) -> Reply:
    """Serve a front page of thirty links, each to a page of 10,000 bytes."""
    if ask.path == "/robots.txt":
        return Reply(b"", 404)
    links = "".join(f'<a href="/{number}">x</a>' for number in range(PAGES))
    return Reply((links if ask.path == "/start" else "w" * 10_000).encode(), headers=HTML)


def rows_left(study: Any) -> dict[str, int]:
    return dict(study.rows("SELECT state, count(*) FROM request GROUP BY state"))


def test_a_budget_of_requests_is_kept_to_the_letter_and_the_next_crawl_goes_on(study: Any) -> None:
    with LoopbackServer(answer) as server:
        start = server.url("a.test", "/start")
        options = {"max_requests": 12}
        counts = [study.crawl(start, options=options) for _ in range(3)]
        asked = [path for _, path in server.hits if path != "/robots.txt"]
    assert [one.requests for one in counts] == [12, 12, 7]
    assert sum(one.captures for one in counts) == PAGES + 1 == len(asked) == len(set(asked))
    assert [one.budget for one in counts] == ["max_requests = 12 is used up"] * 2 + [None]
    assert [one.queued for one in counts] == [19, 7, 0]
    assert (counts[0].stopped, counts[0].slices_deferred, counts[0].failed) == (None, 1, 0)
    assert rows_left(study) == {"done": PAGES + 1}


def test_a_budget_of_bytes_counts_what_came_over_the_wire(study: Any) -> None:
    with LoopbackServer(answer) as server:
        start = server.url("a.test", "/start")
        first = study.crawl(start, options={"max_megabytes": 0.1}, concurrency=1)
        second = study.crawl(start)
    assert first.budget == "max_megabytes = 0.1 are used up"
    assert 10 <= first.captures <= 14  # those in flight are kept as well
    assert first.captures + second.captures == PAGES + 1


def test_a_budget_of_minutes_ends_a_crawl_that_waits_for_its_turn(study: Any) -> None:
    with LoopbackServer(answer) as server:
        start = server.url("a.test", "/start")
        first = study.crawl(start, options={"max_minutes": 0.1}, delay=1)
        second = study.crawl(start)
    assert first.budget == "max_minutes = 0.1 are over"
    assert first.captures < PAGES
    assert first.captures + second.captures == PAGES + 1


def test_failures_in_a_row_of_whatever_hosts_stop_a_source_and_lose_nothing(study: Any) -> None:
    hosts = [f"h{number}.test" for number in range(8)]
    pinned = dict.fromkeys(hosts, "127.0.0.1")
    with LoopbackServer(lambda ask: Reply(b"", 503)) as server:
        starts = [server.url(host, "/") for host in hosts]
        common: dict[str, Any] = {"hosts": pinned, "obey_robots": False, "concurrency": 1}
        first = study.crawl(*starts, options={"max_failures": 5}, **common, retries=0)
    assert first.stopped is not None
    assert first.stopped.startswith("it failed 5 times in a row (max_failures; last: HTTP 503)")
    assert 5 <= first.failed <= 6  # one may have been in flight
    with LoopbackServer(lambda ask: Reply(b"<p>x</p>", headers=HTML), port=server_port(starts)):
        assert study.crawl(*starts, **common).captures == len(hosts)


def server_port(urls: list[str]) -> int:
    return int(urls[0].rpartition(":")[2].strip("/"))


def test_one_page_that_comes_ends_a_row_of_failures(study: Any) -> None:
    def every_third(ask: Ask) -> Reply:
        number = ask.path.strip("/")
        works = ask.path == "/start" or (number.isdigit() and int(number) % 3 == 0)
        return answer(ask) if works else Reply(b"", 404)

    with LoopbackServer(every_third) as server:
        start = server.url("a.test", "/start")
        counts = study.crawl(start, options={"max_failures": 4}, concurrency=1)
    assert (counts.stopped, counts.captures, counts.failed) == (None, 11, 20)


def test_the_crawls_budget_holds_for_sources_that_set_none() -> None:
    crawl = CrawlSettings(max_requests=100, max_minutes=5)
    own = Budget.of(CrawlSettings(max_requests=7), crawl)
    assert (own.max_requests, own.max_minutes, own.max_failures) == (7, 5, 100)
    with pytest.raises(ValidationError):
        CrawlSettings(max_requests=0)


def test_the_command_says_which_budget_is_spent_and_ends_well(tmp_path: Path) -> None:
    with LoopbackServer(answer) as server:
        (tmp_path / "ccgcii.toml").write_text(
            '[crawl]\ndelay = 0\nmax_requests = 4\n[crawl.hosts]\n"a.test" = "127.0.0.1"\n'
            f'[sources.news]\nsections = ["{server.url("a.test", "/start")}"]\n',
            encoding="utf-8",
        )
        ran = CliRunner().invoke(cli, ["-c", str(tmp_path), "crawl"])
        wrong = tmp_path / "ccgcii.toml"
        wrong.write_text(wrong.read_text().replace("sections", "max_request = 1\nsections"))
        typo = CliRunner().invoke(cli, ["-c", str(tmp_path), "crawl"])
    assert ran.exit_code == 0
    assert "max_requests = 4 is used up" in ran.output
    assert "the same command goes on" in ran.output
    assert "did you mean 'max_requests'?" in str(typo.exception)


def test_an_estimate_says_how_many_crawls_a_budget_makes_of_it(study: Any) -> None:
    from ccgcii.crawling.runs import estimate

    options = {"budget": 100, "max_requests": 30}
    with study.workspace("http://a.test/", options=options) as workspace:
        (one,) = estimate(workspace, ["linked"])
    assert (one.requests, one.notes) == (100, ("max_requests = 30 a crawl: 4 crawls at most",))
