"""Sitemaps of the world's sites: by month, by day, flat, for news, compressed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ccgcii.testing.world.resources import Resource, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ccgcii.testing.world.sites import Site
    from ccgcii.testing.world.stories import Story

SITEMAP_PATH = "/sitemap.xml"
NEWS_PATH = "/sitemaps/news.xml"
XML_TYPE = "application/xml; charset=utf-8"
GZIP_TYPE = "application/gzip"
SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_NS = "http://www.google.com/schemas/sitemap-news/0.9"
REBUILT = "2021-01-31"
MONTH, DAY = "%Y-%m", "%Y-%m-%d"


def sitemaps_of(site: Site, stories: Sequence[Story]) -> dict[str, Resource]:
    """Return a site's sitemaps by path, the first one at `SITEMAP_PATH`; empty if it has none."""
    match site.sitemap:
        case "monthly":
            maps = _index(site, stories, MONTH, extra={NEWS_PATH: _news(_newest(stories, 20))})
        case "monthly-gz":
            maps = _index(site, stories, MONTH, gzipped=True)
        case "daily":
            maps = _index(site, stories, DAY)
        case "news":
            maps = {SITEMAP_PATH: _news(stories)}
        case "flat":
            maps = {SITEMAP_PATH: urlset(stories, lambda _: "")}
        case "always-new":
            maps = {SITEMAP_PATH: urlset(stories, lambda _: REBUILT)}
        case "none":
            maps = {}
    return maps


def urlset(
    stories: Iterable[Story], modified: Callable[[Story], str], *, gzipped: bool = False
) -> Resource:
    """Return a plain sitemap; `modified` gives each story's lastmod, empty for none."""
    return listing(
        [(address(s.site.domain, s.path), modified(s)) for s in stories], gzipped=gzipped
    )


def listing(links: Iterable[tuple[str, str]], *, gzipped: bool = False) -> Resource:
    """Return a plain sitemap of (address, lastmod or empty)."""
    return _document("urlset", "url", links, gzipped=gzipped)


def _index(
    site: Site,
    stories: Sequence[Story],
    period: str,
    *,
    gzipped: bool = False,
    extra: dict[str, Resource] | None = None,
) -> dict[str, Resource]:
    parts: dict[str, list[Story]] = {}
    for story in sorted(stories, key=lambda story: story.published_at):
        parts.setdefault(f"{story.published_at:{period}}", []).append(story)
    ending = "xml.gz" if gzipped else "xml"
    maps = {
        f"/sitemaps/{name}.{ending}": urlset(part, _lastmod, gzipped=gzipped)
        for name, part in parts.items()
    }
    last = [_lastmod(part[-1]) for part in parts.values()]
    links = [
        (address(site.domain, path), lastmod) for path, lastmod in zip(maps, last, strict=True)
    ]
    links += [(address(site.domain, path), REBUILT) for path in extra or ()]
    return {SITEMAP_PATH: index(links), **maps, **(extra or {})}


def index(links: Iterable[tuple[str, str]]) -> Resource:
    """Return a sitemap index of (address, lastmod or empty)."""
    return _document("sitemapindex", "sitemap", links)


def _document(
    root: str, element: str, links: Iterable[tuple[str, str]], *, gzipped: bool = False
) -> Resource:
    lines = []
    for link, lastmod in links:
        modified = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        lines.append(f"<{element}><loc>{escape(link)}</loc>{modified}</{element}>")
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAP_NS}">\n'
    text += "\n".join(lines) + f"\n</{root}>\n"
    return Resource(text, GZIP_TYPE if gzipped else XML_TYPE, gzipped=gzipped)


def _news(stories: Sequence[Story]) -> Resource:
    lines = [
        f"<url><loc>{address(story.site.domain, story.path)}</loc><news:news><news:publication>"
        f"<news:name>{escape(story.site.name)}</news:name>"
        f"<news:language>{story.site.language}</news:language></news:publication>"
        f"<news:publication_date>{story.published_at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>"
        for story in stories
    ]
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP_NS}" '
        f'xmlns:news="{NEWS_NS}">\n' + "\n".join(lines) + "\n</urlset>\n"
    )
    return Resource(text, XML_TYPE)


def _newest(stories: Sequence[Story], count: int) -> list[Story]:
    return sorted(stories, key=lambda story: story.published_at, reverse=True)[:count]


def _lastmod(story: Story) -> str:
    return f"{story.published_at:%Y-%m-%dT%H:%M:%S+00:00}"
