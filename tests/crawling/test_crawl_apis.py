"""What every source of an API can rely on: keys, buckets, waits, troubles, terms."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii import Estimate, Quota
from ccgcii.archive import read_page
from ccgcii.config import Settings
from ccgcii.crawling.apis.overlaps import jaccard
from ccgcii.crawling.redaction import HIDDEN, redact, spellings
from ccgcii.crawling.runs import crawl, estimate
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccgcii.crawling.outcomes import Counts

KEY = 'PLANTED/key+"0123456789"=&?%|'
PLUGIN = Path(__file__).with_name("api_source.py")
PACIFIC = "America/Los_Angeles"


def told(body: Any, status: int = 200, **headers: str) -> Reply:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(body).encode(), status, {"Content-Type": "application/json", **given})


class Notebook:
    """A study of one API in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[Ask] = []

    def workspace(self, port: int = 9, **options: Any) -> Workspace:
        settings = Settings(
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={
                "delay": 0,
                "retries": 1,
                "patience": 20,
                "hosts": dict.fromkeys(("notes.test", "evil.test"), "127.0.0.1"),
            },
            sources={"notes": {"root": f"http://notes.test:{port}", **options}},
            secrets={"notes_key": KEY},
        )
        return Workspace(settings, create=True, files=[PLUGIN])

    def crawl(self, answer: Callable[[Ask], Reply], **options: Any) -> Any:
        def noted(ask: Ask) -> Reply:
            self.asked.append(ask)
            return answer(ask)

        with LoopbackServer(noted) as web, self.workspace(web.port, **options) as workspace:
            return crawl(workspace, ["notes"]).sources[0]

    def rows(self, query: str) -> list[Any]:
        with self.workspace() as workspace, workspace.engine.connect() as connection:
            return list(connection.execute(text(query)))


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path)


def test_rounds_that_found_nothing_neither_agree_nor_disagree() -> None:
    assert jaccard(set(), set()) is None
    assert jaccard({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)


def test_a_key_is_hidden_however_it_is_spelled() -> None:
    for written in spellings(KEY):
        assert redact(f"before {written} after", [KEY]) == f"before {HIDDEN} after"
    assert redact("the cat", ["t"]) == "the cat"


def test_an_answer_that_repeats_the_key_is_archived_without_it(notebook: Notebook) -> None:
    packed = gzip.compress(json.dumps({"notes": ["one"], "next": f"https://x/?t={KEY}"}).encode())
    headers = {"Content-Encoding": "gzip", "X-Echo": KEY, "Content-Type": "application/json"}
    counts = notebook.crawl(lambda ask: Reply(packed, 200, headers))
    assert counts.captures == 1
    assert notebook.asked[0].headers["authorization"] == f"Bearer {KEY}"
    (row,) = notebook.rows(
        "SELECT path, warc_offset FROM capture JOIN warc_file ON warc_id = warc_file.id"
    )
    page = read_page(notebook.folder / "archive" / row.path, row.warc_offset)
    assert json.loads(page.body) == {"notes": ["one"], "next": f"https://x/?t={HIDDEN}"}
    for path in (path for path in notebook.folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        unpacked = gzip.decompress(content) if path.suffix == ".gz" else b""
        assert not any(spelled.encode() in content + unpacked for spelled in spellings(KEY))


def test_credentials_go_to_the_api_and_nowhere_else(notebook: Notebook) -> None:
    def answer(ask: Ask) -> Reply:
        port = ask.headers["host"].partition(":")[2]
        elsewhere = [f"http://evil.test:{port}/", f"http://notes.test.evil.test:{port}/"]
        return told({"urls": elsewhere, "notes": ["a"]})

    counts = notebook.crawl(answer)
    assert {ask.host for ask in notebook.asked} == {"notes.test"}
    assert counts.failed == 1
    (reason,) = counts.reasons
    assert "not an address of http://notes.test" in reason


def test_a_redirect_is_not_followed(notebook: Notebook) -> None:
    def answer(ask: Ask) -> Reply:
        port = ask.headers["host"].partition(":")[2]
        return told({}, 302, Location=f"http://evil.test:{port}/")

    counts = notebook.crawl(answer)
    assert [ask.host for ask in notebook.asked] == ["notes.test"]
    assert counts.reasons == {"HTTP 302": 1}


def test_a_request_that_holds_the_key_is_refused(notebook: Notebook) -> None:
    counts = notebook.crawl(lambda ask: told({"more": [f"/1?token={KEY}"], "notes": ["a"]}))
    # The answer was cleaned before the source could read the key in it.
    assert [ask.path for ask in notebook.asked] == ["/start", f"/1?token={HIDDEN}"]
    assert counts.failed == 0


def test_a_question_belongs_to_its_slice(notebook: Notebook) -> None:
    notebook.crawl(lambda ask: told({"more": ["/same", "/same"], "notes": ["a"]}), slices=2)
    paths = [ask.path for ask in notebook.asked]
    assert (paths.count("/start"), paths.count("/same")) == (2, 2)
    assert len(notebook.rows("SELECT * FROM capture")) == 1
    assert len(notebook.rows("SELECT * FROM sighting")) == 2


def test_rows_carry_their_terms_and_when_they_end(notebook: Notebook) -> None:
    notebook.crawl(lambda ask: told({"notes": ["a"]}))
    (row,) = notebook.rows("SELECT terms, expires_at - fetched_at AS kept FROM capture")
    assert tuple(row) == ("Notes 7", 10 * 86_400)


def test_an_empty_bucket_puts_requests_off_before_they_are_sent(notebook: Notebook) -> None:
    counts = notebook.crawl(lambda ask: told({"notes": [ask.path]}), slices=5, limit=3)
    assert len(notebook.asked) == counts.requests == 3
    assert (counts.slices_done, counts.slices_deferred, counts.failed) == (3, 2, 0)
    assert counts.resumes_at == Quota("", 1, PACIFIC).resets_at(time.time())


def test_what_is_only_set_aside_puts_nothing_off(notebook: Notebook) -> None:
    # Each request sets a thousand aside and is charged one.
    def answer(ask: Ask) -> Reply:
        return replace(told({"extra": -999}), delay=0.05)

    counts = notebook.crawl(answer, slices=12, limit=1_500, units=1_000)
    assert (counts.slices_done, counts.slices_deferred) == (12, 0)
    (row,) = notebook.rows("SELECT used FROM quota")
    assert row.used == 12


def test_an_answer_may_cost_more_than_its_request(notebook: Notebook) -> None:
    notebook.crawl(lambda ask: told({"extra": 41}))
    (row,) = notebook.rows('SELECT bucket, used, "limit" AS most FROM quota')
    assert tuple(row) == ("reads", 42, 1_000)


def test_a_bucket_that_the_source_does_not_give_is_named(notebook: Notebook) -> None:
    counts = notebook.crawl(lambda ask: told({}), bucket="read")
    assert counts.reasons == {"source 'notes' has no bucket 'read'; did you mean 'reads'?": 1}


def test_a_short_wait_is_sat_out_and_counts_as_no_failure(notebook: Notebook) -> None:
    replies = [told({"trouble": "defer"}, x_seconds="1"), told({"notes": ["a"]})]
    counts = notebook.crawl(lambda ask: replies[len(notebook.asked) - 1])
    assert (counts.captures, counts.failed, counts.stopped) == (1, 0, None)
    assert len(notebook.asked) == 2


def test_a_long_wait_ends_the_crawl_and_the_rest_stays_queued(notebook: Notebook) -> None:
    counts = notebook.crawl(lambda ask: told({"trouble": "defer"}, x_seconds="7200"), slices=2)
    assert counts.slices_deferred == 2
    assert 7_100 < counts.resumes_at - time.time() < 7_300
    assert {row.state for row in notebook.rows("SELECT state FROM request")} == {"queued"}


def test_a_hold_lets_nothing_pass(notebook: Notebook) -> None:
    moments = []

    def answer(ask: Ask) -> Reply:
        moments.append(time.monotonic())
        return told({"hold": 1.5, "more": ["/1"]} if ask.path == "/start" else {"notes": ["a"]})

    counts = notebook.crawl(answer)
    assert counts.captures == 1
    assert moments[1] - moments[0] >= 1.5


def test_a_source_that_may_not_enter_stops_and_says_so_without_the_key(
    notebook: Notebook,
) -> None:
    counts = notebook.crawl(lambda ask: told({"trouble": "abort"}, 401, x_said=KEY), slices=30)
    assert counts.stopped == f"no entry: {HIDDEN}"
    # Those that were in flight, and no more.
    assert len(notebook.asked) < 15
    assert counts.slices_deferred == 30
    (row,) = notebook.rows("SELECT state, summary FROM run")
    assert row.state == "failed"
    assert json.loads(row.summary)["sources"][0]["stopped"] == counts.stopped


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "refuses our credentials"), (403, "refuses our credentials"), (418, "HTTP 418")],
)
def test_a_status_that_no_source_explains_is_judged_by_itself(
    notebook: Notebook, status: int, reason: str
) -> None:
    counts = notebook.crawl(lambda ask: Reply(b"no", status))
    assert reason in (counts.stopped or next(iter(counts.reasons)))


def test_what_is_not_there_is_left_out_and_the_slice_is_done(notebook: Notebook) -> None:
    def answer(ask: Ask) -> Reply:
        return told({"more": ["/gone", "/1"]} if ask.path == "/start" else {"trouble": "skip"})

    counts = notebook.crawl(answer)
    assert (counts.slices_done, counts.failed, counts.notes) == (1, 0, 2)


def test_one_request_that_fails_for_good_leaves_its_slice_to_be_done(notebook: Notebook) -> None:
    broken = True

    def answer(ask: Ask) -> Reply:
        if ask.path == "/start":
            return told({"more": ["/1", "/2"], "notes": ["a"]})
        return Reply(b"no", 418) if broken and ask.path == "/2" else told({"notes": [ask.path]})

    with LoopbackServer(answer) as web, notebook.workspace(web.port) as workspace:
        first = crawl(workspace, ["notes"]).sources[0]
        broken = False
        second = crawl(workspace, ["notes"]).sources[0]
    assert (first.slices_failed, first.captures) == (1, 2)
    assert (second.slices_done, second.captures, second.requests) == (1, 1, 1)


def test_the_estimate_counts_days_and_sends_nothing(notebook: Notebook) -> None:
    with notebook.workspace(slices=5) as workspace:
        (one,) = estimate(workspace, ["notes"])
    assert (one.requests, one.days, one.dollars) == (1_250, 2, None)
    assert Estimate(3).notes == ()


def test_a_budget_of_requests_holds_for_an_api_and_the_next_crawl_goes_on(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)

    def answer(ask: Ask) -> Reply:
        more = [f"/{number}" for number in range(5)] if ask.path == "/start" else []
        return told({"notes": [ask.path], "more": more})

    counts: list[Counts] = []
    with LoopbackServer(answer) as web:
        for _ in range(2):
            with notebook.workspace(web.port, max_requests=4) as workspace:
                counts += crawl(workspace, ["notes"]).sources
    assert [one.requests for one in counts] == [4, 2]
    assert [one.budget for one in counts] == ["max_requests = 4 is used up", None]
    assert sum(one.captures for one in counts) == 6
