"""Opening files for bulk sources: local and remote alike, taken up where they broke."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import CrawlSettings
from ccgcii.crawling.bulk.files import Files, StoppedError
from ccgcii.errors import SourceError
from ccgcii.testing import Ask, LoopbackServer, Reply
from ccgcii.testing.platforms.fileservers import FileServer

if TYPE_CHECKING:
    from pathlib import Path

BIG = os.urandom(6_000_000)
HOSTS = {"files.test": "127.0.0.1"}


def files(**crawl: Any) -> Files:
    settings = {"delay": 0, "retries": 2, "timeout": 5, "hosts": HOSTS, **crawl}
    return Files(CrawlSettings(**settings), lambda: False)


def test_a_path_and_a_url_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(BIG)
    server = FileServer({"files.test/big": BIG})
    both = files()
    with LoopbackServer(server.answer) as web:
        for address in (str(path), path.as_uri(), web.url("files.test", "/big")):
            with both.open(address) as stream:
                assert stream.read() == BIG
            with both.open(address, start=5_999_990) as stream:
                assert stream.read() == BIG[-10:]
    assert both.bytes_read == 3 * (len(BIG) + 10)


def test_a_connection_that_breaks_is_taken_up_where_it_broke() -> None:
    server = FileServer({"files.test/big": BIG})
    server.faults.add("broken", times=2)
    with (
        LoopbackServer(server.answer) as web,
        files().open(web.url("files.test", "/big")) as stream,
    ):
        assert stream.read() == BIG
    ranges = [told for _, told in server.asked]
    assert ranges[0] == ""
    assert all(told.startswith("bytes=") for told in ranges[1:])
    assert len(ranges) == 3


def test_a_server_without_ranges_that_breaks_is_an_error_that_says_so() -> None:
    server = FileServer({"files.test/big": BIG}, ranges=False)
    server.faults.add("broken")
    with (
        LoopbackServer(server.answer) as web,
        files().open(web.url("files.test", "/big")) as stream,
        pytest.raises(SourceError, match="cannot go on from there"),
    ):
        stream.read()


def test_a_busy_server_is_asked_as_often_as_allowed() -> None:
    server = FileServer({"files.test/a": b"a"})
    server.faults.add("busy", times=99)
    with (
        LoopbackServer(server.answer) as web,
        pytest.raises(SourceError, match=r"HTTP 503, 3 times"),
    ):
        files().open(web.url("files.test", "/a"))
    assert len(server.asked) == 3


def test_what_is_not_there_is_a_file_not_found(tmp_path: Path) -> None:
    with LoopbackServer(FileServer({}).answer) as web, pytest.raises(FileNotFoundError):
        files().open(web.url("files.test", "/nothing"))
    with pytest.raises(FileNotFoundError):
        files().open(str(tmp_path / "nothing"))


def test_a_refusal_is_not_asked_twice() -> None:
    server = FileServer({"files.test/a": b"a"})
    server.faults.add("forbidden")
    with LoopbackServer(server.answer) as web, pytest.raises(SourceError, match="HTTP 403"):
        files().open(web.url("files.test", "/a"))
    assert len(server.asked) == 1


def test_a_file_that_is_too_large_is_left_at_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(BIG)
    with (
        files().open(str(path), max_bytes=2_000_000) as stream,
        pytest.raises(SourceError, match="larger than the source allows"),
    ):
        stream.read()


def test_a_private_address_is_refused_as_a_number_too() -> None:
    with (
        LoopbackServer(FileServer({}).answer) as web,
        pytest.raises(SourceError, match=r"\[crawl.hosts\]"),
    ):
        files().open(f"http://127.0.0.1:{web.port}/a")
    assert web.hits == []


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    with (
        LoopbackServer(FileServer({}).answer) as web,
        pytest.raises(SourceError, match=r"localhost leads to .* not a public address"),
    ):
        files().open(f"http://localhost:{web.port}/a")
    assert web.hits == []


def test_a_redirect_into_private_addresses_is_refused() -> None:
    def answer(ask: Ask) -> Reply:
        return Reply(b"", 302, {"Location": f"http://127.0.0.1:{ask.headers['host'][-5:]}/secret"})

    with (
        LoopbackServer(answer) as web,
        pytest.raises(SourceError, match="not a public address"),
    ):
        files().open(web.url("files.test", "/a"))
    assert len(web.hits) == 1


def test_redirects_are_followed_so_far() -> None:
    def answer(ask: Ask) -> Reply:
        return Reply(b"", 302, {"Location": ask.path + "x"})

    with LoopbackServer(answer) as web, pytest.raises(SourceError):
        files(max_redirects=3).open(web.url("files.test", "/a"))
    assert len(web.hits) <= 3 * 4


def test_who_is_asking_is_said() -> None:
    seen: list[str] = []

    def answer(ask: Ask) -> Reply:
        seen.append(ask.headers["user-agent"])
        return Reply(b"a")

    with LoopbackServer(answer) as web:
        files(contact="me@example.org").open(web.url("files.test", "/a")).close()
    assert seen == ["ccgcii/0.1 (+me@example.org)"]


def test_a_file_packed_by_its_server_stays_as_it_is() -> None:
    reply = Reply(b"\x1f\x8b not really", headers={"Content-Encoding": "gzip"})
    with (
        LoopbackServer(lambda _: reply) as web,
        files().open(web.url("files.test", "/a.gz")) as stream,
    ):
        assert stream.read() == reply.body


def test_a_crawl_that_is_to_end_ends_while_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(BIG)
    stop = threading.Event()
    stream = Files(CrawlSettings(), stop.is_set).open(str(path))
    stream.read(10)
    stop.set()
    with pytest.raises(StoppedError):
        stream.read()
