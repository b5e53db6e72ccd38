"""Sources that do what is not usual: a page of an error, a record of no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.crawling.runs import crawl
from ccgcii.testing.loopback import LoopbackServer, Reply
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HTML = {"Content-Type": "text/html"}
PLUGIN = """
import scrapy
from ccgcii import Record, Slice, Source, hookimpl

class Odd(Source):
    name = "odd"
    handle_httpstatus_list = [302, 404]

    class Options(Source.Options):
        root: str

    def slices(self, plan):
        return [Slice("one")]

    def start_slice(self, piece):
        for path in ("/gone", "/moved", "/cut", "/good"):
            yield scrapy.Request(self.options.root + path, errback=self.failed)

    def parse(self, response):
        yield self.page(response)

    def failed(self, failure):
        yield Record(id="none", channel="media", text="it never came")

@hookimpl
def ccgcii_sources():
    return [Odd]
"""


@pytest.fixture
def odd(study: Any, tmp_path: Path) -> Callable[[str], Any]:
    plugin = tmp_path / "odd_source.py"
    plugin.write_text(PLUGIN, encoding="utf-8")

    def crawled(root: str) -> Any:
        settings = study.workspace(retries=0).settings
        settings = settings.model_copy(update={"sources": {"odd": {"root": root}}})
        with Workspace(settings, create=True, files=[plugin]) as workspace:
            return crawl(workspace, ["odd"]).sources[0]

    return crawled


def test_what_cannot_be_kept_costs_its_own_request_only(
    odd: Callable[[str], Any], study: Any, serve: Any
) -> None:
    site = {
        "/gone": Reply(b"<p>gone</p>", 404, {**HTML, "Content-Encoding": "identity"}),
        "/moved": Reply(b"", 302, HTML),
        "/cut": Reply(b"<p>the end is missing</p>", headers=HTML, truncate_to=5),
        "/good": Reply(b"<p>good</p>", headers=HTML),
    }
    with LoopbackServer(serve(site)) as server:
        root = server.url("a.test", "")
        counts = odd(root)
    kept = {url.removeprefix(root): body for url, body in study.archived().items()}
    assert kept == {"/gone": b"<p>gone</p>", "/good": b"<p>good</p>"}
    states = {row.url.removeprefix(root): row for row in study.rows("SELECT * FROM request")}
    assert {path: row.state for path, row in states.items()} == {
        "/gone": "done",
        "/moved": "failed",
        "/cut": "failed",
        "/good": "done",
    }
    assert states["/cut"].error.startswith("the answer broke off; then in its errback ")
    assert states["/moved"].error.endswith("keeps something of an answer that never came")
    assert (counts.captures, counts.failed) == (2, 2)
