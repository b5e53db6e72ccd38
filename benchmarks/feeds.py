"""Feeds and sitemaps a second: our readers against feedparser and Scrapy's `Sitemap`, same run.

.venv/bin/python benchmarks/feeds.py

Feeds are of 100 items each, RSS and Atom by turns; the sitemap is a Google News sitemap of 10,000
addresses. By processor time, since the machine may be busy.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import feedparser
from scrapy.utils.sitemap import Sitemap

from ccgcii_news.feeds import read_feed
from ccgcii_news.sitemaps import read_sitemap

if TYPE_CHECKING:
    from collections.abc import Callable

ITEMS = 100
ADDRESSES = 10_000
LEAST = 3.0  # seconds of processor time that each contender runs
BASE = "https://www.herald.example"
DAY = date(2020, 1, 1)
WORDS = "A port opens a new line of ships and the city counts what it brings. " * 4


def rss() -> bytes:
    """Return an RSS feed of a hundred items."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{BASE}/2020/02/{n}-story</link>"
        f"<guid>{n}</guid><description>{WORDS}</description>"
        f"<pubDate>Sat, 01 Feb 2020 08:{n % 60:02}:00 GMT</pubDate></item>"
        for n in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Herald</title>{items}</channel></rss>".encode()


def atom() -> bytes:
    """Return an Atom feed of a hundred entries."""
    entries = "".join(
        f"<entry><title>Story {n}</title><link href='{BASE}/2020/02/{n}-story'/>"
        f"<id>{n}</id><summary>{WORDS}</summary>"
        f"<updated>2020-02-01T08:{n % 60:02}:00Z</updated></entry>"
        for n in range(ITEMS)
    )
    head = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Herald</title>"
    return f"{head}{entries}</feed>".encode()


def sitemap() -> bytes:
    """Return a Google News sitemap of ten thousand addresses."""
    urls = "".join(
        f"<url><loc>{BASE}/2020/02/{n}-story</loc><lastmod>2020-02-01T08:00:00Z</lastmod>"
        "<news:news><news:publication><news:name>Herald</news:name>"
        "<news:language>en</news:language></news:publication>"
        "<news:publication_date>2020-02-01T08:00:00Z</news:publication_date>"
        f"<news:title>Story {n}</news:title></news:news></url>"
        for n in range(ADDRESSES)
    )
    spaces = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    return f"<urlset {spaces}>{urls}</urlset>".encode()


def rate(work: Callable[[int], object]) -> float:
    """Return how often a second some work is done."""
    done, began = 0, time.process_time()
    while (took := time.process_time() - began) < LEAST:
        work(done)
        done += 1
    return done / took


def main() -> None:
    """Print feeds and addresses a second, and how many times the peer that is."""
    feeds, listed = (rss(), atom()), sitemap()
    assert len(read_feed(feeds[0], BASE)[0]) == len(read_feed(feeds[1], BASE)[0]) == ITEMS
    assert len(read_sitemap(listed, DAY).entries) == len(list(Sitemap(listed))) == ADDRESSES
    ours = rate(lambda turn: read_feed(feeds[turn % 2], BASE))
    peer = rate(lambda turn: feedparser.parse(feeds[turn % 2]))
    print(f"feeds of {ITEMS} items: ours {ours:,.0f}/s, feedparser {peer:,.0f}/s, ", end="")
    print(f"x {ours / peer:.1f}")
    ours = rate(lambda _: read_sitemap(listed, DAY)) * ADDRESSES
    peer = rate(lambda _: list(Sitemap(listed))) * ADDRESSES
    print(f"sitemap of {ADDRESSES:,} addresses ({len(listed) / 1e6:.1f} MB): ", end="")
    print(f"ours {ours:,.0f} addresses/s ({ADDRESSES / ours:.2f} s), Scrapy {peer:,.0f}, ", end="")
    print(f"x {ours / peer:.1f}")


if __name__ == "__main__":
    main()
