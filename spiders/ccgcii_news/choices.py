"""Which feeds, sitemaps and sections a study reads: those it lists, and those of its catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ccgcii import ConfigError, checked_country, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ccgcii import Outlet

KINDS = ("feed", "sitemap", "section")
_KEYS = re.compile(
    r"(?i)api_?key|access_token|auth_token|token|client_secret|secret|passw(?:or)?d|pwd"
)
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid")

# Kind, address, and how many listings deep it has been followed already.
Listing = tuple[str, str, int]


def choose_listings(options: Any, outlets: Mapping[str, Outlet]) -> list[Listing]:
    """Return the listings of a study, each address once; raises `ConfigError` if there is none."""
    listed = {"feed": options.feeds, "sitemap": options.sitemaps, "section": options.sections}
    found: list[Listing] = [(kind, url, 0) for kind in KINDS for url in listed[kind]]
    narrowed = any((options.tiers, options.countries, options.languages, options.outlets))
    if options.catalogue is False and narrowed:
        raise ConfigError(
            "[sources.news] catalogue = false leaves the catalogue out, yet tiers, countries, "
            "languages or outlets choose from it; drop one of them"
        )
    wanted = narrowed or not found if options.catalogue is None else options.catalogue
    if wanted:
        for outlet in choose_outlets(options, outlets):
            found += _listings_of(outlet, options)
    if not found:
        raise ConfigError(
            "[sources.news] names no feeds, sitemaps or sections, and no outlet of the catalogue "
            'is chosen that has any; add `feeds = ["https://..."]` or `catalogue = true`'
        )
    return list(once_each(found))


def choose_outlets(options: Any, outlets: Mapping[str, Outlet]) -> list[Outlet]:
    """Return the outlets that are of the tiers, countries and languages wanted, and those named.

    What an outlet does not tell it is not chosen by. Raises `ConfigError` for a word that no outlet
    has.
    """
    everyone = list(outlets.values())
    tiers = set(options.tiers)
    countries = _known("countries", options.countries, {one.country for one in everyone}, _country)
    languages = _known(
        "languages", options.languages, {one.language for one in everyone}, str.lower
    )
    named = _known("outlets", options.outlets, set(outlets), str.lower)
    if named and not (tiers or countries or languages):
        return [outlets[domain] for domain in sorted(named)]
    return [
        one
        for one in everyone
        if one.domain in named
        or (
            (not tiers or one.tier in tiers)
            and (not countries or one.country in countries)
            and (not languages or one.language in languages)
        )
    ]


def once_each(listings: Iterable[Listing]) -> Iterator[Listing]:
    """Yield each listing once, however its address is written; https rather than http."""
    best: dict[tuple[str, str], Listing] = {}
    for kind, url, level in listings:
        key = (kind, address_key(url))
        before = best.get(key)
        if before is None:
            best[key] = (kind, url, level)
        elif before[1].startswith("http://") and url.startswith("https://"):
            best[key] = (kind, url, before[2])
    yield from best.values()


def address_key(url: str) -> str:
    """Return what is the same for addresses of the same listing.

    Scheme, `www.`, the scheme's port, a slash at the end, the order of parameters and those that
    only track do not tell listings apart.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    told = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(pair[0])]
    query = f"?{urlencode(sorted(told))}" if told else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def check_address(url: str) -> None:
    """Raise `ValueError` for what is no address of the web, or one that holds a key."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is no address; it begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError(f"the address of {parts.hostname} holds a password, which rows would keep")
    for name, _ in parse_qsl(parts.query):
        if _KEYS.fullmatch(name):
            raise ValueError(
                f"the address of {parts.hostname} holds a key ({name}=...), which rows would keep"
            )


def _tracks(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None


def _listings_of(outlet: Outlet, options: Any) -> Iterator[Listing]:
    for url in outlet.feeds:
        yield "feed", url, 0
    for url in outlet.sitemaps:
        yield "sitemap", url, 0
    if not outlet.feeds and not outlet.sitemaps and options.front_pages:
        # Only the articles it links to: the sections of a whole site are its owner's to name.
        yield "section", f"https://{outlet.domain}/", options.depth


def _country(word: str) -> str:
    try:
        return checked_country(word)
    except ValueError as error:
        raise ConfigError(f"[sources.news] countries: {error}") from None


def _known(option: str, words: Iterable[str], known: set[Any], spell: Any) -> set[str]:
    spelled = {spell(word.strip()) for word in words}
    for word in sorted(spelled - known):
        raise ConfigError(
            f"[sources.news] {option}: no outlet of the catalogue has {word!r}"
            f"{suggest(word, known - {None})}"
        )
    return spelled
