"""Nouns that, beside a city's name, make the two the name of something else.

The nouns, by class and by where they stand, are data (`data/name_heads.toml`), in fourteen
languages at once: a noun of one language seldom stands beside a city's name in another.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "name_heads.toml"
# A noun is never longer than "tàu sân bay" and the like.
LONGEST_NOUN = 3
SHORTEST_STEM = 3
# What bears a name that may stand in quotation marks.
NAMED_THINGS = frozenset({"ship", "work", "band", "house", "drink", "horse"})

_ARABIC_PREFIXES = "وفبكل"
_ARABIC_PREFIX = re.compile(rf"^[{_ARABIC_PREFIXES}]{{1,2}}(?=\w{{3}})")


@dataclass(frozen=True, slots=True)
class Heads:
    """The nouns of one position: whole words, and the beginnings of those with any ending.

    `heads` are the first letters of those beginnings, `last` the last words of nouns of several.
    """

    words: dict[str, str]
    stems: dict[str, str]
    heads: frozenset[str]
    last: frozenset[str]

    def kind(self, noun: str) -> str | None:
        """Return the class of a noun in lower case, None if it is none of ours."""
        known = self.words.get(noun)
        if known is not None or noun[:SHORTEST_STEM] not in self.heads:
            return known
        for length in range(SHORTEST_STEM, len(noun) + 1):
            if noun[:length] in self.stems:
                return self.stems[noun[:length]]
        return None

    def ending_at(self, words: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return (class, noun) of the nouns of one, two or three words that end at the nearest."""
        if not words:
            return []
        nearest = words[0].lower()
        kind = self.kind(nearest)
        if kind is None and nearest[0] in _ARABIC_PREFIXES:
            kind = self.kind(_ARABIC_PREFIX.sub("", nearest))
        if kind is None and "-" in nearest:
            kind = self.kind(nearest.rpartition("-")[2])  # Asia-Bistro
        found = [(kind, words[0])] if kind is not None else []
        if nearest in self.last:
            for length in range(2, min(LONGEST_NOUN, len(words)) + 1):
                noun = " ".join(reversed(words[:length]))
                longer = self.kind(noun.lower())
                if longer is not None:
                    found.append((longer, noun))
        return found


def is_named_thing(word: str) -> bool:
    """Say whether a word is the noun of a thing whose name stands in quotation marks."""
    noun = word.lower()
    kind = heads("beside").kind(noun) or heads("quoted").kind(noun)
    return kind in NAMED_THINGS


@cache
def heads(position: str) -> Heads:
    """Return the nouns that stand `of`, `beside`, `next`, `run` or `quoted`."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    words = {word: kind for kind, nouns in tables[position].items() for word in nouns}
    stems = {word[:-1]: kind for word, kind in words.items() if word.endswith("*")}
    return Heads(
        {word: kind for word, kind in words.items() if not word.endswith("*")},
        stems,
        frozenset(stem[:SHORTEST_STEM] for stem in stems),
        frozenset(word.split(" ")[-1] for word in words if " " in word),
    )
