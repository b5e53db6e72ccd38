"""Layer 1, kinds of pages that are no article: errors, robot checks, dialogues, teasers, lists.

What they say stands in `data/page_words.toml`, in fourteen languages; what they declare to machines
counts where it is there. Each kind is a filter of its own with its own reason.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from ccgcii import Document, Drop, display_width

if TYPE_CHECKING:
    from ccgcii import Filter, PageFacts

FILE = Path(__file__).with_name("data") / "page_words.toml"
# A line of a live blog begins with its time: 14:32, 14h32, 2.32 pm.
_TIMED = re.compile(r"^\W{0,3}\d{1,2}\s?[:h.時点]\s?\d{2}(?!\d)(?!\s?[-–:]\s?\d)", re.MULTILINE)
# The kind of a page that is a live blog, declared (schema.org) or told by its lines.
LIVE = "LiveBlogPosting"
_LISTS = ("CollectionPage", "SearchResultsPage", "ProfilePage")
_INDEX = re.compile(
    r"^/(?:index\.\w+)?$|^/(?:tags?|topics?|search|categor(?:y|ies)|authors?)(?:/|$)"
)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Drop error pages, also those served with status 200 (soft 404).

    A real article may speak of errors: only a text of under `short` columns is one.
    """

    name: ClassVar[str] = "error-page"
    layer: ClassVar[int] = 1
    short: int = 250

    def clean(self, document: Document) -> Document | Drop:
        """Look at the status, then at what title and a short text say."""
        if document.page is None:
            return document
        if document.page.status >= 400:
            return Drop(f"HTTP status {document.page.status}")
        match = _said("error", document, self.short)
        return Drop(f"error page with status 200: {match!r}") if match else document


@dataclass(frozen=True, slots=True)
class RobotCheck:
    """Drop pages that ask whether the reader is a person, in under `short` columns."""

    name: ClassVar[str] = "robot-check"
    layer: ClassVar[int] = 1
    short: int = 400

    def clean(self, document: Document) -> Document | Drop:
        """Look at what title and a short text say."""
        match = _said("challenge", document, self.short) if document.page else ""
        return Drop(f"robot check: {match!r}") if match else document


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Drop pages that show a cookie dialogue instead of an article.

    They speak of little else: at least `signs` different phrases in under `short` columns, and one
    in `spread` columns.
    """

    name: ClassVar[str] = "consent-page"
    layer: ClassVar[int] = 1
    signs: int = 2
    short: int = 2500
    spread: int = 250

    def clean(self, document: Document) -> Document | Drop:
        """Count different consent phrases in the text."""
        if document.page is None:
            return document
        width = _narrow(document.text, self.short)
        if width is None:
            return document
        said = {match.group(0).lower() for match in _words("consent").finditer(document.text)}
        if len(said) >= max(self.signs, width / self.spread):
            return Drop(f"consent dialogue: {', '.join(sorted(said)[:3])[:100]}")
        return document


@dataclass(frozen=True, slots=True)
class Paywall:
    """Drop pages of which only the teaser before a paywall is there.

    A text of under `short` columns says so; where the page itself declares that not all of it is
    free, any text of under `declared` columns is taken for the teaser.
    """

    name: ClassVar[str] = "paywall-only"
    layer: ClassVar[int] = 1
    short: int = 600
    declared: int = 800

    def clean(self, document: Document) -> Document | Drop:
        """Look for the paywall's words, then at what the page declares."""
        if document.page is None:
            return document
        match = _said("paywall", document, self.short)
        if match:
            return Drop(f"only a teaser: {match!r}")
        if document.page.free is False and _narrow(document.text, self.declared) is not None:
            return Drop("only a teaser: the page says that not all of it is free")
        return document


@dataclass(frozen=True, slots=True)
class LiveBlog:
    """Mark live blogs, and with `drop` leave them out.

    One that names a city is coverage of it, so it counts, as one piece however many entries it
    has: those who follow it read one page. It goes on after the fetch, so its text, and the cities
    it names, are those of that moment. The page declares it, or its title announces it and
    `entries` lines begin with a time, or more than `many` do.
    """

    name: ClassVar[str] = "live-blog"
    layer: ClassVar[int] = 1
    entries: int = 3
    many: int = 10
    drop: bool = False

    def clean(self, document: Document) -> Document | Drop:
        """Look at what is declared, then at title and lines."""
        page = document.page
        sign = self._sign(document, page) if page is not None else ""
        if page is None or not sign:
            return document
        return Drop(sign) if self.drop else replace(document, page=replace(page, kind=LIVE))

    def _sign(self, document: Document, page: PageFacts) -> str:
        if page.kind == LIVE:
            return "the page declares itself a live blog"
        times = len(_TIMED.findall(document.text))
        announced = _words("live").search(document.title)
        if times > self.many or (announced and times >= self.entries):
            return f"live blog: {times} entries begin with a time"
        return ""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Drop front pages, pages of a tag or an author, results of a search.

    Their address or what they declare says so, if at least `links` links stand in the text.
    """

    name: ClassVar[str] = "index-page"
    layer: ClassVar[int] = 1
    links: int = 4

    def clean(self, document: Document) -> Document | Drop:
        """Look at the declared kind and the address."""
        page = document.page
        if page is None or page.links < self.links:
            return document
        if page.kind in _LISTS:
            return Drop(f"the page declares itself a {page.kind}")
        path = urlsplit(document.url).path.lower()
        return Drop(f"a list of pieces by its address: {path}") if _INDEX.match(path) else document


def filters() -> list[Filter]:
    """Give the filters of this kind."""
    return [ErrorPage(), RobotCheck(), ConsentPage(), Paywall(), LiveBlog(), IndexPage()]


def _said(kind: str, document: Document, short: int) -> str:
    """Return what a short page says of a kind, `""` if nothing or if it is too long for one."""
    if _narrow(document.text, short) is None:
        return ""
    around = document.page.around if document.page else ""
    match = _words(kind).search(f"{document.title}\n{document.text}\n{around}")
    return match.group(0)[:60] if match else ""


def _narrow(text: str, columns: int) -> int | None:
    """Return the columns of a text, None if it takes `columns` or more."""
    if len(text) >= columns:
        return None
    width = display_width(text)
    return width if width < columns else None


@cache
def _words(kind: str) -> re.Pattern[str]:
    languages = tomllib.loads(FILE.read_text(encoding="utf-8"))[kind].values()
    return re.compile("|".join(word for words in languages for word in words), re.IGNORECASE)
