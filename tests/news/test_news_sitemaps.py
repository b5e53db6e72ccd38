"""Sitemaps as they are met: indexes, news, packed, cut off, hostile."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, date, datetime

import pytest

from ccgcii import SourceError
from ccgcii_news.sitemaps import read_sitemap, robots_sitemaps

SINCE = date(2020, 1, 1)
HEAD = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def urlset(*changed: str) -> bytes:
    urls = [
        f"<url><loc>https://a.test/{number}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for number, day in enumerate(changed)
    ]
    return (HEAD + "".join(urls) + "</urlset>").encode()


def paths(body: bytes) -> list[str]:
    return [entry.url.rpartition("/")[2] for entry in read_sitemap(body, SINCE).entries]


def test_an_index_names_its_children_without_those_that_are_too_old() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc> https://a.test/new.xml </loc><lastmod>2020-05-01</lastmod></sitemap>
    <sitemap><loc>https://a.test/old.xml</loc><lastmod>2019-05-01</lastmod></sitemap>
    <sitemap><loc>https://a.test/any.xml</loc></sitemap></sitemapindex>"""
    sitemap = read_sitemap(body, SINCE)
    assert sitemap.children == ["https://a.test/new.xml", "https://a.test/any.xml"]
    assert sitemap.passed_over == 1


def test_a_news_sitemap_tells_title_date_and_language() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.test/x</loc>
    <news:news><news:publication><news:name>A</news:name><news:language>en</news:language>
    </news:publication><news:publication_date>2020-02-02T10:00:00+08:00</news:publication_date>
    <news:title>Wuhan</news:title></news:news></url></urlset>"""
    (entry,) = read_sitemap(body, SINCE).entries
    assert (entry.title, entry.language) == ("Wuhan", "en")
    assert entry.published_at == datetime(2020, 2, 2, 2, tzinfo=UTC)


def test_older_addresses_are_left_out_wherever_they_stand() -> None:
    assert paths(urlset("2019-01-01", "2020-03-01", "", "2019-12-31")) == ["1", "2"]


def test_a_sorted_sitemap_is_not_read_beyond_the_window() -> None:
    days = [f"2020-02-{day:02}" for day in range(25, 0, -1)]
    body = urlset(*days, "2019-12-01", "2019-11-01", "2020-03-01")
    sitemap = read_sitemap(body.replace(b"</urlset>", b"<broken"), SINCE)
    assert (len(sitemap.entries), sitemap.passed_over) == (25, 1)
    assert sitemap.problems == []


def test_a_packed_sitemap_is_unpacked() -> None:
    assert paths(gzip.compress(urlset("2020-03-01"))) == ["0"]


def test_a_truncated_gzip_gives_what_can_be_read_and_says_so() -> None:
    dice = random.Random(1)
    noise = [f"<url><loc>https://a.test/{dice.random()}</loc></url>" for _ in range(2_000)]
    packed = gzip.compress((HEAD + "".join(noise) + "</urlset>").encode())
    sitemap = read_sitemap(packed[: len(packed) // 2], SINCE)
    assert 500 < len(sitemap.entries) < 1_500
    assert "truncated" in sitemap.problems[0]
    assert f"{len(sitemap.entries)} addresses could be read" in sitemap.problems


def test_a_list_of_addresses_is_a_sitemap_too() -> None:
    assert paths(b"https://a.test/1\nhttps://a.test/2\n") == ["1", "2"]


@pytest.mark.parametrize("body", [b"<html><p>gone", b"nothing here", b"\x1f\x8bgarbage"])
def test_what_is_no_sitemap_is_said_to_be_malformed(body: bytes) -> None:
    with pytest.raises(SourceError, match="malformed sitemap"):
        read_sitemap(body, SINCE)


def test_entities_are_refused() -> None:
    body = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc>'
    with pytest.raises(SourceError, match="entities"):
        read_sitemap(body, SINCE)


def test_a_gzip_bomb_is_cut_off() -> None:
    bomb = gzip.compress(HEAD.encode() + b" " * (65 * 1024 * 1024))
    with pytest.raises(SourceError, match="unpacks to more than"):
        read_sitemap(bomb, SINCE)


def test_robots_txt_names_sitemaps() -> None:
    body = (
        b"User-agent: *\nDisallow: /x\nSitemap: https://a.test/s.xml\nsitemap:https://a.test/n.xml"
    )
    assert robots_sitemaps(body) == ["https://a.test/s.xml", "https://a.test/n.xml"]


def test_the_address_of_an_entry_is_its_own_and_not_that_of_its_picture() -> None:
    body = (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        b"xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' "
        b"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>"
        b"<image:image><image:loc>https://a.test/x.jpg</image:loc>"
        b"<image:title>A caption</image:title></image:image>"
        b"<loc>https://a.test/story</loc>"
        b"<news:news><news:publication><news:name>Herald</news:name>"
        b"<news:language>zh-cn</news:language></news:publication>"
        b"<news:publication_date>2020-02-01T08:00:00+08:00</news:publication_date>"
        b"<news:title>Wuhan</news:title></news:news>"
        b"<image:image><image:loc>https://a.test/y.jpg</image:loc></image:image></url></urlset>"
    )
    (entry,) = read_sitemap(body, SINCE).entries
    assert (entry.url, entry.title, entry.language) == ("https://a.test/story", "Wuhan", "zh")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2020-02-01T00:00:00+00:00"


def test_what_is_read_of_one_sitemap_has_a_limit_in_number_and_in_bytes() -> None:
    body = HEAD.encode() + b"".join(
        b"<url><loc>https://a.test/%d</loc></url>" % number for number in range(100)
    )
    few = read_sitemap(body + b"</urlset>", SINCE, limit=10)
    short = read_sitemap(gzip.compress(body), SINCE, max_bytes=1_000)
    assert (len(few.entries), few.problems[0]) == (10, "more than 10 addresses")
    assert 0 < len(short.entries) < 100
    assert "unpacks to more than 1000 bytes" in short.problems[0]
