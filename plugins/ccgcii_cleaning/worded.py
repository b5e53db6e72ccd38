"""A kind of noise told by its words: enough different phrases that make up enough of the text.

Each kind has its list in `data/noise_words.toml`. News about spam or weather has its phrases too,
but much else besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop
from ccgcii_cleaning.phrases import read
from ccgcii_cleaning.shapes import shape_of
from ccgcii_cleaning.wording import digits_in

if TYPE_CHECKING:
    from ccgcii_cleaning.phrases import Reading, Signs

# Notices: at least so many fragments, of no more columns on the average.
_FRAGMENTS = 6
_CLIPPED = 18
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Worded:
    """Drop what speaks mostly in the phrases of its kind (the filter's name).

    `signs` is how many different phrases it takes (or one that is certain), `share` the share of
    the text's columns that they fill, `digits` the share of digits among its characters, `longest`
    the columns from which on a text is no such thing, `words` the path of one's own phrases. A
    notice is written in fragments, a report is not: of a text in fragments `clipped` phrases (0:
    no fewer) and half the share are enough.
    """

    name: ClassVar[str]
    layer: ClassVar[int] = 4
    signs: int = 3
    share: float = 0.1
    digits: float = 0.0
    longest: int = 4_000
    words: str = ""
    clipped: int = 0

    def clean(self, document: Document) -> Document | Drop:
        """Count the kind's phrases in title and text."""
        if len(document.title) + len(document.text) > self.longest:
            return document
        reading = read(document.title, document.text, self.words)
        if (signs := reading.kinds.get(self.name)) is not None:
            judged = self._by_phrases(document, reading, signs)
            if isinstance(judged, Drop):
                return judged
        return self._by_evidence(document, reading)

    def _by_phrases(self, document: Document, reading: Reading, signs: Signs) -> Document | Drop:
        least = self.share
        found = len(signs.signs)
        if not signs.certain and found < self.signs:
            if not 0 < self.clipped <= found or not _is_clipped(document.text):
                return document
            least /= 2
        width = reading.width
        share = signs.width / max(1, width)
        if width > self.longest or share < least or _digits(document) < self.digits:
            return document
        shown = ", ".join([*signs.certain, *signs.signs][:4])
        return Drop(f"{share:.0%} of the text are its phrases: {shown}")

    def _by_evidence(self, document: Document, _: Reading) -> Document | Drop:
        """Look for what the kind shows without its phrases: here nothing."""
        return document


def _is_clipped(text: str) -> bool:
    shape = shape_of(text)
    return shape.fragments >= _FRAGMENTS and shape.mean <= _CLIPPED


def _digits(document: Document) -> float:
    """Return the share of digits among the characters."""
    written = _SPACE.sub("", document.title + document.text)
    return digits_in(written) / max(1, len(written))
