"""What our package data knows of names: phrases that swallow them, places they also stand for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.catalogues.provinces import province_names

if TYPE_CHECKING:
    from collections.abc import Collection

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Place:
    """Something else that a city's name also stands for.

    `counts` says what the name needs to be the city: `always` nothing (unless a word of the
    other place is nearer), `china` the country, `province` the own province, name or `own` words.
    `regions` are the other place's provinces in all languages: they speak for it from nearer by
    than its `words`. Where `located`, a word of place before the name is enough, unless it is one
    of `located_but`.
    """

    names: tuple[str, ...]
    elsewhere: str
    counts: str
    keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    located: bool = False
    located_but: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything that decides whether a name is the city."""

    country: tuple[str, ...]
    places: tuple[Place, ...]
    latin_phrases: tuple[str, ...]
    han_phrases: tuple[str, ...]
    lower_words: frozenset[str]

    def place(self, name: str, keys: Collection[str] = ()) -> Place | None:
        """Return what else a name (of the cities with these keys) stands for, None if unknown."""
        for place in self.places:
            if name in place.names or any(key in keys for key in place.keys):
                return place
        return None


@cache
def gazetteer() -> Gazetteer:
    """Return the tables that ship with ccgcii (`data/*.toml`)."""
    elsewhere = _load("places_elsewhere.toml")
    inside = _load("names_inside_names.toml")
    return Gazetteer(
        country=tuple(elsewhere["country"]),
        places=tuple(_place(table) for table in elsewhere["place"]),
        latin_phrases=tuple(inside["latin"]),
        han_phrases=tuple(inside["han"]),
        lower_words=frozenset(inside["lower"]),
    )


def _place(table: dict[str, Any]) -> Place:
    names = province_names()
    provinces = table.get("provinces", ())
    regions = [*provinces, *(name for province in provinces for name in names[province])]
    return Place(
        names=tuple(table.get("names", ())),
        elsewhere=table["elsewhere"],
        counts=table["counts"],
        keys=tuple(table.get("keys", ())),
        words=tuple(table.get("words", ())),
        regions=tuple(regions),
        own=tuple(table.get("own", ())),
        not_in=tuple(table.get("not_in", ())),
        located=table.get("located", False),
        located_but=tuple(table.get("located_but", ())),
        personal=table.get("personal", False),
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
