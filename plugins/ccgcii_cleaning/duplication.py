"""Layer 3, duplication: of the same piece, one is kept.

Copies at other outlets are kept on purpose: syndication is reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, ClassVar

from ccgcii import canonical_url, display_width

if TYPE_CHECKING:
    from ccgcii import Document, TwinFilter

_NOT_WORD = re.compile(r"[\W_]+")
_LINK = re.compile(r"https?://\S+")


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
    least: int = 40

    def key(self, document: Document) -> str | None:
        """Return a hash of the publisher and the words."""
        publisher = document.author if document.page is None else document.outlet
        publisher = publisher or document.outlet or document.author
        words = _NOT_WORD.sub(" ", _LINK.sub(" ", document.text or document.title)).casefold()
        words = " ".join(words.split())
        if publisher is None or display_width(words) < self.least:
            return None
        said = f"{document.channel}\0{publisher}\0{words}"
        return blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def filters() -> list[TwinFilter]:
    """Give the filters of this layer."""
    return [SameAddress(), SameText()]
