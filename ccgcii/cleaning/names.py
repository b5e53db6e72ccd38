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

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.contexts import is_inside_a_name
from ccgcii.cleaning.evidence import Decision, EvidenceWords, Found, decide
from ccgcii.cleaning.forms import Form, forms_of
from ccgcii.cleaning.places import gazetteer
from ccgcii.cleaning.scripts import addresses, has_kana, hashtag_at, stands_alone
from ccgcii.documents import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.cities import City

_WORD_BEFORE = re.compile(r"([A-Z][a-z]+) $")
_WORD_AFTER = re.compile(r" ([A-Z][a-z]+)\b")


def find_cities(
    text: str, language: str | None = None, cities: Iterable[City] | None = None
) -> tuple[Mention, ...]:
    """Return where a text names cities, in order, with `field="text"`.

    `language` is ISO 639-1 where it is known; `cities` defaults to the hundred of ccgcii.
    """
    return matcher_for(cities).find(text, language)


def matcher_for(cities: Iterable[City] | None = None) -> CityMatcher:
    """Return the compiled matcher of a table of cities; the same table is compiled once."""
    if cities is None:
        from ccgcii.catalogues import default_cities  # noqa: PLC0415 - only without a table

        cities = default_cities()
    table = cities if isinstance(cities, tuple) else tuple(cities)
    recent = _RECENT.get(id(table))
    if recent is None or recent[0] is not table:
        # Hashing a table costs a millisecond, its id nothing; kept alive, the id is its own.
        recent = (table, _compiled(table))
        _RECENT.clear()
        _RECENT[id(table)] = recent
    return recent[1]


class CityMatcher:
    """The names of a table of cities, compiled."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        self._forms = forms_of(cities)
        self._automaton = AhoCorasick(
            [form.text for form in self._forms], matchkind=MatchKind.LeftmostLongest
        )
        self._evidence = EvidenceWords(cities)
        table = gazetteer()
        self._places = {form.name: table.place(form.name) for form in self._forms if form.cities}
        self._family_names = table.family_names

    def find(self, text: str, language: str | None = None) -> tuple[Mention, ...]:
        """Return where a text names cities, in order."""
        hits = self._hits(text)
        if not hits:
            return ()
        japanese = language == "ja" or (language is None and has_kana(text))
        spoken = "ja" if japanese else language
        sure = {form.cities[0].key for form, *_ in hits if not self._is_doubtful(form, spoken)}
        found: Found | None = None
        mentions = []
        for form, start, end, tagged in hits:
            if self._is_doubtful(form, spoken) or self._places[form.name]:
                found = found or self._evidence.places_of_words(text)
                decision = self._decide(form, start, found, sure, spoken)
            else:
                decision = _plain(form)
            if decision is not None:
                mentions.append(_mention(decision, text, start, end, tagged=tagged))
        return tuple(mentions)

    def _hits(self, text: str) -> list[tuple[Form, int, int, bool]]:
        matches = self._automaton.find_matches_as_indexes(text)
        if not matches:
            return []
        skipped = addresses(text)
        hits = []
        for index, start, end in matches:
            form = self._forms[index]
            if not form.cities or any(a <= start < b for a, b in skipped):
                continue
            alone = stands_alone(text, start, end, form.script)
            tagged = form.script == "alphabet" and "#" in text and hashtag_at(text, start, end)
            if not (alone or tagged) or is_inside_a_name(text, start, end):
                continue
            if not self._is_person(text, start, end, form):
                hits.append((form, start, end, tagged))
        return hits

    def _is_doubtful(self, form: Form, language: str | None) -> bool:
        place = self._places[form.name]
        return (
            len(form.cities) > 1
            or form.ambiguous
            or (place is not None and (place.counts != "always" or language in place.not_in))
        )

    def _decide(
        self, form: Form, start: int, found: Found, sure: set[str], language: str | None
    ) -> Decision | None:
        place = self._places[form.name]
        needs = "china"
        if place is not None:
            needs = "province" if language in place.not_in else place.counts
        keys = {city.key for city in form.cities}
        decision = decide(
            form.cities,
            place,
            found,
            start,
            as_written=form.name,
            needs=needs,
            other_city=bool(sure - keys),
        )
        if decision is not None and form.municipal and needs == "always":
            return _plain(form)
        return decision

    def _is_person(self, text: str, start: int, end: int, form: Form) -> bool:
        if form.script != "alphabet":
            return False
        before = _WORD_BEFORE.search(text, max(0, start - 16), start)
        if before and before.group(1) in self._family_names:
            return True
        place = self._places[form.name]
        after = _WORD_AFTER.match(text, end) if place is not None and place.personal else None
        return after is not None and after.group(1) in self._family_names


_RECENT: dict[int, tuple[tuple[City, ...], CityMatcher]] = {}


@lru_cache(maxsize=4)
def _compiled(cities: tuple[City, ...]) -> CityMatcher:
    return CityMatcher(cities)


def _plain(form: Form) -> Decision:
    city = form.cities[0]
    if form.municipal:
        return Decision(city, 0.99, "name with 市")
    if form.case == "lower" and form.name != form.text:
        return Decision(city, 0.7, "name in lower case")
    return Decision(city, 0.95, "name")


def _mention(decision: Decision, text: str, start: int, end: int, *, tagged: bool) -> Mention:
    rule = f"hashtag, {decision.rule}" if tagged else decision.rule
    confidence = min(decision.confidence, 0.85) if tagged else decision.confidence
    return Mention(decision.city.key, "text", start, end, text[start:end], confidence, rule)
