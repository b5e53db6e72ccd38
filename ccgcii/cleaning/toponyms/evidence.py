"""Evidence in a text for or against a city behind a name that also stands for something else."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.catalogues.provinces import province_names
from ccgcii.cleaning.scripts import script_of, stands_alone
from ccgcii.cleaning.toponyms.places import gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.cities import City
    from ccgcii.cleaning.toponyms.places import Place

# Characters to either side within which a province or a rival's word speaks for this very name.
NEAR = 160
# Another place's province speaks against the city only right beside it: provinces are named a lot.
NEAR_REGION = 90


class Decision(NamedTuple):
    """Which city it is, how surely (0-1), and what decided."""

    city: City
    confidence: float
    rule: str


class EvidenceWords:
    """All words that can speak for or against, in one automaton; built once per table of cities."""

    def __init__(self, cities: Iterable[City]) -> None:
        table = gazetteer()
        self._words = list(dict.fromkeys(_all_words(cities)))
        self._scripts = [script_of(word) for word in self._words]
        self._country = frozenset(table.country)
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)

    def places_of_words(self, text: str) -> Found:
        """Return where every word stands in a text."""
        found: dict[str, list[int]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if stands_alone(text, start, end, self._scripts[index]):
                found.setdefault(self._words[index], []).append(start)
        return Found(found, self._country)


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence words of one text with their offsets."""

    words: dict[str, list[int]]
    country: frozenset[str]

    def distance(self, words: Iterable[str], at: int) -> int | None:
        """Return how far the nearest of these words is, None if none is in the text."""
        gaps = (_gap(self.words[word], at) for word in words if word in self.words)
        return min(gaps, default=None)

    def names_country(self) -> bool:
        """Say whether the text speaks of China at all."""
        return not self.country.isdisjoint(self.words)


def _gap(places: list[int], at: int) -> int:
    """Return how far the nearest of some places, in order, is."""
    after = bisect_left(places, at)
    return min(abs(place - at) for place in places[max(0, after - 1) : after + 1])


class Case(NamedTuple):
    """A doubtful name in its text.

    `needs` is `always`, `china` or `province`; `other_city` says that the text names another city
    of the study beyond doubt, `located` that a word of place stands beside the name, `as_person`
    that it stands as persons' names do.
    """

    name: str
    at: int
    needs: str
    other_city: bool = False
    located: bool = False
    as_person: bool = False


def decide(
    candidates: tuple[City, ...], place: Place | None, found: Found, case: Case
) -> Decision | None:
    """Return the city a doubtful name stands for, None if the evidence is missing or against."""
    scored = [
        (found.distance(own_words(city, place, case.name), case.at), city) for city in candidates
    ]
    known = sorted(
        ((gap, city) for gap, city in scored if gap is not None), key=lambda pair: pair[0]
    )
    rival = _rival(place, found, case.at)
    if rival is not None and rival <= NEAR and (not known or rival < known[0][0]):
        return None
    if known and (len(known) == 1 or known[0][0] < known[1][0]):
        gap, city = known[0]
        near = gap <= NEAR
        rule = "own province or name near" if near else "own province or name in the text"
        return Decision(city, 0.95 if near else 0.85, rule)
    if len(candidates) > 1:
        return None
    return _by_context(candidates[0], found, case, rival=rival)


def _rival(place: Place | None, found: Found, at: int) -> int | None:
    if place is None:
        return None
    region = found.distance(place.regions, at)
    gaps = [found.distance(place.words, at), region if region and region <= NEAR_REGION else None]
    return min((gap for gap in gaps if gap is not None), default=None)


def _by_context(city: City, found: Found, case: Case, *, rival: int | None) -> Decision | None:
    if rival is not None and case.needs != "always":
        return None
    if case.needs != "province":
        if found.names_country():
            return Decision(city, 0.8, "China in the text")
        if case.other_city:
            return Decision(city, 0.75, "another city of China in the text")
    if case.located:
        return Decision(city, 0.75, "a word of place beside it")
    if case.needs == "always" and rival is None and not case.as_person:
        return Decision(city, 0.75, "usual sense")
    return None


def own_words(city: City, place: Place | None, as_written: str) -> tuple[str, ...]:
    """Return the words that speak for a city: province, unambiguous names, the place's own."""
    words = [*_province_words(city), city.name_zh, *(place.own if place else ())]
    if place is None or city.name_en not in place.names:
        words.append(city.name_en)
    # A name is no evidence for itself, and Chongqing is its own province.
    return tuple(word for word in dict.fromkeys(words) if word and word != as_written)


def _all_words(cities: Iterable[City]) -> Iterable[str]:
    table = gazetteer()
    yield from table.country
    for place in table.places:
        yield from place.words
        yield from place.regions
        yield from place.own
    for city in cities:
        words = (*_province_words(city), city.name_zh, city.name_en)
        yield from (word for word in words if word)


def _province_words(city: City) -> tuple[str, ...]:
    return (city.province_en, city.province_zh, *province_names().get(city.province_en, ()))
