"""Wayback, Media Cloud and GDELT DOC against servers that answer, and fail, as the real ones do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ccgcii.crawling.runs import crawl as run
from ccgcii.crawling.runs import estimate
from ccgcii.errors import SourceError
from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms.archives import (
    DocServer,
    MediaCloudServer,
    Snapshot,
    WaybackServer,
)
from ccgcii_archives.queries import phrase_of
from ccgcii_archives.wayback import months, read_cdx

TOKEN = "PLANTED-token"
SITE = "herald.example/world/"


def crawl(study: Any, server: Any, source: str, host: str, **options: Any) -> Any:
    with (
        LoopbackServer(server.answer) as web,
        study.workspace(source, root=web.url(host, "").rstrip("/"), **options) as workspace,
    ):
        return run(workspace, [source], cities=["wuhan"]).sources[0]


def snapshots() -> list[Snapshot]:
    pages = [
        Snapshot(f"202006{1 + n % 2:02}120000", f"http://{SITE}{n}", b"<p>Wuhan %d</p>" % n)
        for n in range(25)
    ]
    again = Snapshot("20200602130000", f"http://{SITE}0", b"<p>later</p>")
    other = Snapshot("20200601120000", f"http://{SITE}a.pdf", b"%PDF", mimetype="application/pdf")
    gone = Snapshot("20200601120000", f"http://{SITE}gone", b"", status="404")
    late = Snapshot("20200701120000", f"http://{SITE}late", b"<p>Wuhan</p>")
    return [*pages, again, other, gone, late]


def wayback(study: Any, server: WaybackServer, **options: Any) -> Any:
    given = {"sites": [SITE], "page_size": 10} | options
    return crawl(study, server, "wayback", "cdx.test", **given)


def test_each_address_of_the_window_is_fetched_once_as_it_was(study: Any) -> None:
    server = WaybackServer(snapshots())
    counts = wayback(study, server)
    assert (counts.captures, counts.requests, server.refused) == (25, 28, [])
    rows = study.rows("SELECT url, hints FROM capture ORDER BY url")
    assert rows[0].url == f"http://{SITE}0"
    assert rows[0].hints == '{"outlet": "herald.example"}'
    bodies = {page.body for page in study.pages_by_place()}
    assert b"<p>Wuhan 0</p>" in bodies
    assert b"<p>later</p>" not in bodies


def test_only_wanted_addresses_are_fetched(study: Any) -> None:
    counts = wayback(study, WaybackServer(snapshots()), only=r"/world/1\d$")
    assert counts.captures == 10


def test_a_busy_wayback_is_asked_again(study: Any) -> None:
    server = WaybackServer(snapshots())
    server.faults.add("throttled")
    server.faults.add("busy", after=5)
    assert wayback(study, server).captures == 25


def test_a_cut_index_fails_the_slice_and_the_next_crawl_reads_it(study: Any) -> None:
    server = WaybackServer(snapshots())
    server.faults.add("cut")
    counts = wayback(study, server)
    assert (counts.slices_failed, counts.captures) == (1, 0)
    assert any("no JSON" in reason for reason in counts.reasons)


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"<html>", "no JSON"), (b'{"a": 1}', "no table"), (b'[["urlkey"],["x"]]', "no original")],
)
def test_an_index_of_another_shape_is_an_error(body: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_cdx(body)


def test_an_empty_index_and_a_resume_key_are_read() -> None:
    assert read_cdx(b"") == ([], None)
    assert read_cdx(b"[]") == ([], None)
    rows, resume = read_cdx(b'[["timestamp","original"],["2020","http://a/"],[],["com,a)/ 1"]]')
    assert (rows, resume) == ([{"timestamp": "2020", "original": "http://a/"}], "com,a)/ 1")


def test_months_are_cut_to_the_window() -> None:
    assert list(months(date(2020, 1, 15), date(2020, 3, 2))) == [
        (date(2020, 1, 15), date(2020, 1, 31)),
        (date(2020, 2, 1), date(2020, 2, 29)),
        (date(2020, 3, 1), date(2020, 3, 2)),
    ]


def stories(number: int = 25) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{n:064x}",
            "title": f"Wuhan today, number {n}" if n % 2 else f"A piece of some length, {n}",
            "url": f"https://news.example/{n}",
            "language": "en",
            "media_name": "news.example",
            "media_url": "news.example",
            "publish_date": "2020-06-01",
            "indexed_date": "2020-06-02T03:04:05",
            "_text": "wuhan",
        }
        for n in range(number)
    ]


def mediacloud(study: Any, server: MediaCloudServer, **options: Any) -> Any:
    given = {"pace": 0, "page_size": 10, "collections": [34412234]} | options
    return crawl(study, server, "mediacloud-api", "mediacloud.test", **given)


def test_stories_are_paged_through_and_pass_without_their_texts(study: Any) -> None:
    server = MediaCloudServer(stories(), TOKEN)
    counts = mediacloud(study, server)
    assert (counts.captures, counts.requests, server.refused) == (25, 3, [])
    record = study.records()[0]
    assert (record.outlet, record.language, record.places) == ("news.example", "en", ("wuhan",))
    assert record.published_at == datetime(2020, 6, 1, tzinfo=UTC)
    assert study.clean("mediacloud-api").kept == 25
    rules = study.rows("SELECT rule, count(*) FROM mention_span WHERE field = 'place' GROUP BY 1")
    assert [tuple(row) for row in rules] == [("mediacloud-api-location", 13)]


@pytest.mark.parametrize("fault", ["throttled", "busy", "cut"])
def test_media_clouds_troubles_are_sat_out(study: Any, fault: str) -> None:
    server = MediaCloudServer(stories(), TOKEN)
    server.faults.add(fault, after=1)
    assert mediacloud(study, server).captures == 25


def test_a_wrong_token_stops_the_source_and_is_never_written(study: Any) -> None:
    counts = mediacloud(study, MediaCloudServer(stories(), "another"))
    assert counts.captures == 0
    assert "403" in counts.stopped
    assert mediacloud(study, MediaCloudServer(stories(), TOKEN)).captures == 25
    for path in filter(lambda one: one.is_file(), study.folder.rglob("*")):
        assert TOKEN.encode() not in path.read_bytes()


def articles(number: int) -> list[dict[str, str]]:
    start = datetime(2020, 6, 1, tzinfo=UTC)
    step = timedelta(days=2) / max(1, number)
    return [
        {
            "url": f"https://news.example/{n}",
            "title": f"Wuhan's number {n}",
            "seendate": f"{start + n * step:%Y%m%dT%H%M%SZ}",
            "domain": "news.example",
            "language": "English",
            "sourcecountry": "United Kingdom",
        }
        for n in range(number)
    ]


def doc(study: Any, server: DocServer, **options: Any) -> Any:
    return crawl(study, server, "gdelt-doc", "gdeltdoc.test", **({"pace": 0} | options))


def test_a_span_with_too_many_articles_is_halved_until_none_is_lost(study: Any) -> None:
    server = DocServer(articles(900))
    counts = doc(study, server)
    assert (counts.captures, server.refused) == (900, [])
    assert counts.requests > 4
    assert {record.language for record in study.records()} == {"en"}


def test_json_with_bad_escapes_is_mended(study: Any) -> None:
    server = DocServer(articles(5))
    server.bad_escapes = True
    assert doc(study, server).captures == 5


def test_throttling_in_plain_words_with_status_200_is_waited_out(
    study: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccgcii_archives.gdeltdoc.AGAIN", 0.1)
    server = DocServer(articles(5))
    server.faults.add("throttled")
    assert doc(study, server).captures == 5


def test_a_query_that_is_refused_in_plain_words_fails_its_slice(study: Any) -> None:
    server = DocServer(articles(5))
    server.faults.add("refused")
    counts = doc(study, server)
    assert (counts.captures, counts.slices_failed) == (0, 1)
    assert any("phrase is too short" in reason for reason in counts.reasons)


def test_a_shared_name_is_searched_with_its_province() -> None:
    from ccgcii import default_cities

    cities = {city.key: city for city in default_cities()}
    assert phrase_of(cities["wuhan"]) == '"Wuhan"'
    assert phrase_of(cities["taizhou-jiangsu"]) == '"Taizhou" AND "Jiangsu"'


@pytest.mark.parametrize(
    ("source", "requests", "days", "note"),
    [
        ("mediacloud-api", 2_000, 0.1, r"100 requests \(0\.0 days\) .* one request in 6 seconds"),
        ("gdelt-doc", 10_000, 0.8, r"100 requests \(0\.0 days\) .* one request in 7 seconds"),
        ("ccnews", None, None, r"10\.00% of the files of 1 months: each month's list"),
    ],
)
def test_an_estimate_says_how_long_it_takes_at_the_pace_that_is_allowed(
    study: Any, source: str, requests: int | None, days: float | None, note: str
) -> None:
    options = {"share": 0.1} if source == "ccnews" else {}
    with study.workspace(source, **options) as workspace:
        (one,) = estimate(workspace, [source])
    assert (one.requests, one.days) == (requests, days)
    assert re.match(note, one.notes[0])
