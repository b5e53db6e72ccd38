"""Finding cities in text: longest match wins, words stand alone, doubtful names need evidence.

What counts: a name as prose writes it, in capitals, in lower case (less surely), with a genitive,
as a word of a hashtag (#VisitWuhan, #武汉加油: whoever tags a city speaks of it). What does not:
names inside names (Peking University, 出海口), links, handles, persons (Wang Dongying), and names
that also stand elsewhere (Canton, 德州) where nothing in the text speaks for the city.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ccgcii.cities import City
from ccgcii.cleaning.toponyms.matching import CityMatcher
from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.documents import Mention

# Half a character, as broken JSON leaves it: no text can be searched with it.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def find_cities(
    text: str, language: str | None = None, cities: Iterable[City] | None = None
) -> tuple[Mention, ...]:
    """Return where a text names cities, in order, with `field="text"`.

    `language` is ISO 639-1 where it is known (a region after it is left out); `cities` defaults to
    the hundred of ccgcii, and may be any table of `City` values. docs/cities.md has the rules.
    Raises `ConfigError` if `cities` holds anything else.
    """
    spoken = language.partition("-")[0].lower() if language else None
    matcher = matcher_for(cities)
    try:
        return matcher.find(text, spoken)
    except UnicodeEncodeError:
        return matcher.find(_LONE_SURROGATE.sub("\ufffd", text), spoken)


def matcher_for(cities: Iterable[City] | None = None) -> CityMatcher:
    """Return the compiled matcher of a table of cities; the same table is compiled once."""
    if cities is None:
        from ccgcii.catalogues import default_cities  # noqa: PLC0415 - only without a table

        cities = default_cities()
    table = cities if isinstance(cities, tuple) else tuple(cities)
    recent = _RECENT.get(id(table))
    if recent is None or recent[0] is not table:
        _refuse_others(table)
        # Hashing a table costs a millisecond, its id nothing; kept alive, the id is its own.
        recent = (table, _compiled(table))
        _RECENT.clear()
        _RECENT[id(table)] = recent
    return recent[1]


_RECENT: dict[int, tuple[tuple[City, ...], CityMatcher]] = {}


def _refuse_others(table: tuple[object, ...]) -> None:
    for city in table:
        if not isinstance(city, City):
            raise ConfigError(
                f"find_cities: {city!r:.60} is no City; give `cities` the values of "
                "ccgcii.default_cities(), of a study, or your own ccgcii.City(...)"
            )


@lru_cache(maxsize=4)
def _compiled(cities: tuple[City, ...]) -> CityMatcher:
    return CityMatcher(cities)
