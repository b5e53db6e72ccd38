"""Addresses: whose they are, whether they look like an article, and how they are written."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import tldextract
from courlan import clean_url

# The list of public suffixes that ships with tldextract: nothing is fetched, nothing cached.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_DATED = re.compile(r"/(?:19|20)\d\d[-/]?[01]\d[-/]?[0-3]\d(?:/|[-_t]).*\w")
_NUMBERED = re.compile(r"\d{5,}")
_FILE = re.compile(r"[\w-]+\.s?html?$")
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|pdf|zip|mp[34]|m4a|webm|xml|rss|json)$", re.IGNORECASE
)
_LISTINGS = re.compile(
    r"/(?:tags?|topics?|author|authors|category|categories|search|login|subscribe|page|calendar)/",
    re.IGNORECASE,
)


@cache
def outlet_domain(host: str) -> str:
    """Return the domain that a host's owner registered: `bbc.co.uk` of `news.bbc.co.uk`."""
    found = _SUFFIXES(host)
    if found.suffix or re.fullmatch(r"[\d.]+|\[.*", host):
        return found.top_domain_under_public_suffix or host
    # A name outside the public list (an intranet, a test): its last two labels.
    return ".".join(host.split(".")[-2:])


def domain_of(url: str) -> str:
    """Return the registered domain of an address, `""` if it has no host or is none."""
    try:
        return outlet_domain((urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def absolute(base: str, link: str) -> str | None:
    """Return a link of a document as an address of the web, None if it is none."""
    try:
        return _of_the_web(urljoin(base, link))
    except ValueError:
        return None


def tidy(url: str) -> str | None:
    """Return an address without tracking parameters and fragment, None if it is not of the web."""
    try:
        return _of_the_web(str(clean_url(url) or "").partition("#")[0])
    except ValueError:
        return None


def _of_the_web(url: str) -> str | None:
    """Return an address that can be asked for, else None; raises `ValueError` for `[` and ports."""
    parts = urlsplit(url)
    known = parts.scheme in {"http", "https"} and parts.port != 0
    return url if known else None


def looks_like_article(url: str) -> bool:
    """Guess from an address whether it is an article: dated, numbered, a long slug, or a file."""
    path = unquote(urlsplit(url).path)
    last = path.rstrip("/").rpartition("/")[2]
    if not last or _NOT_PAGES.search(path) or _LISTINGS.search(path):
        return False
    if _DATED.search(path) or _NUMBERED.search(last):
        return True
    if _FILE.search(last):
        return not last.startswith(("index.", "default."))
    return last.count("-") >= 3 or (last.count("_") >= 3)


def is_page(url: str) -> bool:
    """Say whether an address may be a page at all, and not an image or a feed."""
    return not _NOT_PAGES.search(urlsplit(url).path)
