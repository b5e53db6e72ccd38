"""Small words in fourteen languages: "of", "in", "Chinese", endings after an apostrophe."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "small_words.toml"


@cache
def small_words(kind: str) -> frozenset[str]:
    """Return the words of one kind (`data/small_words.toml`)."""
    table: dict[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return frozenset(table[kind])


def is_of(word: str) -> bool:
    """Say whether a word is "of", an article after it, or either elided: de, della, l'."""
    return word.lower() in small_words("of") or (len(word) > 1 and word[-1] in "'’")
