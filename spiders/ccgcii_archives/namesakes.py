"""Things named after a city, which GDELT's geocoder takes for it: organisations and ships.

What a row tells besides its places is the names in its text and where they begin (AllNames and
V2Organizations, `name,offset;name,offset`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccgcii import find_cities
from ccgcii_archives.locations import fold, read_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii import City

SURE = 0.5
# Characters between a ship's kind and its name.
BESIDE = 100
# China's navy calls its ships after cities and lakes.
_SHIPS = re.compile(
    r"\b(?:destroyers?|frigates?|corvettes?|warships?|flotilla|task (?:group|force)|"
    r"(?:supply|hospital|landing|training|guided.missile) ships?)\b",
    re.IGNORECASE,
)


class Namesakes:
    """Tells the cities of a study from what is called after them."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        self._cities = cities
        # Where a ship may be herself: beside these her kind tells nothing.
        self._ports = {row["city"] for row in read_data("ports.csv")}

    def names_a_city(self, words: str, language: str | None) -> bool:
        """Say whether words (a title, a name) surely name a city."""
        return any(
            mention.confidence >= SURE for mention in find_cities(words, language, self._cities)
        )

    def without(
        self, found: Sequence[tuple[int, str]], all_names: str, organisations: str
    ) -> tuple[str, ...]:
        """Return the cities of `found` (offset, key) that are no namesakes, as often as named."""
        if not found:
            return ()
        ships = self._ships(found, f"{all_names};{organisations}")
        left = [key for _, key in found if key not in ships]
        for name, _ in _read_names(all_names):
            words = {fold(word) for word in name.split()}
            for city in self._cities:
                inner = city.key in left and fold(city.name_en) in words and len(words) > 1
                # Shanghai Cooperation ...: once for each such name; our matcher knows them.
                if inner and not self.names_a_city(name, "en"):
                    left.remove(city.key)
        return tuple(left)

    def _ships(self, found: Sequence[tuple[int, str]], names: str) -> set[str]:
        """Return the cities far from the sea that stand beside a ship's kind."""
        places = [place for name, place in _read_names(names) if _SHIPS.search(name)]
        return {
            key
            for offset, key in found
            if key not in self._ports
            and offset >= 0
            and any(abs(offset - place) <= BESIDE for place in places)
        }


def _read_names(cell: str) -> Iterator[tuple[str, int]]:
    for entry in cell.split(";"):
        name, _, place = entry.rpartition(",")
        if name and place.isdecimal():
            yield name, int(place)
