"""The tone of a sentence, -1 to 1: VADER for English, our own word list for Chinese, else unknown.

VADER: Hutto and Gilbert 2014. The Chinese list is scored the same way: valences of words, turned
by negation, scaled by degree, then sum / sqrt(sum^2 + 15).
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from statistics import fmean
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.places import DATA
from ccgcii.cleaning.sentences import Sentences

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from ccgcii.documents import Document

# A mention's sentence is read up to here: what follows is a list or lacks its full stops.
LONGEST = 600
_ALPHA = 15.0
# How many characters before a word its negation or degree may stand.
_REACH = 4


def tone_of(sentence: str, language: str | None) -> float | None:
    """Return the tone of a sentence in -1..1, None where its language has no model."""
    if language == "en":
        return float(_vader().polarity_scores(sentence)["compound"])
    if language == "zh":
        return _chinese().tone(sentence)
    return None


def with_sentiment(document: Document) -> Document:
    """Return the document with the tone of each mention's sentence, and their mean as its own."""
    if document.language not in ("en", "zh"):
        return document
    fields = {"title": document.title, "text": document.text}
    sentences = {name: Sentences(text) for name, text in fields.items()}
    tones: dict[tuple[str, int], float | None] = {}
    mentions = []
    for mention in document.mentions:
        if mention.field not in fields:
            mentions.append(mention)  # a place of the source: no sentence names it
            continue
        start, end = sentences[mention.field].span_at(mention.start)
        place = (mention.field, start)
        if place not in tones:
            first = max(start, min(mention.start - LONGEST // 2, end - LONGEST))
            sentence = fields[mention.field][first : min(end, first + LONGEST)]
            tones[place] = tone_of(sentence, document.language)
        mentions.append(replace(mention, sentiment=tones[place]))
    known = [mention.sentiment for mention in mentions if mention.sentiment is not None]
    return replace(document, mentions=tuple(mentions), sentiment=fmean(known) if known else None)


@dataclass(frozen=True, slots=True)
class ChineseTones:
    """Words with their valence, negations and degrees, in one automaton."""

    words: tuple[str, ...]
    valences: tuple[float, ...]
    negations: frozenset[str]
    degrees: dict[str, float]
    automaton: AhoCorasick

    def tone(self, sentence: str) -> float:
        """Return the tone of a sentence; 0 if it holds no word of the list."""
        total, last, turn, scale = 0.0, -_REACH, 1.0, 1.0
        for index, start, end in self.automaton.find_matches_as_indexes(sentence):
            word = self.words[index]
            if start - last > _REACH:
                turn, scale = 1.0, 1.0
            last = end
            if word in self.negations:
                turn = -turn
            elif word in self.degrees:
                scale *= self.degrees[word]
            else:
                # A negated word is weaker than its opposite: "not good" is not "bad".
                total += self.valences[index] * scale * (0.74 * turn if turn < 0 else 1.0)
                turn, scale = 1.0, 1.0
        return total / math.sqrt(total * total + _ALPHA)


@cache
def _chinese() -> ChineseTones:
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
        tuple(valences.get(word, 0.0) for word in words),
        negations,
        degrees,
        AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest),
    )


@lru_cache(maxsize=1)
def _vader() -> SentimentIntensityAnalyzer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - reads its list

    return SentimentIntensityAnalyzer()
