"""Sentences: where they begin and end, in scripts with and without spaces."""

from __future__ import annotations

import re
from bisect import bisect_right

# An ending, with what closes after it; Latin endings need white space and a fresh start behind.
_END = re.compile(
    r"[。！？；…]+[”’」』）)\"']*"
    r"|(?<![.\s][A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\bvs)(?<!\bNo)(?<!\bJan)(?<!\bFeb)"
    r"(?<!\bGov)(?<!\bSen)(?<!\bGen)(?<!\bProf)[.!?]+[”’\"')\]]*(?=\s+[\"'“‘(\[]?[^\sa-z])"
    r"|[؟۔।]+|\n+"
)
# What an ending begins with: the pattern is tried there alone.
_MAY_END = re.compile(r"[。！？；….!?؟۔।\n]")
_LATIN = frozenset(".!?")


class Sentences:
    """The sentences of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for mark in _MAY_END.finditer(text):
            place = mark.start()
            # Of Latin marks in a row the third says no more than the second, and to try each of a
            # million dots would take hours.
            if place < self._starts[-1] or (
                place > 1 and _LATIN.issuperset(text[place - 2 : place + 1])
            ):
                continue
            if ending := _END.match(text, place):
                self._starts.append(ending.end())

    def span_at(self, offset: int) -> tuple[int, int]:
        """Return start and end of the sentence around an offset."""
        index = bisect_right(self._starts, offset) - 1
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        return self._starts[index], end

    def all(self) -> list[str]:
        """Return the sentences, without the empty ones."""
        ends = [*self._starts[1:], len(self._text)]
        pieces = (self._text[a:b].strip() for a, b in zip(self._starts, ends, strict=True))
        return [piece for piece in pieces if piece]
