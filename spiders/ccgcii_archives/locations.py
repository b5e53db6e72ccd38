"""Which cities GDELT's locations mean: by name, province and position, all three.

Its geocoder takes persons, companies and provinces for Chinese villages of the same name. Those
that were met are in false_places.csv; the three tests refuse most others unseen.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import City

NEAR = 30.0  # kilometres
CITY, STATE = "4", "5"
CHINA = "CH"  # FIPS 10-4
_EARTH = 6371.0088  # mean radius, kilometres


@dataclass(frozen=True, slots=True)
class Location:
    """A place as GDELT gives it: `offset` in characters of the text, -1 where it is not told."""

    kind: str
    name: str
    country: str
    adm1: str
    latitude: float
    longitude: float
    feature_id: str
    offset: int


def read_locations(cell: str, *, with_offsets: bool) -> Iterator[Location]:
    """Yield the places of V2Locations (`with_offsets`) or Locations; damaged ones are left out."""
    width = 9 if with_offsets else 7
    for part in cell.split(";"):
        fields = part.split("#")
        if len(fields) != width:
            continue
        adm2 = 1 if with_offsets else 0
        try:
            yield Location(
                fields[0],
                fields[1].partition(",")[0],
                fields[2],
                fields[3],
                float(fields[4 + adm2]),
                float(fields[5 + adm2]),
                fields[6 + adm2],
                int(fields[8]) if with_offsets else -1,
            )
        except ValueError:
            continue


class Places:
    """The cities of a study, found by what GDELT calls them."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        provinces = {row["province"]: row["adm1"] for row in read_data("china_adm1.csv")}
        self._false = {row["feature_id"] for row in read_data("false_places.csv")}
        self._cities: dict[tuple[str, str], list[City]] = {}
        for city in cities:
            adm1 = provinces.get(city.province_en)
            if adm1 is None or city.latitude is None or city.longitude is None:
                continue
            for name in {fold(city.name_en), *(fold(form.text) for form in city.names)} - {""}:
                self._cities.setdefault((name, adm1), []).append(city)

    def found(self, v2_locations: str, locations: str = "") -> list[tuple[int, str]]:
        """Return where in the text a city is named (-1: not told) and its key, in that order."""
        cell = v2_locations or locations
        return sorted(
            (place.offset, city.key)
            for place in read_locations(cell, with_offsets=bool(v2_locations))
            if (city := self.city_at(place)) is not None
        )

    def city_at(self, place: Location) -> City | None:
        """Return the city that a place is, None if it is none of the study."""
        if place.country != CHINA or place.feature_id in self._false:
            return None
        for city in self._cities.get((fold(place.name), place.adm1), ()):
            if not _is_of_its_kind(place, city) or city.latitude is None or city.longitude is None:
                continue
            here = (place.latitude, place.longitude)
            if kilometres(here, (city.latitude, city.longitude)) <= NEAR:
                return city
        return None


def _is_of_its_kind(place: Location, city: City) -> bool:
    # Only of the four municipalities is the "state" the city itself (Jilin is both and is not).
    return place.kind == CITY or (place.kind == STATE and city.name_en == city.province_en)


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance of two points (degrees), by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, point) for point in (here, there))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(math.sqrt(half))


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return a Latin name as both tables would write it; `""` for a name of another script."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if letter.isalpha())
    return letters if letters.isascii() else ""


def read_data(name: str) -> list[dict[str, str]]:
    """Read a table of this package."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
