"""The words around a name in a text."""

from __future__ import annotations

import re
from typing import NamedTuple

# Characters to either side that are read; longer than any noun with its "of" and its adjectives.
REACH = 48

_ELISION = r"\b(?:[dl]|dell|all|dall|nell|sull|qu)['’](?=\w)"
_PLAIN = re.compile(r"\w[\w&.’'-]*\w|\w|[^\w\s]")
# At thrice the cost, so only where there is an apostrophe.
_ELIDED = re.compile(rf"{_ELISION}|{_PLAIN.pattern}", re.IGNORECASE)
_QUOTES = frozenset("«»\"“”„‟‘’'‹›「」『』《》〈〉")


class Surroundings(NamedTuple):
    """The words around a name: before it from the nearest on, after it in their order."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def quoted(self) -> bool:
        """Say whether a quotation mark opens right before the name."""
        return bool(self.before) and self.before[0] in _QUOTES

    @property
    def closed(self) -> bool:
        """Say whether a quotation mark closes right after the name."""
        return bool(self.after) and self.after[0] in _QUOTES

    @property
    def headline(self) -> bool:
        """Say whether every longer word is capitalised, as in an English headline."""
        words = (*self.before, *self.after)
        longer = [word for word in words if len(word) > 3 and word[0].isalpha()]
        return len(longer) > 2 and not any(word[0].islower() for word in longer)


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """Return the words around `text[start:end]`."""
    before = words_of(text[max(0, start - REACH) : start])
    return Surroundings(tuple(before[::-1]), tuple(words_of(text[end : end + REACH])))


def words_of(text: str) -> list[str]:
    """Return the words and marks of a text."""
    pattern = _ELIDED if "'" in text or "’" in text else _PLAIN
    found: list[str] = []
    for word in text.split():
        # Most are words through and through, and need no pattern to say so.
        if word.isalnum():
            found.append(word)
        else:
            found += pattern.findall(word)
    return found
