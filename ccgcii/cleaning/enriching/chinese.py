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
_COMMA = frozenset("，。；！？,")
# A negated word is weaker than its opposite: "not good" is not "bad" (VADER's own factor).
_NEGATED = 0.74
_BEFORE, _BEHIND = 0.5, 1.5
# "Which is the best to live in?" asks and does not say; "how can one not love it?" says.
_ASKS = re.compile(
    r"怎么样|怎样|如何|哪|多少|什么时候|何时|几个|几[年月点时号]|是不是|能不能|会不会|有没有|该不该|好不好"
    r"|吗[？?]?\s*$|呢[？?]\s*$"
)
_SAYS = re.compile(
    r"为什么|为何|难道|凭什么|何必|岂|怎能|怎么能|谁|哪里比|哪有|哪能|有多|多么|如此|这么|那么[^?？]{0,6}，"
)
# Who was born somewhere is not the place: a sailor from Taizhou, a man of Wuhan who was robbed.
_PERSON = re.compile(r"籍(?!贯|书)|出生|(?:一|[一二两三四五六七八九十\d]+名|某)(?:男子|女子|男|女)")


@dataclass(frozen=True, slots=True)
class ChineseTones:
    """Words with their valence, negations and degrees, in one automaton."""

    words: tuple[str, ...]
    valences: tuple[float, ...]
    negations: frozenset[str]
    degrees: dict[str, float]
    turns: re.Pattern[str]
    elsewhere: re.Pattern[str]
    thanks: re.Pattern[str]
    automaton: AhoCorasick

    def tone(self, sentence: str) -> float:
        """Return the tone of a sentence; 0 if it holds no word of the list, or only asks."""
        values = self.values(sentence)
        if not values or _asks(sentence) or _PERSON.search(sentence):
            return 0.0
        last = [match.start() for match in self.turns.finditer(sentence)][-1:]
        # Who thanks for something bad does not mean it.
        if any(value < 0 for _, value in values) and self.thanks.search(sentence):
            values = [(start, min(value, 0.0)) for start, value in values]
        total = 0.0
        for start, value in values:
            factor = (_BEFORE if start < last[0] else _BEHIND) if last else 1.0
            total += factor * value
        return total / math.sqrt(total * total + _ALPHA)

    def values(self, sentence: str) -> list[tuple[int, float]]:
        """Return where words with a tone stand, and what each is worth there."""
        found = []
        last, turn, scale = -_REACH - 1, 1.0, 1.0
        changed = False
        for index, start, end in self.automaton.find_matches_as_indexes(sentence):
            # A negation or degree reaches over a few characters, never over a comma.
            if changed and (start - last > _REACH or not _COMMA.isdisjoint(sentence[last:start])):
                turn, scale, changed = 1.0, 1.0, False
            last = end
            if value := self.valences[index]:
                value *= scale * (_NEGATED * turn if turn < 0 else 1.0)
                found.append((start, value))
                turn, scale, changed = 1.0, 1.0, False
            elif (word := self.words[index]) in self.negations:
                turn, changed = -turn, True
            elif word in self.degrees:
                scale, changed = scale * self.degrees[word], True
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
        _any_of(table["thanks"]["words"]),
        AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest),
    )


def _asks(sentence: str) -> bool:
    """Say whether a sentence is a question that wants an answer."""
    asked = sentence.rstrip().endswith(("？", "?", "吗", "呢"))
    return asked and _ASKS.search(sentence) is not None and _SAYS.search(sentence) is None


def _any_of(words: str) -> re.Pattern[str]:
    longest_first = sorted(words.split(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
