"""One table of cities, compiled: its names looked for, doubts decided, mentions written."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.scripts import Spans, addresses, has_kana, hashtag_at, stands_alone
from ccgcii.cleaning.toponyms.evidence import Case, Decision, EvidenceWords, Found, decide
from ccgcii.cleaning.toponyms.forms import Form, forms_of
from ccgcii.cleaning.toponyms.locating import is_located
from ccgcii.cleaning.toponyms.metonyms import is_seat, stands_for_government
from ccgcii.cleaning.toponyms.persons import reads_as_person
from ccgcii.cleaning.toponyms.places import gazetteer
from ccgcii.cleaning.toponyms.salience import salience_in_text
from ccgcii.cleaning.toponyms.surroundings import surroundings
from ccgcii.cleaning.toponyms.swallowed import is_swallowed
from ccgcii.documents import FOR_GOVERNMENT, Mention, changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.cities import City
    from ccgcii.cleaning.toponyms.places import Place
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

# Of a text, so many names are looked at: more than a thick book holds, and read in two seconds.
MOST_NAMES = 20_000
# A name in a hashtag is no surer than this.
IN_A_TAG = 0.85


class Hit(NamedTuple):
    """A name of a city in a text, with what surrounds it; `tagged` as part of a hashtag.

    `place` is what else the name stands for.
    """

    form: Form
    place: Place | None
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
        self._places = [
            table.place(form.name, _keys(form)) if form.cities else None for form in self._forms
        ]

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
        return tuple(_mentions(text, decided))

    def _decisions(
        self, text: str, hits: list[Hit], language: str | None
    ) -> Iterator[tuple[Hit, Decision | None]]:
        doubtful = [_is_doubtful(hit, language) for hit in hits]
        sure = {
            hit.form.cities[0].key for hit, doubt in zip(hits, doubtful, strict=True) if not doubt
        }
        persons = {hit.form.name for hit in hits if _reads_as_person(text, hit)}
        found: Found | None = None
        for hit, doubt in zip(hits, doubtful, strict=True):
            if not doubt and hit.place is None:
                yield hit, _plain(hit)
                continue
            found = found or self._evidence.places_of_words(text)
            others = bool(sure - {city.key for city in hit.form.cities})
            as_person = hit.form.name in persons
            case = _case(text, hit, language, other_city=others, as_person=as_person)
            yield hit, _decide(hit, found, case)

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
            place = self._places[index]
            personal = place is not None and place.personal
            around = surroundings(text, start, end)
            if not is_swallowed(
                text, start, end, form, around, personal=personal, language=language
            ):
                hits.append(Hit(form, place, start, end, tagged, around))
        return hits


def _keys(form: Form) -> tuple[str, ...]:
    return () if form.script == "han" else tuple(city.key for city in form.cities)


def _is_doubtful(hit: Hit, language: str | None) -> bool:
    form, place = hit.form, hit.place
    return (
        len(form.cities) > 1
        or form.ambiguous
        or (place is not None and (place.counts != "always" or language in place.not_in))
    )


def _reads_as_person(text: str, hit: Hit) -> bool:
    return (
        hit.place is not None
        and hit.place.personal
        and not is_located(text, hit.end, hit.around)
        and reads_as_person(text, hit.end, hit.around)
    )


def _case(text: str, hit: Hit, language: str | None, *, other_city: bool, as_person: bool) -> Case:
    name, place = hit.form.name, hit.place
    if place is None:
        return Case(name, hit.start, "china", other_city, as_person=as_person)
    needs = "province" if language in place.not_in else place.counts
    # In Canton may be in Ohio, nach Kanton may not.
    no_places = place.located_but if name.isascii() else ()
    located = place.located and is_located(text, hit.end, hit.around, no_places)
    return Case(name, hit.start, needs, other_city, located, as_person)


def _decide(hit: Hit, found: Found, case: Case) -> Decision | None:
    decision = decide(hit.form.cities, hit.place, found, case)
    if decision is not None and hit.form.municipal and case.needs == "always":
        return _plain(hit)
    return decision


def _plain(hit: Hit) -> Decision:
    form = hit.form
    if form.municipal:
        return Decision(form.cities[0], 0.99, "name with 市")
    if form.case == "lower" and form.name != form.text:
        return Decision(form.cities[0], 0.7, "name in lower case")
    return Decision(form.cities[0], 0.95, "name")


def _mentions(text: str, decided: list[tuple[Hit, Decision]]) -> Iterator[Mention]:
    """Yield the mentions of one text, each with the salience of its city in it."""
    starts: dict[str, list[int]] = {}
    for hit, decision in decided:
        starts.setdefault(decision.city.key, []).append(hit.start)
    weights = {city: salience_in_text(of_city) for city, of_city in starts.items()}
    for hit, decision in decided:
        city = decision.city.key
        sure = min(decision.confidence, IN_A_TAG) if hit.tagged else decision.confidence
        yield changed(
            _template(city, sure, _rule(hit, decision, text)),
            start=hit.start,
            end=hit.end,
            as_written=text[hit.start : hit.end],
            salience=weights[city],
        )


def _rule(hit: Hit, decision: Decision, text: str) -> str:
    rule = f"hashtag, {decision.rule}" if hit.tagged else decision.rule
    if is_seat(decision.city.key) and stands_for_government(
        text, hit.start, hit.end, hit.form.script, hit.around
    ):
        return f"{rule}, {FOR_GOVERNMENT}"
    return rule


@lru_cache(maxsize=4096)
def _template(city: str, confidence: float, rule: str) -> Mention:
    """Return a mention that lacks its place: to change it costs half of making it."""
    return Mention(city, "text", 0, 0, "", confidence, rule)
