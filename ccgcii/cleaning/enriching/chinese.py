"""The tone of a Chinese sentence by our own word list, scored as VADER scores English.

Valences of words, turned by negation, scaled by degree, halved before a turn ("但") and raised
behind it; then sum / sqrt(sum^2 + 15).
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

DATA = Path(__file__).with_name("data")


_ALPHA = 15.0
# How many characters before a word its negation or degree may stand.
_REACH = 4
# A negated word is weaker than its opposite: "not good" is not "bad" (VADER's own factor).
_NEGATED = 0.74
_BEFORE, _BEHIND = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class ChineseTones:
    """Words with their valence, negations and degrees, in one automaton."""

    words: tuple[str, ...]
    valences: tuple[float, ...]
    negations: frozenset[str]
    degrees: dict[str, float]
    turns: re.Pattern[str]
    elsewhere: re.Pattern[str]
    automaton: AhoCorasick

    def tone(self, sentence: str) -> float:
        """Return the tone of a sentence; 0 if it holds no word of the list."""
        last = [match.start() for match in self.turns.finditer(sentence)][-1:]
        total = 0.0
        for start, value in self.values(sentence):
            factor = (_BEFORE if start < last[0] else _BEHIND) if last else 1.0
            total += factor * value
        return total / math.sqrt(total * total + _ALPHA)

    def values(self, sentence: str) -> list[tuple[int, float]]:
        """Return where words with a tone stand, and what each is worth there."""
        found = []
        last, turn, scale = -_REACH - 1, 1.0, 1.0
        for index, start, end in self.automaton.find_matches_as_indexes(sentence):
            word = self.words[index]
            # A negation or degree reaches over a few characters, never over a comma.
            if start - last > _REACH or any(mark in sentence[last:start] for mark in "，。；！？,"):
                turn, scale = 1.0, 1.0
            last = end
            if word in self.negations:
                turn = -turn
            elif word in self.degrees:
                scale *= self.degrees[word]
            elif self.valences[index]:
                value = self.valences[index] * scale * (_NEGATED * turn if turn < 0 else 1.0)
                found.append((start, value))
                turn, scale = 1.0, 1.0
        return found


@cache
def chinese_tones() -> ChineseTones:
    """Return the list that ships with ccgcii, compiled."""
    table = tomllib.loads((DATA / "sentiment_zh.toml").read_text(encoding="utf-8"))
    valences: dict[str, float] = {}
    for name in ("strongly_positive", "positive", "negative", "strongly_negative"):
        for word in table[name]["words"].split():
            valences[word] = float(table[name]["valence"])
    negations = frozenset(table["negations"]["words"].split())
    degrees = {word: float(value) for word, value in table["degrees"].items()}
    neutral = frozenset(table["neutral"]["words"].split())
    words = tuple(dict.fromkeys((*valences, *negations, *degrees, *neutral)))
    return ChineseTones(
        words,
        tuple(0.0 if word in neutral else valences.get(word, 0.0) for word in words),
        negations,
        degrees,
        _any_of(table["turns"]["words"]),
        _any_of(table["elsewhere"]["words"]),
        AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest),
    )


def _any_of(words: str) -> re.Pattern[str]:
    longest_first = sorted(words.split(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
