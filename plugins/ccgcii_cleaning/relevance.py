"""Layer 2, relevance: keep what names a city of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import City, Document, Drop, Mention, changed, find_cities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii import Filter, Study


@dataclass(frozen=True, slots=True)
class NamesNoCity:
    """Attach the cities that title and text name; drop what names none.

    Title and text are read as one, so that evidence in the one (a province, China) counts for
    names in the other. Mentions less sure than `confidence` do not count. Cities that the source
    itself placed a piece in (GDELT by name, province and position, Media Cloud by its search)
    count as named, with `places` as their confidence, where neither title nor text names them.
    Where `metonyms` is false, a name that stands for the government (Beijing denied it) is none.
    """

    name: ClassVar[str] = "names-no-city"
    layer: ClassVar[int] = 2
    cities: tuple[City, ...] = ()
    confidence: float = 0.5
    places: float = 0.6
    metonyms: bool = True

    def clean(self, document: Document) -> Document | Drop:
        """Find the cities; places in the title and in the text are told apart."""
        mentions = tuple(
            mention
            for mention in self._found(document)
            if mention.confidence >= self.confidence and (self.metonyms or not mention.is_metonym)
        )
        if document.places and self.places >= self.confidence:
            mentions += self._places(document, {mention.city for mention in mentions})
        if not mentions:
            return Drop("names no city of the study")
        return changed(document, mentions=mentions)

    def _found(self, document: Document) -> Sequence[Mention]:
        language = document.declared_language
        if not document.title:
            return find_cities(document.text, language, self.cities)
        shift = len(document.title) + 1
        found = find_cities(f"{document.title}\n{document.text}", language, self.cities)
        return [_placed(mention, shift) for mention in found]

    def _places(self, document: Document, named: set[str]) -> tuple[Mention, ...]:
        known = {city.key for city in self.cities}
        rule = f"{document.source}-location"
        others = [key for key in document.places if key in known and key not in named]
        return tuple(
            Mention(key, "place", number, number, "", self.places, rule)
            for number, key in enumerate(others)
        )


def _placed(mention: Mention, shift: int) -> Mention:
    if mention.start < shift:
        return changed(mention, field="title")
    return changed(mention, start=mention.start - shift, end=mention.end - shift)


def filters(study: Study) -> list[Filter]:
    """Give the filter of this layer."""
    return [NamesNoCity(study.cities)]
