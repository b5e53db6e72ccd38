"""Layer 2, relevance: keep what names a city of the study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ccgcii import City, Document, Drop, find_cities

if TYPE_CHECKING:
    from ccgcii import Filter, Mention, Study


@dataclass(frozen=True, slots=True)
class NamesNoCity:
    """Attach the cities that title and text name; drop what names none.

    Title and text are read as one, so that evidence in the one (a province, China) counts for
    names in the other. Mentions less sure than `confidence` do not count.
    """

    name: ClassVar[str] = "names-no-city"
    layer: ClassVar[int] = 2
    cities: tuple[City, ...] = ()
    confidence: float = 0.5

    def clean(self, document: Document) -> Document | Drop:
        """Find the cities; places in the title and in the text are told apart."""
        found = find_cities(
            f"{document.title}\n{document.text}", document.declared_language, self.cities
        )
        shift = len(document.title) + 1
        mentions = tuple(
            _placed(mention, shift) for mention in found if mention.confidence >= self.confidence
        )
        if not mentions:
            return Drop("names no city of the study")
        return replace(document, mentions=mentions)


def _placed(mention: Mention, shift: int) -> Mention:
    if mention.start < shift:
        return replace(mention, field="title")
    return replace(mention, start=mention.start - shift, end=mention.end - shift)


def filters(study: Study) -> list[Filter]:
    """Give the filter of this layer."""
    return [NamesNoCity(study.cities)]
