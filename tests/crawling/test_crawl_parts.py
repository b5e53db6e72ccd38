"""The small parts: requests as JSON, addresses, secrets, the archive, options."""

from __future__ import annotations

import gzip
import time
import zlib
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import scrapy
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response
from sqlalchemy import text

from ccgcii import Source
from ccgcii.archive import decode, read_page
from ccgcii.crawling.addresses import is_public
from ccgcii.crawling.archive import ArchiveWriter, RawResponse, cut_uncommitted, record_bytes
from ccgcii.crawling.failures import http_moment, judge, retry_after, store_error
from ccgcii.crawling.payloads import request_from_json, request_to_json
from ccgcii.crawling.redaction import redact
from ccgcii.errors import SourceError, StoreError

if TYPE_CHECKING:
    from pathlib import Path


class Spider(scrapy.Spider):
    name = "spider"

    def parse_it(self, response: Response) -> None:
        """Do nothing: only its name matters."""


@given(
    body=st.binary(max_size=50),
    header=st.binary(min_size=1, max_size=20).filter(lambda value: value.strip() == value),
    known=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
)
def test_a_request_survives_as_json(body: bytes, header: bytes, known: dict[str, Any]) -> None:
    spider = Spider()
    request = scrapy.Request(
        "http://a.test/新闻",
        spider.parse_it,
        method="POST",
        body=body,
        headers={"X-Any": header},
        meta={"told": known, "ccgcii": {"row": 1}, "download_slot": "a.test"},
        cb_kwargs=known,
        priority=3,
    )
    back = request_from_json(request_to_json(request, spider), spider)
    assert (back.url, back.method, back.body) == (request.url, "POST", body)
    assert back.headers == request.headers
    assert back.callback == spider.parse_it
    assert (back.meta, back.cb_kwargs, back.priority) == ({"told": known}, known, 3)


def test_a_request_that_json_cannot_hold_is_refused() -> None:
    request = scrapy.Request("http://a.test/", meta={"thing": object()})
    with pytest.raises(SourceError, match=r"'spider': the request for http://a\.test/ cannot be"):
        request_to_json(request, Spider())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
    ],
)
def test_these_are_not(address: str) -> None:
    assert not is_public(address)


def test_credentials_are_redacted() -> None:
    assert redact("https://me:pw@a.test/x?api_key=12&q=3#s") == (
        "https://REDACTED@a.test/x?api_key=REDACTED&q=3#s"
    )
    assert redact("token SECRET-1 was refused", ["SECRET-1"]) == "token REDACTED was refused"
    assert redact("https://a.test/?id=5&key=news") == "https://a.test/?id=5&key=news"
    assert redact("https://me:p@w@a.test/x") == "https://REDACTED@a.test/x"
    assert redact("https://a.test?to=me@b.test") == "https://a.test?to=me@b.test"


def test_a_login_that_an_error_quotes_is_in_no_reason() -> None:
    assert judge(ValueError("invalid hostname: me:pw@a.test")).reason == (
        "ValueError: invalid hostname: REDACTED@a.test"
    )
    assert judge(ValueError("write to me@a.test at 12:30")).reason.endswith("me@a.test at 12:30")


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (OSError(28, "No space left on device"), "; free some room on the disk and run the same"),
        (PermissionError(13, "Permission denied"), "; check the permissions of [store] url and"),
    ],
)
def test_a_store_that_cannot_be_written_names_what_helps(error: OSError, step: str) -> None:
    told = str(store_error("news", error))
    assert told.startswith(f"source 'news': the store or archive cannot be written ({error}); ")
    assert step in told


def test_retry_after_is_a_number_or_a_date() -> None:
    def answer(value: str) -> Response:
        return Response("http://a.test/", 429, headers={"Retry-After": value})

    assert retry_after(answer("120")) == 120
    assert retry_after(answer("Wed, 21 Oct 2015 07:28:00 GMT")) == 0
    assert retry_after(answer("soon")) is None
    assert retry_after(answer("\u00b2")) is None
    assert retry_after(answer("Wed, 21 Oct 2095 07:28:00 GMT")) == 7 * 86_400
    assert retry_after(Response("http://a.test/")) is None


@pytest.mark.parametrize("zone", [" GMT", " -0000", ""])
def test_dates_of_http_are_in_gmt_wherever_we_are(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert http_moment(f"Thu, 01 Jan 1970 01:00:00{zone}") == 3_600
    finally:
        monkeypatch.undo()
        time.tzset()
    assert http_moment("yesterday") is None


def test_what_is_written_and_not_committed_is_cut_off(study: Any) -> None:
    raw = RawResponse(
        "http://me:pw@a.test/?api_key=1",
        200,
        (("Content-Type", "text/html"), ("Set-Cookie", "session=1")),
        b"<p>one</p>",
        datetime(2020, 1, 2, tzinfo=UTC),
    )
    folder: Path = study.folder / "archive"
    with study.workspace() as workspace:
        writer = ArchiveWriter(workspace.engine, folder, "any")
        _, offset = writer.write(raw)
        writer.flush()
        with workspace.engine.begin() as connection:
            writer.commit(connection)
        _, lost = writer.write(raw)
        writer.close()
        with workspace.engine.connect() as connection:
            path = folder / connection.execute(text("SELECT path FROM warc_file")).scalar_one()
        cut_uncommitted(workspace.engine, folder, "any")
    page = read_page(path, offset)
    assert page.body == b"<p>one</p>"
    assert page.headers == {"content-type": "text/html", "set-cookie": "REDACTED"}
    assert page.url == "http://REDACTED@a.test/?api_key=REDACTED"
    with pytest.raises(StoreError, match=f"no response at offset {lost}"):
        read_page(path, lost)


def test_an_archive_that_is_shorter_than_the_store_says_is_told(study: Any, caplog: Any) -> None:
    with study.workspace() as workspace:
        with workspace.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO warc_file (path, committed) VALUES ('any/x.warc.gz', 5)")
            )
        cut_uncommitted(workspace.engine, study.folder, "any")
    assert "holds 0 bytes, the store counts on 5" in caplog.text


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_page_that_breaks_off_in_its_file_is_no_shorter_page(
    tmp_path: Path, share: float
) -> None:
    body = Random(1).randbytes(20_000)
    raw = RawResponse("http://a.test/", 200, (("A", "b"),), body, datetime(2020, 1, 2, tzinfo=UTC))
    packed = gzip.compress(record_bytes(raw))
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(packed[: int(len(packed) * share)])
    with pytest.raises(StoreError, match=r"cut.warc.gz: breaks off at offset 0; put the whole"):
        read_page(path, 0)


def test_a_truncated_body_is_salvaged_and_a_bomb_refused() -> None:
    packed = gzip.compress(b"words " * 10_000)
    assert decode(packed[:-20], "gzip").startswith(b"words words")
    assert decode(zlib.compress(b"x")[2:-4], "deflate") == b"x"
    with pytest.raises(ValueError, match="larger than 1000 bytes"):
        decode(packed, "gzip", max_bytes=1_000)
    with pytest.raises(ValueError, match="not one that we ask for"):
        decode(packed, "br")


def test_a_source_that_defines_nothing_says_what_is_missing(study: Any) -> None:
    from ccgcii.crawling.runs import planned_slices
    from ccgcii.planning.plans import make_plan

    class Empty(Source):
        name = "empty"

    class Faulty(Source):
        name = "faulty"

        def slices(self, plan: Any) -> Any:
            return 1 / 0

    with study.workspace() as workspace:
        plan = make_plan(workspace, "empty")
        with pytest.raises(SourceError, match=r"must define slices\(plan\)"):
            planned_slices(Empty, plan)
        with pytest.raises(SourceError, match="'faulty' cannot plan: ZeroDivisionError"):
            planned_slices(Faulty, plan)
