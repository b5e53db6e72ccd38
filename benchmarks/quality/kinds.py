"""Kinds of pages told apart: which filter drops what is no article, on invented pages.

A page is printed with navigation and footer, read as cleaning reads it, and judged by the filters
of layer 1 and those for lists of layer 4. Every second page (by the SHA-1 of its text) is held:
what goes wrong there was not looked at when words were chosen.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha1
from html import escape
from pathlib import Path

from benchmarks.quality.scoring import Quality, quality
from ccgcii import Document, Drop, Study, default_cities
from ccgcii.cleaning.reading.pages import RawPage, read_page
from ccgcii_cleaning import noise, validity
from ccgcii_cleaning.pagekinds import LIVE, LiveBlog

FILE = Path(__file__).with_name("kinds.toml")
KINDS = ("error", "captcha", "consent", "paywall", "live-blog", "listing")
_NOW = datetime(2020, 6, 1, tzinfo=UTC)
_KIND_OF = {
    "error-page": "error",
    "robot-check": "captcha",
    "consent-page": "consent",
    "paywall-only": "paywall",
    "live-blog": "live-blog",
    "index-page": "listing",
    "link-list": "listing",
    "listing": "listing",
}
_NAVIGATION = ("World", "Business", "Science", "Sport", "Weather")


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page and its kind; `article` is to be kept."""

    kind: str
    language: str
    title: str
    text: str = ""
    status: int = 200
    url: str = "/2020/05/18/a"
    links: tuple[str, ...] = ()
    ld: str = ""
    free: bool = True

    @property
    def held(self) -> bool:
        """Whether nobody looked at what goes wrong on it."""
        return sha1(f"{self.title}{self.text}".encode()).digest()[0] % 2 == 1

    def html(self) -> str:
        """Print the page."""
        facts = {"@type": self.ld, "headline": self.title, "isAccessibleForFree": self.free}
        data = f"<script type='application/ld+json'>{json.dumps(facts)}</script>" if self.ld else ""
        menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in _NAVIGATION)
        body = "".join(f"<p>{escape(line)}</p>" for line in self.text.splitlines())
        rows = "".join(f"<li><a href='/a'>{escape(link)}</a></li>" for link in self.links)
        return (
            f"<!doctype html><html lang='{self.language}'><head><title>{escape(self.title)}</title>"
            f"<meta charset='utf-8'>{data}</head><body><nav><ul>{menu}</ul></nav><main>"
            f"<h1>{escape(self.title)}</h1>{body}{f'<ul>{rows}</ul>' if rows else ''}</main>"
            "<footer><p>The Invented Post</p></footer></body></html>"
        )


@cache
def known_pages() -> tuple[KnownPage, ...]:
    """Return the labelled pages."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["page"]
    return tuple(KnownPage(**{**row, "links": tuple(row.get("links", ()))}) for row in rows)


def told(page: KnownPage) -> tuple[str, str]:
    """Return the kind by the first filter that drops or marks a page, and its reason.

    The kind is `article` if none does.
    """
    raw = RawPage("quality", "media", f"https://news.test{page.url}", _NOW, page.html().encode())
    document: Document = read_page(raw)
    if page.status != 200:
        raw = RawPage(raw.source, raw.channel, raw.url, _NOW, raw.body, page.status)
        document = read_page(raw)
    for thing in (*validity.filters(Study("q", "", "9", default_cities())), *noise.filters()):
        result = thing.clean(document)
        if isinstance(thing, LiveBlog) and _is_live(result):
            return "live-blog", "live-blog: marked, not dropped"
        if isinstance(result, Drop) and thing.name in _KIND_OF:
            return _KIND_OF[thing.name], f"{thing.name}: {result.reason}"
    return "article", ""


def _is_live(result: Document | Drop) -> bool:
    return isinstance(result, Document) and result.page is not None and result.page.kind == LIVE


def measure() -> dict[str, dict[str, Quality]]:
    """Return the quality by kind; a page told as another kind is wrong there and missed here."""
    pairs = [(page, told(page)[0]) for page in known_pages()]
    groups = {
        "all kinds": [(_set(found), _set(page.kind)) for page, found in pairs],
        "all kinds, held half": [
            (_set(found), _set(page.kind)) for page, found in pairs if page.held
        ],
    }
    for kind in KINDS:
        groups[kind] = [(_set(found) & {kind}, _set(page.kind) & {kind}) for page, found in pairs]
    return {"ccgcii": {name: quality(group) for name, group in groups.items()}}


def _set(kind: str) -> set[str]:
    return set() if kind == "article" else {kind}
