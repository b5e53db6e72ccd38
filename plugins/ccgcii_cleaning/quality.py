"""Layer 5, quality: language, origin, topics and tone. These filters learn; they drop nothing.

They are named so that they run in this order: language, origin, sentiment, topics.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from ccgcii import (
    Document,
    Outlet,
    country_of_domain,
    detect_language,
    find_topics,
    outlet_domain,
    with_sentiment,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii import Drop, Filter, Study


@dataclass(frozen=True, slots=True)
class Language:
    """Attach the language: the detected one, the declared one where detection is unsure."""

    name: ClassVar[str] = "language"
    layer: ClassVar[int] = 5
    confidence: float = 0.5

    def clean(self, document: Document) -> Document | Drop:
        """Detect on title and the beginning of the text."""
        found = detect_language(f"{document.title}\n{document.text}")
        if found is not None and found.confidence >= self.confidence:
            return replace(document, language=found.code, language_confidence=found.confidence)
        return replace(document, language=document.declared_language)


@dataclass(frozen=True, slots=True)
class Origin:
    """Attach country and tier of the outlet: the catalogue first, then the domain's country.

    A country that the source itself gave stays; a domain without a country gives none.
    """

    name: ClassVar[str] = "origin"
    layer: ClassVar[int] = 5
    outlets: Mapping[str, Outlet] = field(default_factory=dict)

    def clean(self, document: Document) -> Document | Drop:
        """Look the outlet up by its domain."""
        if document.channel != "media":
            return document
        domain = document.outlet or outlet_domain(document.url)
        if domain is None:
            return document
        known = self.outlets.get(domain)
        country = document.country or (known.country if known else None)
        return replace(
            document,
            outlet=domain,
            country=country or country_of_domain(domain),
            tier=known.tier if known else None,
        )


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Attach the tone of the sentences that name a city; unknown in languages without a model."""

    name: ClassVar[str] = "sentiment"
    layer: ClassVar[int] = 5

    def clean(self, document: Document) -> Document | Drop:
        """Read the sentence around each mention."""
        return with_sentiment(document)


@dataclass(frozen=True, slots=True)
class Topics:
    """Attach the topics of the taxonomy; `taxonomy` is the path of one's own file."""

    name: ClassVar[str] = "topics"
    layer: ClassVar[int] = 5
    taxonomy: str = ""

    def clean(self, document: Document) -> Document | Drop:
        """Match the taxonomy's words in title and text."""
        topics = find_topics(document.text, document.title, self.taxonomy or None)
        return replace(document, topics=topics)


def filters(study: Study) -> list[Filter]:
    """Give the filters of this layer."""
    return [Language(), Origin(study.outlets), Sentiment(), Topics()]
