"""Feeds as they are met: RSS, Atom, broken, hostile."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from ccgcii import SourceError
from ccgcii_news.feeds import read_feed

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<language>en-US</language>
<item><title>First</title><link>/one?utm_source=rss</link>
<pubDate>Tue, 04 Feb 2020 08:00:00 +0800</pubDate></item>
<item><title>No link</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh"><title>t</title>
<entry><title>武汉的春天</title><link href="https://a.test/2"/><updated>2020-03-01T12:00:00Z</updated>
</entry></feed>""".encode()


def test_rss_gives_link_title_moment_in_utc_and_language() -> None:
    (entry,), problem = read_feed(RSS, "https://a.test/feed")
    assert problem is None
    assert entry.url == "https://a.test/one?utm_source=rss"
    assert entry.title == "First"
    assert entry.published_at == datetime(2020, 2, 4, 0, 0, tzinfo=UTC)
    assert entry.language == "en"


def test_atom_gives_the_same() -> None:
    (entry,), _ = read_feed(ATOM, "https://a.test/feed")
    assert (entry.url, entry.title) == ("https://a.test/2", "武汉的春天")
    assert entry.published_at == datetime(2020, 3, 1, 12, tzinfo=UTC)


def test_a_feed_that_breaks_off_gives_what_it_holds_and_says_so() -> None:
    broken = RSS[: RSS.index(b"<item><title>No")]
    entries, problem = read_feed(broken, "https://a.test/feed")
    assert [entry.title for entry in entries] == ["First"]
    assert problem is not None
    assert problem.startswith("malformed feed: ")
    assert problem.endswith("; 1 entries could be read")


@pytest.mark.parametrize("body", [b"", b"this is not a feed", b"<html><p>Not found</p></html>"])
def test_what_is_no_feed_is_said_to_be_malformed(body: bytes) -> None:
    with pytest.raises(SourceError, match="malformed feed"):
        read_feed(body, "https://a.test/feed")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_with_entities_is_refused(encoding: str) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>'
    with pytest.raises(SourceError, match="entities"):
        read_feed(lol.encode(encoding), "https://a.test/feed")


def test_a_body_that_is_an_address_or_a_path_is_neither_fetched_nor_opened() -> None:
    for body in (b"http://127.0.0.1:1/feed", b"/etc/passwd"):
        with pytest.raises(SourceError, match="malformed feed"):
            read_feed(body, "https://a.test/feed")


def test_an_entity_of_html_costs_no_ampersand_of_an_address() -> None:
    body = (
        b"<rss version='2.0'><channel><item><title>a&nbsp;b</title>"
        b"<link>https://a.example/1?a=1&amp;b=2</link></item></channel></rss>"
    )
    entries, problem = read_feed(body, "https://a.example/feed")
    assert [entry.url for entry in entries] == ["https://a.example/1?a=1&b=2"]
    assert problem is not None
    assert "nbsp" in problem


def test_a_feed_that_is_a_gzip_file_is_read() -> None:
    body = b"<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>"
    entries, problem = read_feed(gzip.compress(body), "https://a.example/feed.gz")
    assert ([entry.url for entry in entries], problem) == (["https://a.example/1"], None)
