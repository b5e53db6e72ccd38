"""The news sites of the world: who they are, what they look like, how their pages are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Look = Literal["classic", "magazine", "portal"]
DateStyle = Literal["jsonld", "meta", "time", "url", "text"]
SitemapStyle = Literal["none", "monthly", "monthly-gz", "daily", "flat", "news", "always-new"]
FeedStyle = Literal["none", "rss", "rss-undated", "atom"]

DATED_PATH = "/{year}/{month:02}/{day:02}/{slug}-{number}"
SLUG_PATH = "/news/{slug}-{number}"
NUMBER_PATH = "/article/{number}.html"
MONTH_PATH = "/{year}-{month:02}/{day:02}/c_{number}.htm"


@dataclass(frozen=True, slots=True)
class Site:
    """A news site.

    `dates` says where its pages tell their day: JSON-LD, meta elements, `<time>`, only in the
    address, or only in the visible text. `feed_items` is how many the feed holds, newest first
    (0 is all of them); a site without sitemaps and feeds is found through its `sections`.
    `tracked` feeds add campaign parameters to their links.
    """

    domain: str
    name: str
    country: str
    language: str
    tier: int
    look: Look
    dates: DateStyle
    path: str
    sitemap: SitemapStyle = "none"
    feed: FeedStyle = "none"
    feed_items: int = 40
    tracked: bool = False
    related: bool = False
    sections: tuple[str, ...] = ()
    encoding: str = "utf-8"


SITES: tuple[Site, ...] = (
    Site("herald.example", "The Daily Herald", "US", "en", 1, "classic", "jsonld", SLUG_PATH,
         sitemap="monthly", feed="rss", related=True),
    Site("courier.example", "London Courier", "GB", "en", 1, "magazine", "jsonld", DATED_PATH,
         feed="rss", feed_items=0, tracked=True),
    Site("tribune.example", "Sydney Tribune", "AU", "en", 2, "classic", "meta", NUMBER_PATH,
         sitemap="monthly-gz", related=True),
    Site("maplepost.example", "Maple Post", "CA", "en", 2, "magazine", "meta", SLUG_PATH,
         sitemap="flat", feed="atom", tracked=True),
    Site("straitsmail.example", "Straits Mail", "SG", "en", 2, "classic", "time", SLUG_PATH,
         sitemap="daily"),
    Site("savannah.example", "Savannah Standard", "KE", "en", 3, "magazine", "url", DATED_PATH,
         sitemap="always-new", feed="rss-undated"),
    Site("deccan.example", "Deccan Observer", "IN", "en", 2, "classic", "text", NUMBER_PATH,
         sitemap="news"),
    Site("emerald.example", "Emerald Weekly", "IE", "en", 3, "magazine", "time", SLUG_PATH,
         related=True, sections=("/world/", "/business/", "/life/")),
    Site("capewire.example", "Cape Wire", "ZA", "en", 3, "classic", "meta", DATED_PATH,
         feed="atom", feed_items=0),
    Site("berlinletter.example", "Berlin Letter", "DE", "en", 2, "magazine", "jsonld", SLUG_PATH,
         sitemap="monthly-gz"),
    Site("orient.example", "Orient Bulletin", "CN", "en", 1, "classic", "text", DATED_PATH,
         sitemap="monthly", related=True),
    Site("xingzhou.example", "星洲新报", "SG", "zh", 2, "portal", "meta", NUMBER_PATH,
         sitemap="monthly", feed="rss"),
    Site("nanyangren.example", "南洋人报", "MY", "zh", 3, "classic", "url", MONTH_PATH,
         feed="rss-undated", feed_items=0),
    Site("tangren.example", "唐人新闻网", "US", "zh", 3, "portal", "text", NUMBER_PATH,
         sitemap="monthly-gz", related=True, encoding="gb18030"),
    Site("huabao.example", "华报在线", "CN", "zh", 1, "portal", "jsonld", MONTH_PATH,
         sitemap="flat", feed="atom"),
)  # fmt: skip


def site_of(domain: str) -> Site:
    """Return a site by its domain."""
    return next(site for site in SITES if site.domain == domain)
