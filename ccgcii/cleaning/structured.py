"""What a page says of itself to machines: JSON-LD, meta elements, canonical address."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from ccgcii.cleaning.addresses import canonical_url, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLES = re.compile(r"Article|Posting|Report|Review|VideoObject|Opinion", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]")
_BREAK = re.compile(r"</p>|<br\s*/?>|</h\d>|</li>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Declared:
    """The facts a page declares: the JSON-LD of its article, and meta elements by lower name."""

    article: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    language: str = ""
    canonical: str = ""

    def prose(self, key: str) -> str:
        """Return a long string of the article's JSON-LD as lines, without markup and entities."""
        lines = unescape(_TAG.sub(" ", _BREAK.sub("\n", self.text(key, markup=True)))).splitlines()
        return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)

    def text(self, key: str, *, markup: bool = False) -> str:
        """Return a string of the article's JSON-LD, `""` if there is none."""
        value = self.article.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, str):
            return ""
        return (value if markup else unescape(_TAG.sub(" ", value))).strip()


def declared_by(tree: HtmlElement, url: str) -> Declared:
    """Read what a page declares; whatever is malformed counts as not said."""
    meta = _meta(tree)
    article = next(_articles(tree), {})
    language = tree.get("lang") or tree.get("xml:lang") or meta.get("og:locale", "")
    return Declared(article, meta, language, _canonical(tree, meta, url))


def language_code(declared: str) -> str | None:
    """Return the ISO 639-1 code of a declared language (`zh-Hans-CN`, `en_US`), None if unclear."""
    code = re.split(r"[-_]", declared.strip().lower())[0]
    return code if len(code) == 2 and code.isalpha() else None


def _meta(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            # Raw line breaks in strings are common and harmless.
            text = _CONTROL.sub(" ", script.text or "").strip().rstrip(";")
            try:
                yield from _articles_in(json.loads(text))
            except (ValueError, RecursionError):
                continue  # not JSON: the page has not said it


def _articles_in(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _articles_in(item)
    elif isinstance(data, dict):
        kinds = data.get("@type", "")
        if _ARTICLES.search(" ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds)):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(data.get(key), list | dict):
                yield from _articles_in(data[key])


def _canonical(tree: HtmlElement, meta: dict[str, str], url: str) -> str:
    links = (
        link.get("href", "")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    for address in (*links, meta.get("og:url", "")):
        absolute = _absolute(address, url)
        # A copy that points to another outlet is that outlet's reach, not its twin.
        if absolute and (not url or same_site(absolute, url)):
            return canonical_url(absolute)
    return canonical_url(url)


def _absolute(address: str, url: str) -> str:
    try:
        absolute = urljoin(url, address.strip())
    except ValueError:
        return ""
    return absolute if absolute.startswith(("http://", "https://")) else ""
