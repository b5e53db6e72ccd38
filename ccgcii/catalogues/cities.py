"""The cities: our hundred by 2019 GDP, or a file of one's own.

GDP in 100 million RMB, with the panel it comes from and how far two or three sources agree
(`gdp_check`); at the cut-off sources differ: rank 100 is Fuyang, Yichun or Shantou by source.
Positions and other scripts' names derive from GeoNames (CC BY 4.0).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.catalogues.tables import Row, read_rows
from ccgcii.cities import City, CityName
from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).parent
REQUIRED = ("name_en",)
OPTIONAL = (
    "id",
    "key",
    "label",
    "name_zh",
    "province_en",
    "province_zh",
    "gdp_2019",
    "gdp_source",
    "gdp_check",
    "latitude",
    "longitude",
    "geonames_id",
    "names",
)
NAME_COLUMNS = ("key", "text", "language", "kind", "ambiguous")


@cache
def default_cities() -> tuple[City, ...]:
    """Return the 100 cities with the highest GDP in 2019, ordered by it."""
    return read_cities(HERE / "cities.csv")


def read_cities(path: Path) -> tuple[City, ...]:
    """Read cities from a CSV file: `name_en` and whatever is known of the other columns.

    `names` holds further names separated by semicolons. A city that ships with ccgcii (same key)
    gets the names we know as well.
    """
    names = _known_names()
    cities = [_city(row, number, names) for number, row in enumerate(_rows(path), 1)]
    if not cities:
        raise ConfigError(f"{path}: no city in it")
    _refuse_twins(path, cities)
    return tuple(cities)


def find_city(word: str, cities: Iterable[City]) -> City:
    """Return the city of that key, label, English or Chinese name; raises `ConfigError`."""
    by_word: dict[str, City] = {}
    shared: set[str] = set()
    for city in cities:
        for form in {city.key, city.label.lower(), city.name_en.lower(), city.name_zh} - {""}:
            if form in by_word:
                shared.add(form)
            by_word[form] = city
    asked = word.strip().lower()
    if asked in shared:
        keys = [city.key for city in cities if asked in (city.name_en.lower(), city.name_zh)]
        raise ConfigError(f"{word!r} is more than one city: {' or '.join(keys)}?")
    if asked not in by_word:
        raise ConfigError(f"no city {word!r} in this study{suggest(asked, by_word)}")
    return by_word[asked]


def _rows(path: Path) -> Iterable[Row]:
    return read_rows(path, REQUIRED, OPTIONAL)


def _city(row: Row, number: int, names: Mapping[str, tuple[CityName, ...]]) -> City:
    name_en = row.required("name_en")
    key = row.text("key") or re.sub(r"[^a-z0-9]+", "", name_en.lower())
    own = tuple(CityName(text) for text in row.words("names"))
    return City(
        id=row.whole("id") or number,
        key=key,
        label=row.text("label") or name_en,
        name_en=name_en,
        name_zh=row.text("name_zh"),
        province_en=row.text("province_en"),
        province_zh=row.text("province_zh"),
        gdp_2019=row.number("gdp_2019"),
        gdp_source=row.text("gdp_source"),
        latitude=row.number("latitude"),
        longitude=row.number("longitude"),
        geonames_id=row.whole("geonames_id"),
        names=own + names.get(key, ()),
    )


@cache
def _known_names() -> Mapping[str, tuple[CityName, ...]]:
    names: dict[str, list[CityName]] = {}
    for file in ("exonyms.csv", "inflections.csv", "geonames.csv"):
        for row in read_rows(HERE / file, NAME_COLUMNS, ()):
            name = CityName(
                row.required("text"), row.text("language"), row.text("kind"), row.flag("ambiguous")
            )
            names.setdefault(row.required("key"), []).append(name)
    return {key: tuple(values) for key, values in names.items()}


def _refuse_twins(path: Path, cities: Iterable[City]) -> None:
    seen: dict[object, City] = {}
    for city in cities:
        for mark in (("id", city.id), ("key", city.key), ("label", city.label)):
            if mark in seen:
                raise ConfigError(
                    f"{path}: {mark[0]} {mark[1]!r} stands for two cities; give each a `key` "
                    "and a `label` of its own"
                )
            seen[mark] = city
