"""Layer 4, text made by machines to fill a page: placeholders, set phrases, bait for searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ccgcii import Document, Drop, display_width
from ccgcii_cleaning.phrases import read
from ccgcii_cleaning.shapes import LONGEST, said_again, sentences_with

_PART = re.compile(r"[\n。！？]+|(?<=[.!?;])\s+")
_CELL = re.compile(r"[\n。！？，、；;]+|(?<=[.!?,])\s+")
# [insert city name here]
# [title] [first part] [keyword]; the bracket stands first, so that it is looked for alone.
_GAP = re.compile(
    r"\[(?:(?:insert|your) [\w ]{3,30}\]|[^\W\d][^\]\n]{3,40}\]\s+\[[^\W\d][^\]\n]{3,40}\]\s+\[)"
)
# {{city}} {season}, %%word%%: variables of a template that nobody filled in; two are needed.
_VARIABLE = re.compile(r"\{\{?\s*[^\W\d][^{}\n]{0,24}\}|%%\w+%%")
_VARIABLES = 2
# "Sure! Here are five tweets", 好的，以下是一篇文章: what chatbots answer, pasted with the rest.
_ANSWER = re.compile(
    r"\W*(?:(?:sure|certainly|of course|absolutely|great)[!,.]? here(?:'s| is| are)"
    r"|natürlich[!,.] hier (?:ist|sind)|bien sûr ?[!,.] voici|(?:por supuesto|claro)[!,.] aquí"
    r"|(?:claro|certamente)[!,.] aqui est|certo[!,.] ecco|конечно[!,.] вот|elbette[!,.] işte"
    r"|tentu[!,.] berikut|chắc chắn rồi[!,.]"
    r"|(?:好的|当然|當然|没问题|沒問題)[，,！!。]\s*(?:以下|下面|这|這)"
    r"|もちろんです[。！]\s*以下|물론입니다[.!])"
    r".{0,60}?(?:articl|tweet|post|caption|draft|summar|options|ideas|words|blog|script|essay"
    r"|slogan|text|beitr|mots|palabras|palavras|parole|artikel|стат|текст|makale|bài|文|稿|标题|標題|攻略|記事|글)",
)
# What fills more than this share of a text is a chant, and what is shorter may be one.
_CHANT = 0.85
_CHANTED = 80
_SENTENCES = 3
_STUFFED = 2_000


@dataclass(frozen=True, slots=True)
class Filler:
    """Drop text made by machines to fill a page: placeholders, and the same again and again.

    Placeholders and set phrases are those of `filler` in `data/noise_words.toml`: `phrases`
    different ones that fill `hollow` of a text say nothing else. Sentences of over 20 columns are
    counted; `share` of the text must stand there before, in at least `least` sentences. Who says
    enough besides is no machine, however often a line comes again (recipes, plans for each day,
    refrains): sentences that differ fill less than `different` columns. A phrase of some words that
    comes `stuffed` times and fills `stuffing` of the text is bait for searches.
    """

    name: ClassVar[str] = "filler"
    layer: ClassVar[int] = 4
    version: ClassVar[int] = 2
    least: int = 6
    share: float = 0.6
    different: int = 1000
    stuffed: int = 5
    stuffing: float = 0.35
    phrases: int = 5
    hollow: float = 0.25

    def clean(self, document: Document) -> Document | Drop:
        """Look for placeholders, then for sentences said before."""
        text = document.text
        lowered = text.lower()
        if sign := self._said(document, lowered):
            return Drop(sign)
        if (stuffed := self._stuffed(lowered)) is not None:
            return stuffed
        if not _repeats(text):
            return document
        sentences = [part.strip().lower() for part in _PART.split(text)]
        sentences = [part for part in sentences if len(part) >= 10 and display_width(part) > 20]
        if len(sentences) < self.least:
            return document
        said = set(sentences)
        again = 1 - sum(map(len, said)) / sum(map(len, sentences))
        if again > self.share and sum(map(display_width, said)) < self.different:
            return Drop(f"{again:.0%} of {len(sentences)} sentences stand there before")
        return document

    def _said(self, document: Document, lowered: str) -> str:
        """Return what the words of a text say of a machine, `""` if nothing."""
        if _GAP.search(lowered) or _ANSWER.match(lowered):
            return "placeholder text"
        if ("{" in lowered or "%%" in lowered) and len(_VARIABLE.findall(lowered)) >= _VARIABLES:
            return "a template that nobody filled in"
        if len(document.title) + len(document.text) > LONGEST:
            return ""
        # The filters of words ask for the very same, with no words of one's own: it is remembered.
        reading = read(document.title, document.text, "")
        signs = reading.kinds.get(self.name)
        if signs is None:
            return ""
        if signs.certain:
            return f"placeholder text: {signs.certain[0]}"
        hollow = len(signs.signs) >= self.phrases and signs.width > self.hollow * reading.width
        return f"set phrases and little else: {', '.join(signs.signs[:4])}" if hollow else ""

    def _stuffed(self, text: str) -> Drop | None:
        """Find a phrase put into every sentence for searches; a chant is one sentence."""
        if not _CHANTED // 2 <= len(text) <= _STUFFED or not _perhaps_stuffed(text, self.stuffed):
            return None
        phrase, times, filled = said_again(text, self.stuffed)
        bait = times and self.stuffing <= filled <= _CHANT and display_width(text) >= _CHANTED
        # What stands between commas is no sentence: more of them are needed.
        for cut, least in ((_PART, _SENTENCES), (_CELL, self.stuffed)) if bait else ():
            if sentences_with(phrase, cut.split(text)) >= least:
                return Drop(f"{phrase!r} comes {times} times and fills {filled:.0%} of the text")
        return None


def _repeats(text: str) -> bool:
    """Say whether any of five places of a text stands there again: a look before counting."""
    return _stands_often(text, 6, 16, 2)


def _perhaps_stuffed(text: str, times: int) -> bool:
    """Say whether any of sixteen places stands there so often: a look before counting phrases."""
    wide = text[len(text) // 2] > "\u2e80" or text[len(text) // 3] > "\u2e80"
    return _stands_often(text, 17, 4 if wide else 12, times)


def _stands_often(text: str, parts: int, length: int, times: int) -> bool:
    """Say whether what stands between any two of so many parts of a text comes so often."""
    size, count = len(text), text.count
    for part in range(1, parts):
        place = size * part // parts
        if count(text[place : place + length]) >= times:
            return True
    return False
