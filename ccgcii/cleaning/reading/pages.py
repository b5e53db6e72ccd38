"""A page's bytes become a document: decoded, dated, its main text out of the markup."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.utils import load_html

from ccgcii.cleaning.reading.addresses import canonical_url, outlet_domain
from ccgcii.cleaning.reading.dates import find_published
from ccgcii.cleaning.reading.decoding import decode_page, repaired
from ccgcii.cleaning.reading.structured import Declared, declared_by, language_code
from ccgcii.cleaning.reading.trimming import trimmed
from ccgcii.cleaning.widths import display_width
from ccgcii.documents import Document, PageFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from configparser import ConfigParser
    from datetime import datetime

    from lxml.html import HtmlElement

_SITE_SUFFIX = re.compile(
    r"\s+[|\-–—_·»]\s+[^|\-–—_·»]{2,40}$|(?:[-_|—]+[^-_|—]{1,12})?[-_|—]+[^-_|—]{1,12}(?:网|频道|在线|日报)$"
)


# A text with more than this share of its characters in links is a menu, not an article.
MENU = 0.5
# A text of fewer characters may be a teaser: what was trimmed off it is kept for the filters.
TEASER = 600


@dataclass(frozen=True, slots=True)
class RawPage:
    """A response and what the source already knew of it.

    `hints` may hold `title`, `published_at` (ISO 8601), `language` and `outlet`.
    """

    source: str
    channel: str
    url: str
    fetched_at: datetime
    body: bytes
    status: int = 200
    content_type: str | None = None
    hints: Mapping[str, Any] | None = None


def read_page(page: RawPage) -> Document:
    """Turn a response into a document; a page without markup or text gives an empty one.

    Nothing is judged here: that is the filters' business.
    """
    hints = page.hints or {}
    html, undecodable = decode_page(page.body, page.content_type)
    tree = _tree(html)
    if tree is None:
        facts = PageFacts(status=page.status, size=len(page.body), undecodable=undecodable)
        return Document(page.source, page.channel, page.url, page.fetched_at, page=facts)
    declared = declared_by(tree, page.url)
    title = repaired(_title(tree, declared, str(hints.get("title") or "")))
    anchors = _anchors(tree)
    # A text in Chinese characters says with a hundred of them what takes 250 letters elsewhere.
    dense = 2 * display_width(title) > 3 * len(title)
    text, links, density = _main_text(tree, declared, anchors, dense=dense)
    # The headline is often the first line of the text as well; it is said once.
    whole = repaired(text).removeprefix(title).strip()
    text = trimmed(whole, title, anchors)
    dated = find_published(tree, declared, page.url, page.fetched_at, hints.get("published_at"))
    return Document(
        source=page.source,
        channel=page.channel,
        url=page.url,
        fetched_at=page.fetched_at,
        canonical_url=declared.canonical or canonical_url(page.url),
        title=title,
        text=text,
        published_at=dated.moment,
        date_rule=dated.rule,
        outlet=str(hints.get("outlet") or "") or outlet_domain(page.url),
        declared_language=_language(declared, hints),
        page=PageFacts(
            status=page.status,
            size=len(page.body),
            links=links,
            link_density=density,
            undecodable=undecodable,
            kind=declared.kind,
            free=declared.free,
            date_confidence=dated.confidence,
            around=_around(whole, text) if len(text) < TEASER else "",
        ),
    )


def link_density(text: str, anchors: Iterable[str]) -> tuple[int, float]:
    """Return how many links stand in a main text, and the share of its characters in them (0-1).

    A link is found again by its words, because extraction keeps the words and not the element:
    a line that is nothing else, or twenty columns of the same words in the running text.
    """
    if not text:
        return 0, 0.0
    words = {anchor for anchor in anchors if anchor}
    lines = [" ".join(line.lstrip("-• ").split()) for line in text.splitlines()]
    linked = [line for line in lines if line in words]
    prose = "\n".join(line for line in lines if line not in words)
    linked += [
        long for long in words if len(long) >= 10 and display_width(long) >= 20 and long in prose
    ]
    return len(linked), min(1.0, sum(map(len, linked)) / len(text))


def _tree(html: str) -> HtmlElement | None:
    # An empty or binary body has no tree: lxml refuses it with a ValueError of several kinds.
    try:
        return load_html(html)
    except ValueError:
        return None


def _main_text(
    tree: HtmlElement, declared: Declared, anchors: list[str], *, dense: bool
) -> tuple[str, int, float]:
    """Return the main text with its links and their density; menus are tried again for prose."""
    text = _extracted(tree, dense=dense)
    if is_fuller(body := declared.prose("articleBody"), text):
        text = body
    links, density = link_density(text, anchors)
    if density <= MENU:
        return text, links, density
    # Fast extraction falls back to the whole page, menus first; the slow one may find the article.
    prose = _extracted(tree, dense=dense, anew=True)
    other_links, other = link_density(prose, anchors)
    return (prose, other_links, other) if prose and other < density else (text, links, density)


def _around(whole: str, text: str) -> str:
    kept = set(text.splitlines())
    return "\n".join(line for line in whole.splitlines() if line not in kept)[:TEASER]


def is_fuller(body: str, text: str) -> bool:
    """Say whether the article as the page itself gives it is to be preferred to what was extracted.

    It is where extraction has lost most of it, or where it says all that was extracted and a
    quarter more; a shorter one is a summary, and one that says other things is another piece.
    """
    ours, theirs = display_width(text), display_width(body)
    if theirs > 2 * ours:
        return True
    if theirs < 1.25 * ours:
        return False
    said = "".join(body.split())
    lines = ["".join(line.lstrip("-• ").split()) for line in text.splitlines()]
    held = sum(len(line) for line in lines if line in said)
    return held >= 0.8 * sum(map(len, lines))


def _extracted(tree: HtmlElement, *, dense: bool, anew: bool = False) -> str:
    """Return what trafilatura finds, quickly or (`anew`) with everything it can do."""
    found = bare_extraction(
        tree,
        fast=not anew,
        favor_recall=anew,
        with_metadata=False,
        include_comments=False,
        include_tables=True,
        config=_dense_settings() if dense else DEFAULT_CONFIG,
    )
    # `as_dict` is off, so what comes back is a document of trafilatura's.
    return (getattr(found, "text", None) or "").strip()


@cache
def _dense_settings() -> ConfigParser:
    settings = deepcopy(DEFAULT_CONFIG)
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")
    return settings


def _anchors(tree: HtmlElement) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.iter("a")]


def _title(tree: HtmlElement, declared: Declared, hint: str) -> str:
    head = tree.find(".//title")
    shown = " ".join(head.text_content().split()) if head is not None else ""
    headings = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
    choices = (
        declared.text("headline"),
        declared.meta.get("og:title", ""),
        headings[0] if len(headings) == 1 else "",
        shown,
        hint,
    )
    title = next((choice for choice in choices if choice.strip()), "")
    return _SITE_SUFFIX.sub("", " ".join(title.split())) or title


def _language(declared: Declared, hints: Mapping[str, Any]) -> str | None:
    said = (declared.text("inLanguage"), declared.language, str(hints.get("language") or ""))
    return next((code for word in said if (code := language_code(word))), None)
