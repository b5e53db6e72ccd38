"""Finding cities in text: longest match wins, words stand alone, doubtful names need evidence.

What counts: a name as prose writes it, in capitals, in lower case (less surely), with a genitive,
as a word of a hashtag (#VisitWuhan, #武汉加油: whoever tags a city speaks of it). What does not:
names inside names (Peking University, 出海口), links, handles, persons (Wang Dongying), and names
that also stand elsewhere (Canton, 德州) where nothing in the text speaks for the city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.evidence import Case, Decision, EvidenceWords, Found, decide
from ccgcii.cleaning.forms import Form, forms_of
from ccgcii.cleaning.locating import is_located
from ccgcii.cleaning.metonyms import is_seat, stands_for_government
from ccgcii.cleaning.persons import reads_as_person
from ccgcii.cleaning.places import gazetteer
from ccgcii.cleaning.salience import with_salience
from ccgcii.cleaning.scripts import addresses, has_kana, hashtag_at, stands_alone
from ccgcii.cleaning.surroundings import surroundings
from ccgcii.cleaning.swallowed import is_swallowed
from ccgcii.documents import FOR_GOVERNMENT, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccgcii.cities import City
    from ccgcii.cleaning.surroundings import Surroundings


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


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of a city in a text, with what surrounds it; `tagged` as part of a hashtag."""

    form: Form
    start: int
    end: int
    tagged: bool
    around: Surroundings


class CityMatcher:
    """The names of a table of cities, compiled."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        self._forms = forms_of(cities)
        self._automaton = AhoCorasick(
            [form.text for form in self._forms], matchkind=MatchKind.LeftmostLongest
        )
        self._evidence = EvidenceWords(cities)
        table = gazetteer()
        self._places = {
            form.name: table.place(form.name, _keys(form)) for form in self._forms if form.cities
        }

    def find(self, text: str, language: str | None = None) -> tuple[Mention, ...]:
        """Return where a text names cities, in order."""
        hits = self._hits(text, language)
        if not hits:
            return ()
        japanese = language == "ja" or (language is None and has_kana(text))
        spoken = "ja" if japanese else language
        decided = [
            (hit, decision)
            for hit, decision in self._decisions(text, hits, spoken)
            if decision is not None
        ]
        return with_salience([_mention(hit, decision, text) for hit, decision in decided])

    def _decisions(
        self, text: str, hits: list[Hit], language: str | None
    ) -> Iterator[tuple[Hit, Decision | None]]:
        doubtful = [self._is_doubtful(hit.form, language) for hit in hits]
        sure = {
            hit.form.cities[0].key for hit, doubt in zip(hits, doubtful, strict=True) if not doubt
        }
        persons = {hit.form.name for hit in hits if self._reads_as_person(text, hit)}
        found: Found | None = None
        for hit, doubt in zip(hits, doubtful, strict=True):
            if not doubt and self._places[hit.form.name] is None:
                yield hit, _plain(hit.form)
                continue
            found = found or self._evidence.places_of_words(text)
            case = self._case(text, hit, language)
            others = bool(sure - {city.key for city in hit.form.cities})
            yield (
                hit,
                self._decide(
                    hit.form,
                    found,
                    replace(case, other_city=others, as_person=hit.form.name in persons),
                ),
            )

    def _hits(self, text: str, language: str | None) -> list[Hit]:
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
            if not (alone or tagged):
                continue
            place = self._places[form.name]
            personal = place is not None and place.personal
            around = surroundings(text, start, end)
            if not is_swallowed(
                text, start, end, form, around, personal=personal, language=language
            ):
                hits.append(Hit(form, start, end, tagged, around))
        return hits

    def _is_doubtful(self, form: Form, language: str | None) -> bool:
        place = self._places[form.name]
        return (
            len(form.cities) > 1
            or form.ambiguous
            or (place is not None and (place.counts != "always" or language in place.not_in))
        )

    def _reads_as_person(self, text: str, hit: Hit) -> bool:
        place = self._places[hit.form.name]
        return (
            place is not None
            and place.personal
            and not is_located(text, hit.end, hit.around)
            and reads_as_person(text, hit.end, hit.around)
        )

    def _case(self, text: str, hit: Hit, language: str | None) -> Case:
        place = self._places[hit.form.name]
        if place is None:
            return Case(hit.form.name, hit.start, "china")
        needs = "province" if language in place.not_in else place.counts
        # In Canton may be in Ohio, nach Kanton may not.
        no_places = place.located_but if hit.form.name.isascii() else ()
        located = place.located and is_located(text, hit.end, hit.around, no_places)
        return Case(hit.form.name, hit.start, needs, located=located)

    def _decide(self, form: Form, found: Found, case: Case) -> Decision | None:
        decision = decide(form.cities, self._places[form.name], found, case)
        if decision is not None and form.municipal and case.needs == "always":
            return _plain(form)
        return decision


_RECENT: dict[int, tuple[tuple[City, ...], CityMatcher]] = {}


@lru_cache(maxsize=4)
def _compiled(cities: tuple[City, ...]) -> CityMatcher:
    return CityMatcher(cities)


def _keys(form: Form) -> tuple[str, ...]:
    return () if form.script == "han" else tuple(city.key for city in form.cities)


def _plain(form: Form) -> Decision:
    city = form.cities[0]
    if form.municipal:
        return Decision(city, 0.99, "name with 市")
    if form.case == "lower" and form.name != form.text:
        return Decision(city, 0.7, "name in lower case")
    return Decision(city, 0.95, "name")


def _mention(hit: Hit, decision: Decision, text: str) -> Mention:
    rule = f"hashtag, {decision.rule}" if hit.tagged else decision.rule
    confidence = min(decision.confidence, 0.85) if hit.tagged else decision.confidence
    key = decision.city.key
    script = hit.form.script
    if is_seat(key) and stands_for_government(text, hit.start, hit.end, script, hit.around):
        rule = f"{rule}, {FOR_GOVERNMENT}"
    return Mention(key, "text", hit.start, hit.end, text[hit.start : hit.end], confidence, rule)
