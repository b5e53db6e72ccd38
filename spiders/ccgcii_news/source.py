"""The news source: a slice a feed, a sitemap, a section; articles become pages to be cleaned."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import scrapy
from pydantic import Field, field_validator
from scrapy.http import TextResponse

from ccgcii import Slice, Source, SourceError
from ccgcii_news.choices import check_address, choose_listings
from ccgcii_news.feeds import Entry, read_feed
from ccgcii_news.links import absolute, domain_of, is_page, looks_like_article, tidy
from ccgcii_news.sitemaps import MAX_ENTRIES, read_sitemap, robots_sitemaps

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

        `feeds`, `sitemaps` (one may be a robots.txt, whose `Sitemap:` lines are followed) and
        `sections` are addresses. `catalogue` adds those of the study's outlets, narrowed to some
        `tiers`, `countries` and `languages`, or to `outlets` by domain; it is on if no address is
        listed or if it is narrowed. Of an outlet that has neither feed nor sitemap the front page
        is read, unless `front_pages` is off. `max_pages` is the most new requests that one listing
        may cost in a crawl; `depth` how many listings deep sitemaps and sections are followed;
        `sitemap_entries` and `sitemap_megabytes` (unpacked) what is read of one sitemap.
        """

        feeds: list[str] = Field(default_factory=list)
        sitemaps: list[str] = Field(default_factory=list)
        sections: list[str] = Field(default_factory=list)
        catalogue: bool | None = None
        tiers: list[int] = Field(default_factory=list)
        countries: list[str] = Field(default_factory=list)
        languages: list[str] = Field(default_factory=list)
        outlets: list[str] = Field(default_factory=list)
        front_pages: bool = True
        max_pages: int = Field(1_000, ge=1)
        depth: int = Field(2, ge=0)
        sitemap_entries: int = Field(MAX_ENTRIES, ge=1)
        sitemap_megabytes: float = Field(64, gt=0)

        @field_validator("feeds", "sitemaps", "sections")
        @classmethod
        def _are_addresses(cls, urls: list[str]) -> list[str]:
            for url in urls:
                check_address(url)
            return urls

        @field_validator("tiers")
        @classmethod
        def _are_tiers(cls, tiers: list[int]) -> list[int]:
            if not set(tiers) <= {1, 2, 3}:
                raise ValueError("tiers are 1 (the world), 2 (a nation) and 3 (local or niche)")
            return tiers

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.max_pages

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each listing; each is read again by every crawl."""
        return [
            Slice(
                f"{kind}:{url}",
                {"kind": kind, "url": url, **({"level": level} if level else {})},
                requests_estimated=self.budget,
                polls=True,
            )
            for kind, url, level in choose_listings(self.options, plan.outlets)
        ]

    def reads_by(self) -> dict[str, Any]:
        """Read listings anew when the window or the depth changes, not for another feed."""
        return {
            "since": self.plan.since.isoformat(),
            "until": self.plan.until.isoformat(),
            "depth": self.options.depth,
            "entries": self.options.sitemap_entries,
            "megabytes": self.options.sitemap_megabytes,
        }

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask for the listing."""
        payload = piece.payload
        yield self._listing(payload["kind"], payload["url"], payload.get("level", 0))

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
        options = self.options
        bytes_read = int(options.sitemap_megabytes * 1_000_000)
        sitemap = read_sitemap(response.body, self.plan.since, options.sitemap_entries, bytes_read)
        if sitemap.problems:
            yield self.note("; ".join(sitemap.problems))
        yield from self._sitemaps(response, sitemap.children, level)
        site = domain_of(response.url)
        yield from self._articles(one for one in sitemap.entries if domain_of(one.url) == site)

    def parse_section(self, response: Response, level: int) -> Iterator[Any]:
        """Follow a section's articles, and its further pages `depth` deep."""
        if not isinstance(response, TextResponse):
            raise SourceError("a section must be an HTML page")
        base, site = response.urljoin(""), domain_of(response.url)
        found = (absolute(base, one) for one in response.css("a::attr(href)").getall())
        tidied = dict.fromkeys(tidy(url) for url in found if url)
        links = [url for url in tidied if url and domain_of(url) == site]
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
        for told in urls:
            url = absolute(response.url, told)
            if url and domain_of(url) == site:
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
