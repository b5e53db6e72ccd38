"""The shape of a text, whatever its language: fragments, figures in them, phrases that come again.

Tables, listings and notices are written in fragments; prose is not. A fragment is what stands
between line ends and marks of punctuation; a mark between two digits belongs to a figure.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from ccgcii import display_width

# Links, handles and hashtags are no fragments of anything.
_ASIDE = re.compile(r"https?://\S+|[@#]\w+")
_CUT = re.compile(r"[\n;；。、，·|｜／【】→!！?？]|(?<!\d)[,.:：/—]|[,.:：/—](?!\d)|\s[-–]\s")
# In Chinese a space parts cells, for words have none.
_WIDE_CUT = re.compile(rf"{_CUT.pattern}|(?<=[\u2e80-\u9fff])\s+|\s+(?=[\u2e80-\u9fff])")
# Who says, reports or quotes tells a story, in however short clauses: no notice does.
_TOLD = re.compile(
    r"[“「『«][^”」』»\n]{6,}[”」』»]"
    r"|记者|警方|警察|民警|法院|据悉|据了解|[他她我]说|(?:表示|透露|坦言|笑称|回忆)[，：道]"
    r"|と話|と語|によると|말했|전했다|경찰|법원"
    r"|\b(?:said|says|told|asked|recalls|according|police|dit|explique|raconte|selon|sagt|sagte|laut"
    r"|polizei|dice|dijo|cuenta|según|policía|diz|disse|polícia|racconta|polizia|говорит|сказал"
    r"|рассказ\w+|словам|полици\w+|cho biết|công an|dedi|söyledi|polis|kata|menurut|polisi|قال|قالت"
    r"|الشرطة)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[\n。！？!?]+|(?<!\d)\.|\.(?!\d)")
_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")
_WIDE = re.compile(r"[\u2e80-\u9fff]")
_DIGIT = re.compile(r"\d")
_LINES = 5
_FEW = 4
_LONG = 24
# "Ningbo plumber" is bait, "of the" is not.
_PAIR = 2
_LONG_WORD = 4
# The text of a long piece has every shape somewhere.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How many fragments a text has, how wide they are, and what those with a figure fill.

    `mean` is in columns, and of whole sentences where a text tells what somebody said; `figures`
    counts the short fragments that hold a digit, `filled` is their share (0-1) of the width of all.
    """

    fragments: int = 0
    mean: float = 0.0
    figures: int = 0
    filled: float = 0.0
    width: int = 0


@lru_cache(maxsize=512)
def shape_of(text: str, short: int = 32) -> Shape:
    """Measure the fragments of a text; those of over `short` columns are clauses, not cells.

    A text of several lines has its lines for rows, if they are short ones with figures.
    """
    plain = _ASIDE.sub(" ", text)
    found = _measured((_CUT if plain.isascii() else _WIDE_CUT).split(plain), short)
    # Asked of few texts: a few fragments, or long ones, are no list in any case.
    if found.fragments > _FEW and found.mean < _LONG and _TOLD.search(plain):
        sentences = sum(1 for part in _SENTENCE.split(plain) if part.strip())
        found = replace(found, mean=max(found.mean, found.width / max(1, sentences)))
    lines = plain.splitlines()
    if len(lines) >= _LINES:
        rows = _measured(lines, short + short // 2)
        if rows.filled > found.filled:
            return Shape(found.fragments, found.mean, rows.figures, rows.filled, found.width)
    return found


def _measured(parts: list[str], short: int) -> Shape:
    widths, cells = [], []
    for part in parts:
        if not (written := part.strip()):
            continue
        width = display_width(written)
        widths.append(width)
        if width <= short and _DIGIT.search(written):
            cells.append(width)
    total = sum(widths)
    if not total:
        return Shape()
    return Shape(len(widths), total / len(widths), len(cells), sum(cells) / total, total)


def sentences_with(phrase: str, parts: list[str]) -> int:
    """Return how many different sentences of `parts` hold a phrase of `said_again`."""
    plain = {" ".join(_WORD.findall(part.lower())) for part in parts}
    close = {said.replace(" ", "") for said in plain}
    return max(sum(phrase in said for said in plain), sum(phrase in said for said in close))


def said_again(text: str, least: int) -> tuple[str, int, float]:
    """Return the phrase that comes again most, how often, and the share (0-1) of the text it fills.

    A phrase is of three to five different words, a Chinese character counting as half of one;
    `least` times is often, for two long words once more. `("", 0, 0.0)` where none comes so often
    ("no no no" is a cry).
    """
    words = _WORD.findall(text.lower())
    total = sum(map(display_width, words))
    best: tuple[str, int, float] = ("", 0, 0.0)
    wide = len(_WIDE.findall(text)) > len(words) / 2
    for length in (6, 8, 10) if wide else (2, 3, 4, 5):
        spans = (tuple(words[at : at + length]) for at in range(len(words) - length + 1))
        shortest = _LONG_WORD if length == _PAIR else 0
        counted = Counter(
            span for span in spans if len(set(span)) == length and min(map(len, span)) >= shortest
        )
        for phrase, times in counted.most_common(1):
            filled = times * sum(map(display_width, phrase)) / max(1, total)
            if times >= least + (length == _PAIR) and filled > best[2]:
                best = (("" if wide else " ").join(phrase), times, filled)
    return best
