"""Why a piece was judged so: words behind topics, what was read as tone, names passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.cleaning.enriching.sentiment import said_of_cities
from ccgcii.cleaning.enriching.topics import taxonomy_at
from ccgcii.cleaning.scripts import addresses, script_of, stands_alone
from ccgcii.cleaning.toponyms.contexts import is_inside_a_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ccgcii.catalogues import CityAccount, Outlet
    from ccgcii.cities import City
    from ccgcii.cleaning.enriching.targets import Reading
    from ccgcii.cleaning.enriching.topics import TopicHit
    from ccgcii.documents import Document

HOME = "CN"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A city's name that stands in a piece and is no mention of it, and why."""

    city: str
    field: str
    start: int
    end: int
    reason: str


def topic_words(document: Document, taxonomy: str | None = None) -> list[TopicHit]:
    """Return the words of the taxonomy that stand in a piece."""
    return taxonomy_at(taxonomy).hits(document.title, document.text, document.language)


def tones_read(document: Document) -> Mapping[int, Reading]:
    """Return for each mention, by its number, what was read as being said of its city."""
    return said_of_cities(document)


def passed_over(document: Document, cities: Iterable[City]) -> Iterator[PassedOver]:
    """Yield where the plain name of a city stands that was not taken for a mention."""
    for field, text in (("title", document.title), ("text", document.text)):
        taken = [(m.start, m.end) for m in document.mentions if m.field == field]
        for city in cities:
            for name in (city.name_en, city.name_zh):
                for start in _places(text, name):
                    end = start + len(name)
                    if not any(a < end and start < b for a, b in taken):
                        yield PassedOver(city.key, field, start, end, _why(text, start, end))


def author_class(
    document: Document,
    accounts: Iterable[CityAccount] = (),
    outlets: Mapping[str, Outlet] | None = None,
) -> str | None:
    """Say who speaks: `official` or `affiliated` (a city's own account or outlet), or its country.

    `foreign` is a source or author outside China, `other` one inside; None where neither is known.
    """
    name = (document.author or "").strip().removeprefix("@").casefold()
    for account in accounts:
        if name and account.platform == document.channel and account.handle.casefold() == name:
            if account.role is None:
                break  # the list does not know whose voice it is
            return account.role
    outlet = (outlets or {}).get(document.outlet or "")
    if outlet is not None and outlet.role is not None:
        return outlet.role
    if document.country is None:
        return None
    return "other" if document.country == HOME else "foreign"


def _places(text: str, name: str) -> Iterator[int]:
    start = text.find(name) if name else -1
    while start >= 0:
        yield start
        start = text.find(name, start + len(name))


def _why(text: str, start: int, end: int) -> str:
    if any(a <= start < b for a, b in addresses(text)):
        return "in a link, address or handle"
    script = script_of(text[start:end])
    if not stands_alone(text, start, end, script):
        return "part of another word"
    if is_inside_a_name(text, start, end, script):
        return "part of another name"
    return "part of another name, or nothing in the text speaks for this city"
