"""The forms in which a city's names are looked for, and the phrases that swallow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.cleaning.scripts import script_of
from ccgcii.cleaning.toponyms.places import gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccgcii.cities import City

_APOSTROPHES = "'’ʼ`´‘"
_MUNICIPAL = "市"


@dataclass(frozen=True, slots=True)
class Form:
    """One way a name may be written; without `cities` it is a phrase that names none.

    `name` is the table's own writing of it, `case` is `exact`, `upper` or `lower`.
    """

    text: str
    name: str
    script: str
    cities: tuple[City, ...] = ()
    ambiguous: bool = False
    case: str = "exact"
    municipal: bool = False


def forms_of(cities: Iterable[City]) -> list[Form]:
    """Return every form of every city, and every phrase; a text stands there once."""
    cities = tuple(cities)
    found: dict[str, Form] = {}
    for city in cities:
        for name, ambiguous in names_of(city):
            for form in _variants(name, city, ambiguous=ambiguous):
                found[form.text] = _joined(found.get(form.text), form)
    for phrase in _phrases(cities):
        found[phrase.text] = phrase
    return list(found.values())


def names_of(city: City) -> Iterator[tuple[str, bool]]:
    """Return the names of a city, each with whether it needs evidence, the two own names first."""
    if city.name_en.strip():
        yield city.name_en, False
    if city.name_zh.strip():
        yield city.name_zh, False
    for name in city.names:
        if name.text.strip() and name.text not in (city.name_en, city.name_zh):
            yield name.text, name.ambiguous


def _variants(name: str, city: City, *, ambiguous: bool) -> Iterator[Form]:
    script = script_of(name)
    if script == "han":
        if not name.endswith(_MUNICIPAL):
            yield Form(name, name, script, (city,), ambiguous)
            name += _MUNICIPAL
        yield Form(name, name.removesuffix(_MUNICIPAL), script, (city,), ambiguous, municipal=True)
        return
    for spelling in _spellings(name):
        yield Form(spelling, name, script, (city,), ambiguous)
        if script == "alphabet" and len(name) > 3:
            yield Form(spelling.upper(), name, script, (city,), ambiguous, "upper")
            if not ambiguous and spelling.lower() not in gazetteer().lower_words:
                yield Form(spelling.lower(), name, script, (city,), ambiguous, "lower")


def _spellings(name: str) -> Iterator[str]:
    mark = next((mark for mark in _APOSTROPHES if mark in name), None)
    if mark is None:
        yield name
        return
    for other in _APOSTROPHES:
        yield name.replace(mark, other)


def _joined(known: Form | None, form: Form) -> Form:
    if known is None:
        return form
    cities = tuple(dict.fromkeys((*known.cities, *form.cities)))
    # A writing that is one city's plain name and another's doubtful one is doubtful.
    ambiguous = known.ambiguous or form.ambiguous if len(cities) > 1 else known.ambiguous
    return Form(
        known.text, known.name, known.script, cities, ambiguous, known.case, known.municipal
    )


def _phrases(cities: tuple[City, ...]) -> Iterator[Form]:
    table = gazetteer()
    by_script: dict[str, list[str]] = {"han": [], "alphabet": []}
    for city in cities:
        for name, _ in names_of(city):
            by_script.setdefault(script_of(name), []).append(name)
    for script, templates in (("alphabet", table.latin_phrases), ("han", table.han_phrases)):
        for template in templates:
            names = by_script[script] if "{city}" in template else [""]
            for name in names:
                text = template.replace("{city}", name)
                for spelling in {text, text.upper(), text.lower()}:
                    yield Form(spelling, text, script)
