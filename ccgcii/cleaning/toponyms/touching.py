"""Chinese names that only touch: 湖南通报 is Hunan + reports, not Nantong.

Chinese writes no spaces, so the last character of one word and the first of the next may look like
a city. Two readings are compared by how common their words are: the city and what is left of the
words around it, against those words whole. What a word weighs against its remainder is data
(`data/touching_words.csv`, from jieba's word counts by `ccgcii.cleaning.toponyms.touching_build`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "touching_words.csv"
LONGEST = 4
# In favour of the city, in natural logarithms: these texts speak of cities more than others do.
BIAS = 2.0
KINDS = ("left", "right", "before", "after", "city", "single")


@dataclass(frozen=True, slots=True)
class TouchingWords:
    """What the words around a city's characters weigh, in natural logarithms of their shares.

    `left` and `right` say how much likelier a word is than its remainder without the city's
    character (湖南 than 湖), `before` how much likelier a word that ends where the city begins is
    than its two characters (打造, against 造成 and 都), `after` the same of what follows it
    (节日, against 长 and 春节), `city` how common a city's name is, `single` a character by itself.
    """

    left: dict[str, float]
    right: dict[str, float]
    before: dict[str, float]
    after: dict[str, float]
    city: dict[str, float]
    single: dict[str, float]
    simplified: dict[int, str]


def only_touches(text: str, start: int, end: int) -> bool:
    """Say whether two characters of Han are likelier parts of their neighbours than a city."""
    words = touching_words()
    head = max(0, start - LONGEST)
    window = text[head : end + LONGEST].translate(words.simplified)
    at = start - head
    weight = words.city.get(window[at : at + 2])
    if weight is None or end - start != 2:
        return False
    left = _left(words, window, at)
    right = _right(words, window, at)
    if left is None and right is None:
        return False
    # A character that no word takes stands by itself.
    before = words.single[window[at]] if left is None else left
    after = words.single[window[at + 1]] if right is None else right
    return before + after > weight + BIAS


def _left(words: TouchingWords, window: str, at: int) -> float | None:
    long = [window[at + 1 - size : at + 1] for size in range(3, LONGEST + 1) if size <= at + 1]
    best = _best(words.left, long)
    short = words.left.get(window[at - 1 : at + 1]) if at else None
    if short is None:
        return best
    short -= words.before.get(window[at - 2 : at], 0.0) if at > 1 else 0.0
    return short if best is None else max(best, short)


def _right(words: TouchingWords, window: str, at: int) -> float | None:
    long = [window[at + 1 : at + 1 + size] for size in range(3, LONGEST + 1)]
    best = _best(words.right, long)
    short = words.right.get(window[at + 1 : at + 3])
    if short is None:
        return best
    short -= words.after.get(window[at + 2 : at + 4], 0.0)
    return short if best is None else max(best, short)


def _best(weights: dict[str, float], words: list[str]) -> float | None:
    return max((weights[word] for word in words if word in weights), default=None)


@cache
def touching_words() -> TouchingWords:
    """Return the table that ships with ccgcii."""
    tables: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
    simplified: dict[int, str] = {}
    with FILE.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(line for line in opened if not line.startswith("#")):
            if row["kind"] == "traditional":
                simplified[ord(row["text"])] = row["weight"]
            else:
                tables[row["kind"]][row["text"]] = float(row["weight"])
    return TouchingWords(**tables, simplified=simplified)
