from __future__ import annotations

import gzip
import http.client
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import fastfeedparser
import pytest
from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.testing import LoopbackServer, World
    from ccgcii.testing.world import Story

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LASTMOD = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"


class Client:
    """A browser of sorts: one connection, any host of the world."""

    def __init__(self, server: LoopbackServer) -> None:
        self.port = server.port
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

    def get(self, host: str, path: str) -> tuple[int, dict[str, str], bytes]:
        self._connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        response = self._connection.getresponse()
        return response.status, dict(response.headers), response.read()

    def get_url(self, url: str) -> bytes:
        parts = urlsplit(url)
        assert parts.port == self.port, url
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        status, _, body = self.get(parts.hostname or "", path)
        assert status == 200, url
        return body

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def client(server: LoopbackServer) -> Iterator[Client]:
    browser = Client(server)
    yield browser
    browser.close()


def sitemap_entries(body: bytes) -> list[tuple[str, str]]:
    tree = etree.fromstring(body)
    return [(node.findtext(LOCATION), node.findtext(LASTMOD) or "") for node in tree]


def links_found_from(client: Client, world: World) -> dict[str, set[str]]:
    """Follow feeds, sitemaps and sections of every site; return the article paths by domain."""
    found: dict[str, set[str]] = {site.domain: set() for site in world.sites}
    for site in world.sites:
        urls: set[str] = set()
        robots = client.get(site.domain, "/robots.txt")[2].decode()
        for start in re.findall(r"Sitemap: (\S+)", robots):
            for url, _ in sitemap_entries(client.get_url(start)):
                if "/sitemaps/" not in url:
                    urls.add(url)
                    continue
                body = client.get_url(url)
                body = gzip.decompress(body) if url.endswith(".gz") else body
                urls |= {entry for entry, _ in sitemap_entries(body)}
        if site.feed != "none":
            path = "/feeds/atom.xml" if site.feed == "atom" else "/feeds/rss.xml"
            body = client.get_url(f"http://{site.domain}:{client.port}{path}")
            urls |= {entry.link for entry in fastfeedparser.parse(body).entries}
        for section in site.sections:
            urls |= section_links(client, site.domain, section)
        found[site.domain] = {urlsplit(url).path for url in urls}
    return found


def section_links(client: Client, domain: str, section: str) -> set[str]:
    links: set[str] = set()
    following: str | None = section
    while following:
        tree = html.fromstring(client.get(domain, following)[2])
        links |= set(tree.xpath("//li/a/@href"))
        following = next(
            iter(tree.xpath(f"//a[@rel='next'][contains(@href, '{section}')]/@href")), None
        )
    return links


def test_every_article_is_served_with_its_title_and_text(client: Client, world: World) -> None:
    for story in world.stories:
        status, _, body = client.get(story.site.domain, story.path)
        assert status == 200
        tree = html.fromstring(body.decode(story.site.encoding))
        assert tree.findtext(".//h1") == story.title
        paragraphs = [node.text for node in tree.iter("p")]
        assert set(story.paragraphs) <= set(paragraphs), story.key


def test_every_article_can_be_found_through_feeds_sitemaps_or_sections(
    client: Client, world: World
) -> None:
    found = links_found_from(client, world)
    for story in world.stories:
        hidden = story.fate == "never fetched" and story.site.sitemap == "none"
        assert hidden or story.path in found[story.site.domain], story.key


def test_feeds_give_titles_and_dates_where_they_have_them(client: Client, world: World) -> None:
    by_key = {story.key: story for story in world.stories}
    for site in world.sites:
        if site.feed == "none":
            continue
        path = "/feeds/atom.xml" if site.feed == "atom" else "/feeds/rss.xml"
        entries = fastfeedparser.parse(client.get(site.domain, path)[2]).entries
        assert len(entries) >= 30
        for entry in entries:
            story = by_key[site.domain + urlsplit(entry.link).path]
            assert entry.title == story.title
            assert ("utm_source" in entry.link) == site.tracked
            if site.feed == "rss-undated":
                assert not entry.get("published")
            else:
                assert entry.published.startswith(story.published_at.strftime("%Y-%m-%dT%H:%M"))


def test_sitemap_indexes_say_what_is_old(client: Client) -> None:
    entries = sitemap_entries(client.get("herald.example", "/sitemap.xml")[2])
    months = {url: lastmod for url, lastmod in entries if "/2019-" in url}
    assert months
    assert all(lastmod.startswith("2019-12") for lastmod in months.values())


def test_a_news_sitemap_names_publication_and_date(client: Client, world: World) -> None:
    body = client.get("deccan.example", "/sitemap.xml")[2].decode()
    stories = [story for story in world.stories if story.site.domain == "deccan.example"]
    assert body.count("<news:publication_date>") == len(stories)
    assert all(story.published_at.isoformat() in body for story in stories)


def date_is_told_by(story: Story, body: str) -> bool:
    day = story.published_at
    match story.site.dates:
        case "jsonld":
            return f'"datePublished": "{day:%Y-%m-%d}' in body
        case "meta":
            return f'article:published_time" content="{day:%Y-%m-%d}' in body
        case "time":
            return f'<time datetime="{day:%Y-%m-%d}' in body
        case "url":
            return f"{day.year}" in story.path and f"{day.month:02}/{day.day:02}/" in story.path
        case "text":
            chinese = f"{day.year}年{day.month}月{day.day}日"
            return chinese in body or f"Published {day.day} {day:%B %Y}" in body


def test_each_page_tells_its_day_in_the_manner_of_its_site(client: Client, world: World) -> None:
    seen = set()
    for story in world.stories[:300]:
        body = client.get(story.site.domain, story.path)[2].decode(story.site.encoding)
        seen.add(story.site.dates)
        if story.site.dates != "url" or story.site.language == "en":
            assert date_is_told_by(story, body), story.key
    assert seen == {"jsonld", "meta", "time", "url", "text"}


def test_tracking_parameters_lead_to_the_same_page(client: Client, world: World) -> None:
    story = next(story for story in world.stories if story.site.tracked)
    plain = client.get(story.site.domain, story.path)
    assert client.get(story.site.domain, story.path + "?utm_source=feed") == plain


def test_an_unknown_host_or_path_is_not_found(client: Client) -> None:
    assert client.get("nowhere.example", "/")[0] == 404
    assert client.get("herald.example", "/no/such/page")[0] == 404


def test_traps_do_what_they_are_there_for(client: Client, world: World) -> None:
    kinds = {trap.kind: trap for trap in world.traps.values()}
    assert client.get("herald.example", kinds["404"].path)[0] == 404
    assert client.get("herald.example", kinds["500"].path)[0] == 500
    for path, other in (("/loop/a", "/loop/b"), ("/loop/b", "/loop/a")):
        status, headers, _ = client.get("herald.example", path)
        assert (status, urlsplit(headers["Location"]).path) == (302, other)
    for kind in ("consent page", "soft 404", "link list"):
        assert client.get(kinds[kind].host, kinds[kind].path)[0] == 200
    broken = kinds["truncated gzip sitemap"]
    with pytest.raises(EOFError):
        gzip.decompress(client.get(broken.host, broken.path)[2])
    malformed = kinds["malformed feed"]
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(client.get(malformed.host, malformed.path)[2])
    with pytest.raises(http.client.IncompleteRead):
        client.get("herald.example", kinds["broken connection"].path)


def test_the_calendar_has_no_end(client: Client) -> None:
    path = "/calendar/2020/01"
    for _ in range(30):
        status, _, body = client.get("emerald.example", path)
        assert status == 200
        path = html.fromstring(body).xpath("//a[@rel='next']/@href")[0]
    assert path == "/calendar/2022/07"


def test_private_articles_stand_behind_robots_txt(client: Client, world: World) -> None:
    private = [trap for trap in world.traps.values() if trap.expect == "never fetched"]
    assert len(private) >= 5
    for trap in private:
        robots = client.get(trap.host, "/robots.txt")[2].decode()
        refused = re.findall(r"Disallow: (\S+)", robots)
        assert any(trap.path.startswith(prefix) for prefix in refused)
        assert client.get(trap.host, trap.path)[0] == 200
