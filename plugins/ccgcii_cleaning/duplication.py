"""Layer 3, duplication: of the same piece, one is kept.

Copies at other outlets are kept on purpose: syndication is reach. They form a story together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import SKETCH_VERSION, canonical_url, is_narrower, sketch_text, sketch_texts
from ccgcii_cleaning.wording import joined, without_links, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii import Document, NearTwinFilter, TwinFilter

_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SameAddress:
    """Twins have one address, once tracking parameters, AMP and mobile hosts are taken off."""

    name: ClassVar[str] = "same-address"
    layer: ClassVar[int] = 3

    def key(self, document: Document) -> str | None:
        """Return the canonical address; a piece without one has no such twin."""
        return document.canonical_url or canonical_url(document.url) or None


@dataclass(frozen=True, slots=True)
class SameText:
    """Twins say the same words at the same outlet or account, whatever their address.

    Case, spacing, punctuation and links are ignored. Pieces of under `least` columns ("Good
    morning, Wuhan!") have no twins.
    """

    name: ClassVar[str] = "same-text"
    layer: ClassVar[int] = 3
    version: ClassVar[int] = 2
    least: int = 40

    def key(self, document: Document) -> str | None:
        """Return the publisher and the words."""
        publisher = _publisher(document)
        words = words_of(document.text or document.title)
        if publisher is None or is_narrower(words, self.least):
            return None
        return joined(document.channel, publisher, words)


@dataclass(frozen=True, slots=True)
class NearText:
    """Copies say nearly the same within `days` days, by the shingles of their characters.

    At the same publisher a piece that is `same` alike is dropped; at another one it stays, and
    from `story` alike on the two are one story. Texts of under `least` columns have no near copies.
    A piece that names other cities is no copy, nor a short one (under `short` columns) with other
    figures: daily reports from one mould are news each day.
    """

    name: ClassVar[str] = "near-text"
    layer: ClassVar[int] = 3
    version: ClassVar[str] = f"2, {SKETCH_VERSION}"
    same: float = 0.8
    story: float = 0.5
    days: float = 7.0
    least: int = 80
    short: int = 1_000

    def key(self, document: Document) -> str | None:
        """Return the publisher, the cities, and the figures of a short text."""
        publisher = _publisher(document)
        if publisher is None:
            return None
        text = without_links(document.text or document.title)
        cities = ",".join(sorted({mention.city for mention in document.mentions}))
        figures = sorted(_FIGURE.findall(text)) if is_narrower(text, self.short) else []
        return joined(document.channel, publisher, cities, ",".join(figures))

    def sketch(self, document: Document) -> bytes | None:
        """Return the sketch of the text; of the title where there is no text."""
        return sketch_text(document.text or document.title, self.least)

    def sketches(self, documents: Sequence[Document]) -> list[bytes | None]:
        """Return the sketches of many documents: cheaper than one by one."""
        return sketch_texts([document.text or document.title for document in documents], self.least)


def _publisher(document: Document) -> str | None:
    """Return who answers for a piece: the outlet in media (its author writes for others too)."""
    if document.channel == "media":
        return document.outlet or document.author
    return document.author or document.outlet


def filters() -> list[TwinFilter | NearTwinFilter]:
    """Give the filters of this layer."""
    return [SameAddress(), SameText(), NearText()]
