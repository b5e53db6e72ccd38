"""Layer 5, quality: language, origin, topics and tone. These filters learn; they drop nothing.

They are named so that they run in this order: language, origin, sentiment, topics.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from ccgcii import (
    ConfigError,
    Document,
    Outlet,
    changed,
    country_of_domain,
    detect_language,
    find_topics,
    open_model,
    outlet_domain,
    suggest,
    topic_powers,
    with_sentiment,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii import Drop, Filter, Study

LEXICON, TRANSFORMERS = BACKENDS = ("lexicon", "transformers")


@dataclass(frozen=True, slots=True)
class Language:
    """Attach the language: the detected one, the declared one where detection is unsure."""

    name: ClassVar[str] = "language"
    layer: ClassVar[int] = 5
    version: ClassVar[int] = 2
    confidence: float = 0.5

    def clean(self, document: Document) -> Document | Drop:
        """Detect on title and the beginning of the text."""
        found = detect_language(f"{document.title}\n{document.text}")
        if found is not None and found.confidence >= self.confidence:
            return changed(document, language=found.code, language_confidence=found.confidence)
        return changed(document, language=document.declared_language)


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
        return changed(
            document,
            outlet=domain,
            country=country or country_of_domain(domain),
            tier=known.tier if known else None,
        )


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Attach the tone towards each city that the sentences naming it take.

    English and Chinese are read by word lists, other languages are unknown. With
    `backend = "transformers"` the model in the folder `model` reads instead: every language, or
    those named in `languages`.
    """

    name: ClassVar[str] = "sentiment"
    layer: ClassVar[int] = 5
    version: ClassVar[int] = 3
    backend: str = LEXICON
    model: str = ""
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a model that is not there before anything is cleaned."""
        if _has_model(self.name, self.backend, self.model):
            _ = open_model(self.model).tones

    def clean(self, document: Document) -> Document | Drop:
        """Read what is said of each city."""
        told = not self.languages or document.language in self.languages
        if self.backend == LEXICON or not told:
            return with_sentiment(document)
        return with_sentiment(document, open_model(self.model).tone)


@dataclass(frozen=True, slots=True)
class Topics:
    """Attach the topics of the taxonomy; `taxonomy` is the path of one's own file.

    With `backend = "transformers"` the model in the folder `model` decides, whose labels are
    topics of the taxonomy; each that it holds at least `least` probable is one.
    """

    name: ClassVar[str] = "topics"
    layer: ClassVar[int] = 5
    version: ClassVar[int] = 2
    taxonomy: str = ""
    backend: str = LEXICON
    model: str = ""
    least: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a model that is not there before anything is cleaned."""
        if _has_model(self.name, self.backend, self.model):
            open_model(self.model).topics_among(self._known())

    def clean(self, document: Document) -> Document | Drop:
        """Match the taxonomy's words in title and text, or ask the model."""
        taxonomy = self.taxonomy or None
        if self.backend == LEXICON:
            topics = find_topics(document.text, document.title, taxonomy, document.language)
        else:
            text = f"{document.title}\n{document.text}"
            topics = open_model(self.model).topics(text, self._known(), self.least)
        return changed(document, topics=topics)

    def _known(self) -> Mapping[str, str]:
        return topic_powers(self.taxonomy or None)


def _has_model(name: str, backend: str, model: str) -> bool:
    """Say whether a model reads; raises `ConfigError` for a backend that does not exist."""
    if backend not in BACKENDS:
        raise ConfigError(f"[filters.{name}] backend = {backend!r}{suggest(backend, BACKENDS)}")
    if backend == LEXICON and model:
        raise ConfigError(
            f'[filters.{name}] model = {model!r} is read with backend = "{TRANSFORMERS}" only'
        )
    return backend == TRANSFORMERS


def filters(study: Study) -> list[Filter]:
    """Give the filters of this layer."""
    return [Language(), Origin(study.outlets), Sentiment(), Topics()]
