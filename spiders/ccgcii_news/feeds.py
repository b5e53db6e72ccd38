"""Reading feeds: RSS and Atom, well formed or nearly so."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import fastfeedparser
import feedparser
from lxml import etree

from ccgcii import SourceError
from ccgcii_news.links import absolute
from ccgcii_news.markup import parse_moment, refuse_entities, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_LANGUAGE = re.compile(rb"<language>\s*([A-Za-z_-]+)\s*</language>")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed or sitemap names it; `published_at` in UTC, `language` ISO 639-1."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    language: str | None = None


def read_feed(body: bytes, base: str) -> tuple[list[Entry], str | None]:
    """Return the entries of a feed, and what was wrong with it (None: nothing).

    Raises `SourceError` if it is no feed at all, or too broken to hold an entry.
    """
    body, problem = unpack(body)
    refuse_entities(body)
    flaw = _flaw(body)
    # Repairing, the fast parser loses the `&` of addresses; the lenient one is made for it.
    entries = _read_leniently(body, base) if flaw else _read_fast(body, base)
    told = "; ".join(each for each in (problem, flaw) if each)
    if told and not entries:
        raise SourceError(f"malformed feed: {told}")
    return (
        entries,
        f"malformed feed: {told}; {len(entries)} entries could be read" if told else None,
    )


def _read_fast(body: bytes, base: str) -> list[Entry]:
    try:
        # Bytes, never text: both libraries would fetch a text that looks like an address.
        feed = fastfeedparser.parse(
            body, include_content=False, include_media=False, include_enclosures=False
        )
    except Exception:  # noqa: BLE001 - whatever it raises, the lenient parser may cope
        return _read_leniently(body, base)
    told = _LANGUAGE.search(body)  # RSS's own element, which this parser passes over
    language = told[1].decode() if told else feed["feed"].get("language")
    return list(_entries(language, feed["entries"], base))


def _read_leniently(body: bytes, base: str) -> list[Entry]:
    feed = feedparser.parse(BytesIO(body))
    if not feed.entries and not feed.get("version"):
        raise SourceError(f"malformed feed: {feed.get('bozo_exception') or 'it is no feed'}")
    return list(_entries(feed.feed.get("language"), feed.entries, base))


def _flaw(body: bytes) -> str | None:
    """Return what a strict parser says against a feed: ours forgive much, and do not tell."""
    if not body.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        return None
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        return str(error.msg)
    return None


def _entries(language: str | None, entries: Iterable[Any], base: str) -> Iterator[Entry]:
    short = short_language(language)
    for entry in entries:
        link = (entry.get("link") or "").strip()
        if not link.startswith(("http://", "https://")):
            link = absolute(base, link) if link else None
        if link:
            yield Entry(
                link,
                (entry.get("title") or "").strip() or None,
                _published(entry),
                short,
            )


def _published(entry: Any) -> datetime | None:
    # What feedparser has already taken apart is in UTC.
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    if parsed:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    return parse_moment(entry.get("published") or entry.get("updated"))


@lru_cache(maxsize=1_000)
def short_language(tag: str | None) -> str | None:
    """Return the ISO 639-1 part of a language tag (`en` of `en-US`), None if it has none."""
    word = (tag or "").replace("_", "-").split("-")[0].strip().lower()
    return word if len(word) == 2 and word.isalpha() else None
