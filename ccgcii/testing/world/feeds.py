"""RSS and Atom feeds of the world's sites."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from ccgcii.testing.world.resources import Resource, address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.testing.world.sites import Site
    from ccgcii.testing.world.stories import Story

RSS_PATH, ATOM_PATH = "/feeds/rss.xml", "/feeds/atom.xml"
TRACKING = "?utm_source=feed&utm_medium=rss&utm_campaign=world"
RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"


def feed_path(site: Site) -> str | None:
    """Return the path of a site's feed, None if it has none."""
    if site.feed == "none":
        return None
    return ATOM_PATH if site.feed == "atom" else RSS_PATH


def feed_of(site: Site, stories: Sequence[Story]) -> Resource:
    """Return a site's feed, newest first."""
    newest = sorted(stories, key=lambda story: story.published_at, reverse=True)
    shown = newest[: site.feed_items or None]
    return _atom(site, shown) if site.feed == "atom" else rss(site, shown)


def link_in_feed(story: Story) -> str:
    """Return a story's address as the feed of its site gives it."""
    link = address(story.site.domain, story.path)
    return link + TRACKING if story.site.tracked else link


def rss(site: Site, stories: Sequence[Story]) -> Resource:
    """Return an RSS 2.0 feed of these stories."""
    items = "\n".join(_rss_item(story) for story in stories)
    home = address(site.domain, "/")
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>{escape(site.name)}</title><link>{home}</link><description>{escape(site.name)}</description>
<language>{site.language}</language>
{items}
</channel></rss>
"""
    return Resource(text, RSS_TYPE)


def _rss_item(story: Story) -> str:
    link = escape(link_in_feed(story))
    dated = story.site.feed == "rss"
    date = f"<pubDate>{format_datetime(story.published_at)}</pubDate>" if dated else ""
    return (
        f"<item><title>{escape(story.title)}</title><link>{link}</link>{date}"
        f'<guid isPermaLink="false">{story.site.domain}-{story.number}</guid>'
        f"<description>{escape(story.paragraphs[0])}</description></item>"
    )


def _atom(site: Site, stories: Sequence[Story]) -> Resource:
    entries = "\n".join(_atom_entry(story) for story in stories)
    updated = f"<updated>{_moment(stories[0])}</updated>" if stories else ""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">
<title>{escape(site.name)}</title><id>tag:{site.domain},2020:feed</id>{updated}
{entries}
</feed>
"""
    return Resource(text, ATOM_TYPE)


def _atom_entry(story: Story) -> str:
    return (
        f"<entry><title>{escape(story.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(link_in_feed(story))}"/>'
        f"<id>tag:{story.site.domain},2020:{story.number}</id>"
        f"<published>{_moment(story)}</published><updated>{_moment(story)}</updated>"
        f"<summary>{escape(story.paragraphs[0])}</summary></entry>"
    )


def _moment(story: Story) -> str:
    return story.published_at.isoformat().replace("+00:00", "Z")
