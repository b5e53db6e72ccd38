"""Countries by code and outlets by domain, from what exports write."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ccgcii.catalogues import outlets
from ccgcii.catalogues.countries import country_words
from ccgcii.cleaning.reading.addresses import outlet_domain

if TYPE_CHECKING:
    from ccgcii.catalogues import Outlet

ONE_DOMAIN = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z-]{2,}(?:[:/?#]\S*)?", re.IGNORECASE | re.ASCII
)


@lru_cache(maxsize=4096)
def _country(word: str) -> str | None:
    return country_words().get(word)


def as_country(value: Any) -> str | None:
    """Return ISO 3166-1 alpha-2 for a code of two or three letters or an English name."""
    return _country(value.strip().casefold()) if isinstance(value, str) else None


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
