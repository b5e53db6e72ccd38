"""Scripts and word boundaries: Latin words end, Chinese words do not."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
# Prepositions and the article are written together with the Arabic word that follows.
_ARABIC_PREFIXES = frozenset("وفبكلا")
# Longer than any hashtag.
LONGEST_TAG = 300
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_HANDLE = re.compile(r"@[\w.-]+")


def script_of(word: str) -> str:
    """Return `han`, `hangul`, `arabic` or `alphabet` (Latin, Cyrillic, Greek ...)."""
    if _HAN.search(word):
        return "han"
    if _HANGUL.search(word):
        return "hangul"
    return "arabic" if _ARABIC.search(word) else "alphabet"


def has_kana(text: str) -> bool:
    """Say whether a text is written with Japanese syllables."""
    return _KANA.search(text) is not None


def stands_alone(text: str, start: int, end: int, script: str) -> bool:
    """Say whether `text[start:end]` is a word of its own in that script.

    Korean and Turkish endings may follow, Arabic prefixes may stand before, a German or English
    genitive s may end it; Chinese and Japanese have no boundaries.
    """
    if script == "han":
        return True
    before, after = text[start - 1 : start], text[end : end + 1]
    if script == "hangul":
        return not _HANGUL.match(before)
    if script == "arabic":
        return not _is_arabic(after) and _arabic_start(text, start)
    return not _joins(before) and (not _joins(after) or _genitive(text, end))


def addresses(text: str) -> list[tuple[int, int]]:
    """Return the spans of links, e-mail addresses and handles: no prose, no mention."""
    spans = []
    if "://" in text or "www." in text:
        spans += [match.span() for match in _LINK.finditer(text)]
    if "@" in text:
        spans += [(_local_part(text, m.start()), m.end()) for m in _HANDLE.finditer(text)]
    return spans


class Spans:
    """Stretches of a text that may lie within each other; asked whether an offset is in any."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans = sorted(spans)
        self._starts = [start for start, _ in spans]
        # The furthest end of all that begin up to there.
        self._ends = list(accumulate((end for _, end in spans), max))

    def __contains__(self, offset: int) -> bool:
        """Say whether an offset is in one of them."""
        before = bisect_right(self._starts, offset)
        return before > 0 and offset < self._ends[before - 1]


def _local_part(text: str, at: int) -> int:
    """Return where the name before an @ begins; at the @ itself for a handle."""
    while at and (text[at - 1].isalnum() or text[at - 1] in "_.+-"):
        at -= 1
    return at


def hashtag_at(text: str, start: int, end: int) -> bool:
    """Say whether a capitalised name is a word of a hashtag: #VisitWuhan, #Beijing2022."""
    head, first = start, max(0, start - LONGEST_TAG)
    while head > first and (text[head - 1].isalnum() or text[head - 1] == "_"):
        head -= 1
    if not head or text[head - 1] != "#" or not text[start].isupper():
        return False
    before, after = text[start - 1], text[end : end + 1]
    starts = start == head or before.islower() or not before.isalpha()
    return starts and not after.islower()


def _joins(character: str) -> bool:
    # Letters of scripts without spaces do not belong to a Latin word: 在Beijing的.
    return character == "_" or (
        character.isalnum() and not "\u2e80" <= character <= "\ud7ff" and character < "\uf900"
    )


def _genitive(text: str, end: int) -> bool:
    return text[end] == "s" and not _joins(text[end + 1 : end + 2])


def _is_arabic(character: str) -> bool:
    return _ARABIC.match(character) is not None and character not in "،؛؟"


def _arabic_start(text: str, start: int) -> bool:
    prefix = start
    while prefix and _is_arabic(text[prefix - 1]):
        prefix -= 1
    letters = text[prefix:start]
    return len(letters) <= 3 and set(letters) <= _ARABIC_PREFIXES
