"""What a page says of itself to machines: JSON-LD, meta elements, canonical address."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from ccgcii.cleaning.reading.addresses import canonical_url, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLES = re.compile(r"Article|Posting|Report|Review|VideoObject|Opinion", re.IGNORECASE)
_PAGES = re.compile(r"^(?:WebPage|ItemPage|AboutPage)\b")
_LIVE = re.compile(r"LiveBlogPosting")
_LISTS = re.compile(r"CollectionPage|SearchResultsPage|ProfilePage")
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
    kind: str = ""

    @property
    def free(self) -> bool | None:
        """Whether anyone may read the whole piece; None where the page does not say."""
        said = str(self.article.get("isAccessibleForFree", "")).lower()
        return {"true": True, "false": False}.get(said)

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
    stated = list(_stated(tree))
    article = next((it for it in stated if _is_kind(it, _ARTICLES)), None)
    # Many sites declare the page and not the piece on it; its day is the same.
    article = article or next((it for it in stated if _is_kind(it, _PAGES)), {})
    language = tree.get("lang") or tree.get("xml:lang") or meta.get("og:locale", "")
    return Declared(article, meta, language, _canonical(tree, meta, url), _kind(stated, article))


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


def _stated(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            # Raw line breaks in strings are common and harmless.
            text = _CONTROL.sub(" ", script.text or "").strip().rstrip(";")
            try:
                yield from _things_in(json.loads(text))
            except (ValueError, RecursionError):
                continue  # not JSON: the page has not said it


def _things_in(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _things_in(item)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(data.get(key), list | dict):
                yield from _things_in(data[key])


def _kind(stated: list[dict[str, Any]], article: dict[str, Any]) -> str:
    """Return the type that tells most: a live blog, else the article's, else a list's."""
    live = next((it for it in stated if _is_kind(it, _LIVE)), None)
    chosen = live or article or next((it for it in stated if _is_kind(it, _LISTS)), {})
    named = chosen.get("@type", "")
    return str(named[0] if isinstance(named, list) and named else named)


def _is_kind(thing: dict[str, Any], kinds: re.Pattern[str]) -> bool:
    named = thing.get("@type", "")
    said = " ".join(map(str, named)) if isinstance(named, list) else str(named)
    return kinds.search(said) is not None


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
