"""Names of a seat of government that stand for the government: Beijing denied it.

They count as the city (the name is what the reader hears); a study may set them aside.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.small_words import small_words

if TYPE_CHECKING:
    from ccgcii.cleaning.toponyms.surroundings import Surroundings


FILE = Path(__file__).parent / "data" / "metonyms.toml"
_FAR_BEFORE = 6
# Characters of Chinese, Japanese or Korean within which another seat speaks for a government.
_NEAR_HAN = 12


@dataclass(frozen=True, slots=True)
class MetonymWords:
    """The seats of government, and the words beside their names that speak of governments."""

    seats: frozenset[str]
    acts: frozenset[str]
    affairs: frozenset[str]
    before: frozenset[str]
    relations: frozenset[str]
    capitals: frozenset[str]
    han_after: re.Pattern[str]
    han_before: re.Pattern[str]
    hangul_after: re.Pattern[str]
    han_capitals: re.Pattern[str]
    hangul_capitals: re.Pattern[str]


def is_seat(city: str) -> bool:
    """Say whether a government sits in the city with this key."""
    return city in metonym_words().seats


def stands_for_government(
    text: str, start: int, end: int, script: str, around: Surroundings
) -> bool:
    """Say whether the name of a seat of government stands for the government."""
    words = metonym_words()
    if script == "han":
        head = text[max(0, start - _FAR_BEFORE) : start]
        if words.han_after.match(text, end) or words.han_before.search(head):
            return True
        near = text[max(0, start - _NEAR_HAN) : end + _NEAR_HAN]
        return words.han_capitals.search(near) is not None
    if script == "hangul":
        near = text[max(0, start - _NEAR_HAN) : end + _NEAR_HAN]
        return bool(words.hangul_after.match(text, end) or words.hangul_capitals.search(near))
    return _acts(around, words) or _is_acted_on(around, words) or _beside_capital(around, words)


def _acts(around: Surroundings, words: MetonymWords) -> bool:
    after = [word.lower() for word in around.after[:4] if word != ","]
    if after[:1] in (["'"], ["’"]) or after[:1] == ["-"]:
        after = after[2:] if after[1:2] == ["s"] else after[1:]
        return bool(words.affairs.intersection(after[:2]))
    if after[:1] and after[0] in words.affairs:
        return True
    if after[:1] and after[0] in small_words("auxiliaries"):
        return any(
            word in words.acts and word not in small_words("auxiliaries") for word in after[1:3]
        )
    if after[:1] and after[0] in words.acts:
        return True
    # Arabic puts the verb first: رفضت بكين.
    before = around.before[0] if around.before else ""
    return before in words.acts and not before.isascii()


def _is_acted_on(around: Surroundings, words: MetonymWords) -> bool:
    before = [word.lower() for word in around.before[:3]]
    if before[:1] == ["-"]:
        before = before[1:]
    if before[:1] and (before[0] in words.before or before[0] in {"pro-", "anti-"}):
        return True
    return len(before) > 1 and f"{before[1]} {before[0]}" in words.relations


def _beside_capital(around: Surroundings, words: MetonymWords) -> bool:
    """Say whether another seat of government acts in the same breath: Seoul waits for Beijing.

    Not where people travel between the two, nor where something happens in the city.
    """
    nearby = {*_same_clause(around.before), *_same_clause(around.after)}
    if small_words("travel").intersection(word.lower() for word in nearby):
        return False
    before = around.before[0].lower() if around.before else ""
    return before not in small_words("inside") and not words.capitals.isdisjoint(nearby)


def _same_clause(nearest: tuple[str, ...]) -> tuple[str, ...]:
    end = next((place for place, word in enumerate(nearest) if word in ".!?;"), len(nearest))
    return nearest[:end]


@cache
def metonym_words() -> MetonymWords:
    """Return the words that ship with ccgcii (`data/metonyms.toml`)."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return MetonymWords(
        seats=frozenset(table["seats"]),
        acts=frozenset(table["acts"]),
        affairs=frozenset(table["affairs"]),
        before=frozenset(table["before"]),
        relations=frozenset(table["relations"]),
        capitals=frozenset(table["capitals"]),
        han_after=re.compile(table["han_after"]),
        han_before=re.compile(table["han_before"]),
        hangul_after=re.compile(table["hangul_after"]),
        han_capitals=re.compile(table["han_capitals"]),
        hangul_capitals=re.compile(table["hangul_capitals"]),
    )
