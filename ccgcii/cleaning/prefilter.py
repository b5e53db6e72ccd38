"""The raw-bytes prefilter: a page whose bytes hold no city's name is never parsed.

Names are looked for in UTF-8, in the legacy encodings of their script, as HTML references and as
JSON escapes, all in one automaton (350 MB/s measured). It may let a page pass that names no city
in its text; it must never stop one that does. A Latin name inside a longer word (Sian in Russian)
is no name, or every second page would pass.
"""

from __future__ import annotations

import json
from functools import lru_cache
from html.entities import codepoint2name
from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from ccgcii.cleaning.scripts import script_of
from ccgcii.cleaning.toponyms.forms import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.cities import City

_ENCODINGS = {
    "han": ("utf-8", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
    "hangul": ("utf-8", "euc-kr"),
    "arabic": ("utf-8", "cp1256"),
    "alphabet": ("utf-8", "cp1251", "koi8-r", "cp1252", "cp1250", "cp1254", "cp1258"),
}
_WIDE = ("utf-16-le", "utf-16-be")


class Prefilter:
    """The names of a table of cities as bytes."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        names = {name for city in cities for name in _spellings(city)}
        patterns = sorted({pattern for name in names for pattern in _encoded(name)})
        latin = {name.encode() for name in names if name.isascii()}
        self._is_latin = [pattern in latin for pattern in patterns]
        self._automaton = _compiled(patterns)
        # In UTF-16 a Chinese name may be four letters of ASCII: met in any inline picture.
        self._wide = _compiled(sorted({name.encode(code) for name in names for code in _WIDE}))

    def names_a_city(self, body: bytes) -> bool:
        """Say whether any city's name stands in these bytes, in any encoding of it."""
        wide = b"\0" in body
        return any(
            self._stands_in(window) or (wide and self._wide.find_matches_as_indexes(window))
            for start in range(0, len(body), _WINDOW - _OVERLAP)
            if (window := body[start : start + _WINDOW])
        )

    def _stands_in(self, window: bytes) -> bool:
        # Overlapping: Xian must not hide the Xiangyang that it begins.
        found = self._automaton.find_matches_as_indexes(window, overlapping=True)
        return any(
            not self._is_latin[index] or _may_stand_alone(window, start, end)
            for index, start, end in found
        )


# A name is usually met early: windows save the rest of the page. They overlap by more than the
# longest escaped name.
_WINDOW = 64 * 1024
_OVERLAP = 512


@lru_cache(maxsize=4)
def prefilter_for(cities: tuple[City, ...]) -> Prefilter:
    """Return the compiled prefilter of a table of cities."""
    return Prefilter(cities)


def _compiled(patterns: list[bytes]) -> BytesAhoCorasick:
    # Compiled in a seventh of a DFA's time, which a worker would win back over 8,000 pages.
    return BytesAhoCorasick(
        patterns, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
    )


def _may_stand_alone(window: bytes, start: int, end: int) -> bool:
    """Say whether a Latin name may be a word of its own, or one of a hashtag (#VisitWuhan)."""
    after = window[end : end + 1]
    if after.isalpha() and after.islower() and after != b"s":
        return False
    before = window[start - 1 : start]
    if not before.isalpha() or _ends_an_escape(window, start):
        return True
    return window[start : start + 1].isupper() and before.islower()


def _ends_an_escape(window: bytes, start: int) -> bool:
    """Say whether the letter before ends an escape (of JSON or C) or half a Chinese character."""
    return (
        window[start - 2 : start - 1] >= b"\x80"
        or window[start - 2 : start - 1] == b"\\"
        or window[start - 4 : start - 2] == b"\\x"
        or window[start - 6 : start - 4] == b"\\u"
    )


def _spellings(city: City) -> Iterator[str]:
    for name, _ in names_of(city):
        yield from (name, name.upper(), name.lower())


def _encoded(name: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS[script_of(name)]:
        try:
            yield name.encode(encoding)
        except UnicodeEncodeError:
            continue  # this encoding cannot write the name, so no page in it does
    if not name.isascii():
        yield from _escaped(name)
    elif "'" in name:
        yield from (name.replace("'", mark).encode() for mark in _QUOTES)


def _escaped(name: str) -> Iterator[bytes]:
    decimal = "".join(c if c.isascii() else f"&#{ord(c)};" for c in name)
    hexadecimal = "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in name)
    escaped = json.dumps(name)[1:-1]
    named = "".join(
        f"&{codepoint2name[ord(c)]};" if not c.isascii() and ord(c) in codepoint2name else c
        for c in name
    )
    for text in (decimal, hexadecimal, hexadecimal.upper().replace("&#X", "&#x"), escaped, named):
        yield text.encode()
    yield escaped.upper().replace("\\U", "\\u").encode()


_QUOTES = ("&#39;", "&#039;", "&#x27;", "&apos;", "&rsquo;", "&#8217;", "&#x2019;", "\\u2019", "’")
