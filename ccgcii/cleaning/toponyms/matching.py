"""One table of cities, compiled: its names looked for, doubts decided, mentions written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.scripts import Spans, addresses, has_kana, hashtag_at, stands_alone
from ccgcii.cleaning.toponyms.evidence import Case, Decision, EvidenceWords, Found, decide
from ccgcii.cleaning.toponyms.forms import Form, forms_of
from ccgcii.cleaning.toponyms.locating import is_located
from ccgcii.cleaning.toponyms.metonyms import is_seat, stands_for_government
from ccgcii.cleaning.toponyms.persons import reads_as_person
from ccgcii.cleaning.toponyms.places import gazetteer
from ccgcii.cleaning.toponyms.salience import with_salience
from ccgcii.cleaning.toponyms.surroundings import surroundings
from ccgcii.cleaning.toponyms.swallowed import is_swallowed
from ccgcii.documents import FOR_GOVERNMENT, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.cities import City
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

# Of a text, so many names are looked at: more than a thick book holds, and read in two seconds.
MOST_NAMES = 20_000


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
        spans = addresses(text)
        skipped = Spans(spans) if spans else ()
        tags = "#" in text
        hits = []
        for index, start, end in matches[:MOST_NAMES]:
            form = self._forms[index]
            if not form.cities or start in skipped:
                continue
            alone = stands_alone(text, start, end, form.script)
            tagged = tags and form.script == "alphabet" and hashtag_at(text, start, end)
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
