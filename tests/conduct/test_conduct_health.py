"""Verdicts on sources, each from the rows of a real store."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update

from ccgcii import Quota
from ccgcii.cli import cli
from ccgcii.conduct.health import Health, source_health
from ccgcii.conduct.reasons import kind_of
from ccgcii.config import Settings
from ccgcii.crawling.apis.quotas import QuotaBook
from ccgcii.workspace import Workspace
from ccgcii_db import Dictionary, insert_row, table_of, tables

PLUGIN = Path(__file__).with_name("walking_source.py")
Told = dict[str, Any]


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/s.db", "archive": tmp_path / "a"})
    with Workspace(settings, create=True, files=[PLUGIN]) as opened:
        yield opened


def told(captures: int, requests: int = 10, failed: int = 0, **reasons: int) -> Told:
    return {
        "source": "walking",
        "captures": captures,
        "requests": requests,
        "failed": failed,
        "reasons": {reason.replace("_", " "): number for reason, number in reasons.items()},
    }


def health(workspace: Workspace, *runs: Told, source: str = "walking") -> Health:
    for run in runs:
        number = workspace.start_run("crawl", {})
        workspace.finish_run(number, "done", {"sources": [{**run, "source": source}]})
    with workspace.engine.begin() as connection:
        Dictionary(connection, tables.Source).id(source)
    return next(one for one in source_health(workspace) if one.source == source)


def test_a_source_that_brings_what_it_always_brings_is_ok(workspace: Workspace) -> None:
    found = health(workspace, *(told(each) for each in (90, 110, 100, 60)))
    assert (found.verdict, found.why) == ("ok", "")
    assert (found.runs, found.requests, found.last_captures) == (4, 40, 60)
    assert found.usual_captures == 100


def test_less_than_half_of_the_median_is_thin_after_three_earlier_runs(
    workspace: Workspace,
) -> None:
    assert health(workspace, told(100), told(100), told(49)).verdict == "ok"
    assert health(workspace, told(100), told(49)).verdict == "thin"


def test_a_run_that_had_nothing_to_do_says_nothing(workspace: Workspace) -> None:
    found = health(workspace, *[told(100)] * 4, told(0, requests=0))
    assert (found.verdict, found.last_captures) == ("ok", 100)


def test_two_runs_without_anything_new_are_stale(workspace: Workspace) -> None:
    assert health(workspace, told(100), told(0)).verdict == "ok"
    assert health(workspace, told(0)).verdict == "stale"


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("HTTP 403", "blocked"),
        ("HTTP 429", "blocked"),
        ("OAuthException 190: the access token has expired", "blocked"),
        ("forbidden by robots.txt", "blocked"),
        ("robots.txt answers HTTP 503", "unavailable"),
        ("the connection was refused", "unavailable"),
        ("ValueError: the page is not as expected", "broken"),
        ("HTTP 404", "broken"),
        ("quotaExceeded: the quota of today is used up", "quota"),
    ],
)
def test_the_trouble_of_most_requests_is_the_verdict(
    workspace: Workspace, reason: str, verdict: str
) -> None:
    run = told(0, 10, 6) | {"reasons": {reason: 6}}
    found = health(workspace, *[told(100)] * 4, run)
    assert found.verdict == verdict == kind_of(reason)
    assert reason in found.why
    assert found.failure_rate == 0.6


def test_a_few_failures_are_no_verdict(workspace: Workspace) -> None:
    run = told(95, 100, 5) | {"reasons": {"HTTP 403": 3, "ValueError: odd": 2}}
    assert health(workspace, run).verdict == "ok"


def test_why_a_source_stopped_itself_decides(workspace: Workspace) -> None:
    stopped = "it failed 20 times in a row (HTTP 403); run it again later"
    assert health(workspace, told(80) | {"stopped": stopped}).verdict == "blocked"


def test_slices_that_wait_for_their_quota_are_quota_until_then(workspace: Workspace) -> None:
    assert health(workspace, told(10)).verdict == "ok"
    slices = table_of(tables.Slice)
    with workspace.engine.begin() as connection:
        row = {"source_id": 1, "key": "k", "state": "deferred", "not_before": time.time() + 999}
        insert_row(connection, slices, row | {"payload": "{}"})
    assert health(workspace).verdict == "quota"
    stopped = (
        "it failed 100 times in a row (last: robots.txt cannot be read (CannotResolveHostError))"
    )
    assert health(workspace, told(0) | {"stopped": stopped}).verdict == "unavailable"
    assert health(workspace, told(10)).verdict == "quota"
    with workspace.engine.begin() as connection:
        connection.execute(update(slices).values(not_before=1))
    assert health(workspace).verdict == "ok"


def test_missing_plugins_and_keys_are_unavailable_and_no_run_is_untried(
    workspace: Workspace,
) -> None:
    gone = health(workspace, told(10), source="gone")
    assert (gone.verdict, gone.why) == ("unavailable", "its plugin is not installed")
    found = {one.source: one for one in source_health(workspace)}
    assert found["walking"].verdict == "untried"
    assert found["walking"].failure_rate is None
    assert found["youtube"].verdict == "unavailable"
    assert found["youtube"].why.startswith("it needs CCGCII__SECRETS__")


def test_fill_rates_and_the_last_new_document_come_from_rows(workspace: Workspace) -> None:
    run = workspace.start_run("crawl", {})  # killed: it has no summary
    with workspace.engine.begin() as connection:
        source = Dictionary(connection, tables.Source).id("walking")
        for number in (1, 2, 3, 4):
            common = {"id": number, "source_id": source, "channel_id": 1, "fetched_at": number}
            capture = {"kind": "record", "identity": bytes([number]), "url": "", "run_id": run}
            connection.execute(insert(table_of(tables.Capture)), common | capture)
            made = {"capture_id": number, "published_at": 5 if number > 1 else None}
            connection.execute(insert(table_of(tables.Document)), common | made)
            words = dict.fromkeys(("url", "canonical_url", "title", "date_rule"), "")
            said = {"document_id": number, "text": "t" if number > 2 else ""}
            connection.execute(insert(table_of(tables.DocumentText)), words | said)
    found = health(workspace)
    assert (found.date_rate, found.author_rate, found.text_rate) == (0.75, 0, 0.5)
    assert (found.last_new, found.captures, found.last_captures) == (4, 4, 4)
    assert (found.verdict, found.requests, found.failure_rate) == ("ok", None, None)


def test_what_was_used_of_a_quota_is_told_over_all_days_that_share_its_limit(
    tmp_path: Path,
) -> None:
    (tmp_path / "ccgcii.toml").write_text("", encoding="utf-8")
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()
    quotas = (Quota("search", 100), Quota("tags", 30, span=8), Quota("kept", 1_000_000))
    posts = Quota("posts", 10_000, period="month")
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/ccgcii.db"})
    with Workspace(settings, create=True) as workspace:
        health(workspace, told(10), source="news")
        with workspace.engine.begin() as connection:
            book = QuotaBook(1, (*quotas, posts))
            for days_before, spent in ((40, 5), (8, 6), (7, 7), (0, 8)):
                spends = {"search": spent, "tags": spent, "kept": spent, "posts": 100 * spent}
                book.spend(connection, spends, noon - days_before * 86_400)
        (found,) = (one for one in source_health(workspace) if one.source == "news")
    assert {each.bucket: each.used for each in found.quotas} == {
        "search": 8,
        "tags": 15,
        "kept": 8,
        "posts": 2_100,
    }
    shown = CliRunner().invoke(cli, ["-c", str(tmp_path), "sources"])
    line = "news: quota used: posts 2,100 of 10,000 (2026-11), search 8 of 100 (2026-11-28), "
    assert f"{line}tags 15 of 30 (8 days to 2026-11-28)\n" in shown.stdout


def test_the_command_prints_a_table_and_json(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("", encoding="utf-8")
    called = ["-c", str(tmp_path), "sources"]
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/ccgcii.db"})
    with Workspace(settings, create=True) as workspace:
        health(workspace, told(10) | {"reasons": {"HTTP 403": 10}}, source="news")
    shown = CliRunner().invoke(cli, called)
    assert shown.exit_code == 0, shown.output
    assert "blocked" in shown.stdout
    assert "news: 10 of 10 requests: HTTP 403" in shown.stdout
    listed = json.loads(CliRunner().invoke(cli, [*called, "--json"]).stdout)
    assert {one["source"]: one["verdict"] for one in listed}["news"] == "blocked"


def test_the_table_fits_a_narrow_terminal_with_every_column_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "ccgcii.toml").write_text("", encoding="utf-8")
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/ccgcii.db"})
    with Workspace(settings, create=True) as workspace:
        runs = (told(1_234_567, 98_765_432, 98_765_432), told(1_000_000, 12_345, 12_345))
        health(workspace, *runs, source="mediacloud-api")
    shown = CliRunner().invoke(cli, ["-c", str(tmp_path), "sources"]).stdout
    header, row, untried = shown.splitlines()[:3]
    names = "source verdict last new requests failed last usual date author text"
    assert " ".join(header.split()) == names
    assert row.split() == ["mediacloud-api", "unavailable", "98.8M", "100%", "1M", "1.23M"]
    assert untried.startswith("untried: ccnews, ")
    assert max(map(len, (header, row))) <= 80


def polled(captures: int, read: int, unchanged: int, **more: Any) -> Told:
    return told(captures, read + captures, **more) | {"listings": read, "not_modified": unchanged}


def test_feeds_that_have_not_changed_are_stale_only_after_two_days(workspace: Workspace) -> None:
    source, now = "walking", int(time.time())
    with workspace.engine.begin() as connection:
        number = Dictionary(connection, tables.Source).id(source)
        row = {"id": 1, "source_id": number, "channel_id": 1, "kind": "page", "identity": b"1"}
        capture = table_of(tables.Capture)
        connection.execute(insert(capture), row | {"url": "", "fetched_at": now - 3_600})
    runs = (polled(50, 10, 0), polled(0, 10, 10), polled(0, 10, 10))
    assert health(workspace, *runs).verdict == "ok"
    with workspace.engine.begin() as connection:
        connection.execute(update(capture).values(fetched_at=now - 3 * 86_400))
    assert health(workspace).verdict == "stale"


def test_a_few_feeds_that_fail_beside_many_that_rest_are_no_verdict(workspace: Workspace) -> None:
    run = told(0, 4, 4) | {"reasons": {"HTTP 500": 4}, "listings_resting": 100}
    assert health(workspace, *[told(100)] * 4, run).verdict == "ok"
    assert health(workspace, run | {"listings_resting": 0}).verdict == "unavailable"


def test_feeds_are_thin_by_what_each_one_that_was_read_brought(workspace: Workspace) -> None:
    usual = [polled(100, 10, 0)] * 4
    assert health(workspace, *usual, polled(20, 2, 0)).verdict == "ok"
    found = health(workspace, polled(20, 10, 0))
    assert (found.verdict, found.why) == ("thin", "2 new a feed that was read where 10 are usual")
