"""What our package data knows of names: phrases that swallow them, places they also stand for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Place:
    """Something else that a city's name also stands for.

    `counts` says what the name needs to be the city: `always` nothing (unless a word of the
    other place is nearer), `china` the country, `province` the own province, name or `own` words.
    """

    names: tuple[str, ...]
    elsewhere: str
    counts: str
    words: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything that decides whether a name is the city."""

    country: tuple[str, ...]
    family_names: frozenset[str]
    places: tuple[Place, ...]
    latin_phrases: tuple[str, ...]
    han_phrases: tuple[str, ...]

    def place(self, name: str) -> Place | None:
        """Return what else a name stands for, None if nothing is known."""
        return next((place for place in self.places if name in place.names), None)


@cache
def gazetteer() -> Gazetteer:
    """Return the tables that ship with ccgcii (`ccgcii/cleaning/data/*.toml`)."""
    elsewhere = _load("places_elsewhere.toml")
    inside = _load("names_inside_names.toml")
    return Gazetteer(
        country=tuple(elsewhere["country"]),
        family_names=frozenset(elsewhere["family_names"]),
        places=tuple(_place(table) for table in elsewhere["place"]),
        latin_phrases=tuple(inside["latin"]),
        han_phrases=tuple(inside["han"]),
    )


def _place(table: dict[str, Any]) -> Place:
    return Place(
        names=tuple(table["names"]),
        elsewhere=table["elsewhere"],
        counts=table["counts"],
        words=tuple(table.get("words", ())),
        own=tuple(table.get("own", ())),
        not_in=tuple(table.get("not_in", ())),
        personal=table.get("personal", False),
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
