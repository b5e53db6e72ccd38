"""Words: what a text's opening is made of, for finding what is suddenly spoken of."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

# How much of a text is read: its subject stands at its head.
OPENING = 400
FEWEST_DOCUMENTS = 5
MOST_WORDS = 20_000

_LATIN = re.compile(r"[^\W\d_][^\W\d_'’-]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_ADDRESS = re.compile(r"https?://\S+|[@#](?=\w)|\b\w+@\w+\.\w+")

Piece = tuple[int, int, str]
"""A document's number, its day, and its title and text."""


def words_of(text: str) -> set[str]:
    """Return the words of a text's opening: lower case, three letters or more; Chinese in pairs."""
    opening = _ADDRESS.sub(" ", text[:OPENING])
    found = {word.lower() for word in _LATIN.findall(opening) if not _HAN.match(word)}
    for run in _HAN.findall(opening):
        found |= {run[place : place + 2] for place in range(len(run) - 1)}
    return found


def frequent_words(pieces: Iterable[Piece]) -> list[str]:
    """Return the words that stand in at least five documents, the 20,000 most frequent."""
    counts: Counter[str] = Counter()
    for _, _, text in pieces:
        counts.update(words_of(text))
    return [word for word, n in counts.most_common(MOST_WORDS) if n >= FEWEST_DOCUMENTS]


def count_by_day(pieces: Iterable[Piece], words: list[str], days: int) -> NDArray[np.int32]:
    """Return words x days: how many documents of the day have the word."""
    places = {word: place for place, word in enumerate(words)}
    counts = np.zeros((len(words), days), dtype=np.int32)
    for _, day, text in pieces:
        known = [places[word] for word in words_of(text) if word in places]
        counts[known, day] += 1
    return counts


def documents_with(
    pieces: Iterable[Piece], wanted: dict[str, list[tuple[int, int]]]
) -> Iterator[tuple[str, int, int]]:
    """Yield word, day and document for the words wanted, in the stretches of days they are."""
    for document, day, text in pieces:
        for word in words_of(text) & wanted.keys():
            if any(first <= day <= last for first, last in wanted[word]):
                yield word, day, document
