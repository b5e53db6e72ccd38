"""The news source: a slice a feed, a sitemap, a section; articles become pages to be cleaned."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import scrapy
from pydantic import Field
from scrapy.http import TextResponse

from ccgcii import ConfigError, Slice, Source, SourceError
from ccgcii_news.feeds import Entry, read_feed
from ccgcii_news.links import domain_of, is_page, looks_like_article, tidy
from ccgcii_news.sitemaps import read_sitemap, robots_sitemaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scrapy.http import Response

    from ccgcii import Plan

# Listings go first, so that a crawl that ends early has seen every outlet.
LISTING = 10


class News(Source):
    """News through feeds, sitemaps and section pages; only articles are kept."""

    name = "news"

    class Options(Source.Options):
        """`[sources.news]`.

        With no address at all, the feeds and sitemaps of the study's outlets are read. `sitemaps`
        may name a robots.txt, whose `Sitemap:` lines are followed. `max_pages` is the most
        requests that one feed, sitemap or section may cost in a crawl; `depth` how many listings
        deep sitemaps and sections are followed.
        """

        feeds: list[str] = Field(default_factory=list)
        sitemaps: list[str] = Field(default_factory=list)
        sections: list[str] = Field(default_factory=list)
        max_pages: int = Field(1_000, ge=1)
        depth: int = Field(2, ge=0)

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.max_pages

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each listing; each is read again by every crawl."""
        listings = {
            "feed": list(self.options.feeds),
            "sitemap": list(self.options.sitemaps),
            "section": list(self.options.sections),
        }
        if not any(listings.values()):
            listings["feed"] = [url for one in plan.outlets.values() for url in one.feeds]
            listings["sitemap"] = [url for one in plan.outlets.values() for url in one.sitemaps]
        if not any(listings.values()):
            raise ConfigError(
                "[sources.news] names no feeds, sitemaps or sections, and no outlet of the study "
                "has any; add `feeds = [...]`"
            )
        return [
            Slice(
                f"{kind}:{url}",
                {"kind": kind, "url": url},
                requests_estimated=self.budget,
                polls=True,
            )
            for kind, urls in listings.items()
            for url in dict.fromkeys(urls)
        ]

    def reads_by(self) -> dict[str, Any]:
        """Read listings anew when the window or the depth changes, not for another feed."""
        return {
            "since": self.plan.since.isoformat(),
            "until": self.plan.until.isoformat(),
            "depth": self.options.depth,
        }

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask for the listing."""
        yield self._listing(piece.payload["kind"], piece.payload["url"], 0)

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """Follow what a feed names inside the window."""
        entries, problem = read_feed(response.body, response.url)
        if problem:
            yield self.note(problem)
        yield from self._articles(entries)

    def parse_sitemap(self, response: Response, level: int) -> Iterator[Any]:
        """Follow what a sitemap, an index of them or a robots.txt names inside the window."""
        if response.url.endswith("/robots.txt"):
            yield from self._sitemaps(response, robots_sitemaps(response.body), level)
            return
        sitemap = read_sitemap(response.body, self.plan.since)
        if sitemap.problems:
            yield self.note("; ".join(sitemap.problems))
        yield from self._sitemaps(response, sitemap.children, level)
        site = domain_of(response.url)
        yield from self._articles(one for one in sitemap.entries if domain_of(one.url) == site)

    def parse_section(self, response: Response, level: int) -> Iterator[Any]:
        """Follow a section's articles, and its further pages `depth` deep."""
        if not isinstance(response, TextResponse):
            raise SourceError("a section must be an HTML page")
        site = domain_of(response.url)
        found = (tidy(response.urljoin(one)) for one in response.css("a::attr(href)").getall())
        links = [url for url in dict.fromkeys(found) if url and domain_of(url) == site]
        yield from self._articles(Entry(url) for url in links if looks_like_article(url))
        if level < self.options.depth:
            further = (url for url in links if is_page(url) and not looks_like_article(url))
            for url in further:
                yield self._listing("section", url, level + 1)

    def parse_article(
        self,
        response: Response,
        title: str | None = None,
        published_at: str | None = None,
        language: str | None = None,
    ) -> Iterator[Any]:
        """Keep an article as it is."""
        if not isinstance(response, TextResponse):
            raise SourceError("not a page of text")
        yield self.page(
            response,
            title=title,
            published_at=datetime.fromisoformat(published_at) if published_at else None,
            language=language,
            outlet=domain_of(response.url),
        )

    def _listing(self, kind: str, url: str, level: int) -> scrapy.Request:
        callbacks: dict[str, Callable[..., Any]] = {
            "feed": self.parse_feed,
            "sitemap": self.parse_sitemap,
            "section": self.parse_section,
        }
        known = {} if kind == "feed" else {"level": level}
        return self.listing(url, callbacks[kind], cb_kwargs=known, priority=LISTING - level)

    def _sitemaps(
        self, response: Response, urls: Iterable[str], level: int
    ) -> Iterator[scrapy.Request]:
        site = domain_of(response.url)
        if level >= self.options.depth:
            return
        for url in urls:
            if domain_of(url) == site:
                yield self._listing("sitemap", url, level + 1)

    def _articles(self, entries: Iterable[Entry]) -> Iterator[scrapy.Request]:
        for entry in entries:
            url = tidy(entry.url)
            if url is None or not self._in_window(entry.published_at):
                continue
            known = {
                "title": entry.title,
                "published_at": entry.published_at.isoformat() if entry.published_at else None,
                "language": entry.language,
            }
            known = {name: value for name, value in known.items() if value}
            yield scrapy.Request(url, self.parse_article, cb_kwargs=known)

    def _in_window(self, moment: datetime | None) -> bool:
        """Say whether a moment may lie in the window; one that is not told may."""
        return moment is None or self.plan.since <= moment.date() <= self.plan.until
