"""The world's web: which resource lies at which host and path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.testing.world.feeds import feed_of, feed_path
from ccgcii.testing.world.newsroom import PRIVATE
from ccgcii.testing.world.pages import article_page, link_list, plain_page
from ccgcii.testing.world.resources import address
from ccgcii.testing.world.sitemaps import SITEMAP_PATH, listing, sitemaps_of
from ccgcii.testing.world.sites import SITES
from ccgcii.testing.world.traps import BROKEN_SITEMAP, CALENDAR_SITE, SetTrap, robots_of, set_traps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii.testing.world.resources import Resource
    from ccgcii.testing.world.sites import Site
    from ccgcii.testing.world.stories import Story

RELATED = 5
PAGE_OF_SECTION = 15
ODD_PATH = "/sitemaps/odd.xml"

Web = dict[tuple[str, str], "Resource"]


def weave(stories: Sequence[Story]) -> Web:
    """Lay out everything that can be asked for."""
    traps = list(set_traps(stories))
    web: Web = {
        (each.trap.host, each.trap.path): each.resource
        for each in traps
        if each.resource is not None
    }
    for site in SITES:
        own = [story for story in stories if story.site is site]
        here = [each for each in traps if each.trap.host == site.domain and each.listed]
        for path, resource in _site_paths(site, own, here):
            web[site.domain, path] = resource
    return web


def _site_paths(
    site: Site, stories: Sequence[Story], traps: Sequence[SetTrap]
) -> Iterator[tuple[str, Resource]]:
    for place, story in enumerate(stories):
        related = _neighbours(stories, place) if site.related else ()
        yield story.path, article_page(story, related)
    public = [story for story in stories if story.fate != "never fetched"]
    yield "/robots.txt", robots_of(site)
    for name in ("about", "terms"):
        yield f"/{name}", plain_page(site, site.name, f"<main><p>{site.name}: {name}</p></main>")
    yield "/", plain_page(site, site.name, f"<main>{link_list(_newest(public)[:20])}</main>")
    path = feed_path(site)
    if path is not None:
        yield path, feed_of(site, public)
    yield from _sitemaps(site, stories, traps).items()
    yield from _sections(site, stories, traps)


def _neighbours(stories: Sequence[Story], place: int) -> list[Story]:
    """Return the stories after this one, from the first again after the last."""
    order = [stories[(place + step) % len(stories)] for step in range(1, RELATED + 3)]
    public = [story for story in order if story.fate != "never fetched"]
    return public[:RELATED]


def _newest(stories: Sequence[Story]) -> list[Story]:
    return sorted(stories, key=lambda story: story.published_at, reverse=True)


def _sitemaps(
    site: Site, stories: Sequence[Story], traps: Sequence[SetTrap]
) -> dict[str, Resource]:
    """Return the site's sitemaps, and one of its odd pages."""
    maps = sitemaps_of(site, stories)
    if not maps:
        return maps
    links = [address(site.domain, each.trap.path) for each in traps]
    maps[ODD_PATH] = listing([(link, "") for link in links])
    return maps


def entry_sitemaps(site: Site) -> tuple[str, ...]:
    """Return the paths of the sitemaps that a study of this site starts from."""
    if site.sitemap == "none":
        return ()
    broken = (BROKEN_SITEMAP,) if site.domain == "tribune.example" else ()
    return (SITEMAP_PATH, ODD_PATH, *broken)


def _sections(
    site: Site, stories: Sequence[Story], traps: Sequence[SetTrap]
) -> Iterator[tuple[str, Resource]]:
    """Give a site without sitemap and feed its section pages, newest first, page by page."""
    for place, section in enumerate(site.sections):
        here = _newest(stories)[place :: len(site.sections)]
        pages = [here[i : i + PAGE_OF_SECTION] for i in range(0, len(here), PAGE_OF_SECTION)]
        for number, page in enumerate(pages, 1):
            path = section if number == 1 else f"{section}?page={number}"
            older = f"{section}?page={number + 1}" if number < len(pages) else ""
            odd = traps if (number, place) == (1, 0) else ()
            yield path, plain_page(site, section.strip("/"), _section(site, page, older, odd))


def _section(site: Site, page: Sequence[Story], older: str, traps: Sequence[SetTrap]) -> str:
    links = [link_list(page)]
    links += [
        f'<li><a href="{each.trap.path}">What our readers say of a {each.trap.kind}</a></li>'
        for each in traps
    ]
    if site.domain == CALENDAR_SITE:
        links.append('<a href="/calendar/2020/01">Calendar</a>')
    if site.domain in PRIVATE:
        links.append(f'<a href="{PRIVATE[site.domain]}">Subscribers only</a>')
    if older:
        links.append(f'<a rel="next" href="{older}">Older</a>')
    return "<main>" + "\n".join(links) + "</main>"
