"""What makes the web a web: consent pages, endless calendars, loops, broken files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ccgcii.testing.world.feeds import rss
from ccgcii.testing.world.newsroom import PRIVATE
from ccgcii.testing.world.pages import link_list, plain_page, sidebar
from ccgcii.testing.world.phrases import read_data
from ccgcii.testing.world.resources import Resource, address
from ccgcii.testing.world.sitemaps import SITEMAP_PATH, urlset
from ccgcii.testing.world.sites import SITES, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii.testing.world.sites import Site
    from ccgcii.testing.world.stories import Story

Expectation = Literal[
    "dropped in validity",
    "dropped in relevance",
    "dropped in duplication",
    "dropped in noise",
    "never fetched",
    "fails, nothing stored",
    "what can be read is read",
    "fetched a bounded number of times",
]

CALENDAR_SITE = "emerald.example"
CALENDAR = re.compile(r"/calendar/(\d{4})/(\d{2})$")
BROKEN_FEED = "/feeds/broken.xml"
BROKEN_SITEMAP = "/sitemaps/broken.xml.gz"
KINDS = {"consent": "consent page", "missing": "soft 404"}
LISTED_ON = '<meta property="article:published_time" content="2020-12-30T08:00:00+00:00">\n'


@dataclass(frozen=True, slots=True)
class Trap:
    """Something on the web that must not mislead: where it is and what must become of it."""

    host: str
    path: str
    kind: str
    expect: Expectation


@dataclass(frozen=True, slots=True)
class SetTrap:
    """A trap with what lies there; `listed` traps stand in the site's sitemap."""

    trap: Trap
    resource: Resource | None
    listed: bool = True


def set_traps(stories: Sequence[Story]) -> Iterator[SetTrap]:
    """Set the traps that are pages of their own, around these stories."""
    yield from _pages_that_are_no_article(stories)
    yield from _failures()
    yield from _broken_files(stories)
    yield SetTrap(
        Trap(
            CALENDAR_SITE,
            "/calendar/2020/01",
            "endless calendar",
            "fetched a bounded number of times",
        ),
        calendar_page("/calendar/2020/01"),
        listed=False,
    )


def traps_of_stories(stories: Sequence[Story]) -> Iterator[Trap]:
    """Name the stories that are traps themselves."""
    expectations: dict[str, Expectation] = {
        "irrelevant": "dropped in relevance",
        "duplicate": "dropped in duplication",
        "outside window": "dropped in validity",
        "never fetched": "never fetched",
    }
    for story in stories:
        if story.fate != "kept" and story.kind != "elsewhere":
            kind = story.kind if story.fate == "irrelevant" else story.fate
            yield Trap(story.site.domain, story.path, kind, expectations[story.fate])


def robots_of(site: Site) -> Resource:
    """Return a site's robots.txt."""
    lines = ["User-agent: *"]
    private = PRIVATE.get(site.domain)
    lines.append(f"Disallow: {private}" if private else "Disallow:")
    if site.sitemap != "none":
        lines.append(f"Sitemap: {address(site.domain, SITEMAP_PATH)}")
    return Resource("\n".join(lines) + "\n", "text/plain; charset=utf-8")


def calendar_page(path: str) -> Resource | None:
    """Return a month of the endless calendar, None if the path is none of it."""
    found = CALENDAR.match(path)
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    following = f"/calendar/{year + month // 12}/{month % 12 + 1:02}"
    content = (
        f"<main><h1>Calendar {year}-{month:02}</h1><p>No events this month.</p>"
        f'<a rel="next" href="{following}">Next month</a></main>'
    )
    return plain_page(site_of(CALENDAR_SITE), f"Calendar {year}-{month:02}", content)


def _pages_that_are_no_article(stories: Sequence[Story]) -> Iterator[SetTrap]:
    words = read_data("traps.toml")
    for site in SITES:
        if site.sitemap == "none" and not site.sections:
            continue  # a feed lists articles only: nobody would come here
        own = [story for story in stories if story.site is site and story.fate == "kept"]
        # The cities in the links beside it let the page past a search of its bytes.
        beside = sidebar(site, own[:4])
        for kind, path in (("consent", "/news/consent-wall"), ("missing", "/news/moved-away")):
            title, text = (words[part][site.language] for part in (f"{kind}-title", kind))
            page = plain_page(site, title, f"<main><h1>{title}</h1><p>{text}</p></main>{beside}")
            yield SetTrap(Trap(site.domain, path, KINDS[kind], "dropped in validity"), page)
        title = words["list-title"][site.language]
        content = f"<main><h1>{title}</h1>{link_list(own[:60])}</main>"
        page = plain_page(site, title, content, head=LISTED_ON)
        yield SetTrap(
            Trap(site.domain, "/news/all-headlines", "link list", "dropped in noise"), page
        )


def _failures() -> Iterator[SetTrap]:
    site = site_of("herald.example")
    gone = plain_page(site, "Not found", "<main><h1>Not found</h1></main>", status=404)
    broken = plain_page(site, "Error", "<main><h1>Internal error</h1></main>", status=500)
    cut = plain_page(site, "Cut", "<main><p>The end is missing.</p></main>", truncate_to=200)
    for path, kind, resource in (
        ("/news/gone", "404", gone),
        ("/news/broken", "500", broken),
        ("/news/cut", "broken connection", cut),
        ("/loop/a", "redirect loop", _redirect(site, "/loop/b")),
        ("/loop/b", "redirect loop", _redirect(site, "/loop/a")),
    ):
        trap = Trap(site.domain, path, kind, "fails, nothing stored")
        yield SetTrap(trap, resource, listed=path != "/loop/b")


def _redirect(site: Site, path: str) -> Resource:
    return Resource("", status=302, headers={"Location": address(site.domain, path)})


def _broken_files(stories: Sequence[Story]) -> Iterator[SetTrap]:
    """Break a feed and a sitemap; what they list is listed elsewhere too."""
    site = site_of("courier.example")
    whole = rss(site, [story for story in stories if story.site is site][:10]).text
    malformed = whole[: int(len(whole) * 0.8)].replace("</title>", " & <b></title>", 3)
    yield SetTrap(
        Trap(site.domain, BROKEN_FEED, "malformed feed", "what can be read is read"),
        Resource(malformed, "application/rss+xml; charset=utf-8"),
        listed=False,
    )
    site = site_of("tribune.example")
    own = [story for story in stories if story.site is site]
    sitemap = urlset(own, lambda story: f"{story.published_at:%Y-%m-%d}")
    yield SetTrap(
        Trap(site.domain, BROKEN_SITEMAP, "truncated gzip sitemap", "what can be read is read"),
        Resource(sitemap.text, "application/gzip", gzipped=True, keep=0.5),
        listed=False,
    )
