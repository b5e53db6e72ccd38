"""The raw-bytes prefilter: a page whose bytes hold no city's name is never parsed.

Names are looked for in UTF-8, in the legacy encodings of their script, as HTML references and as
JSON escapes, all in one automaton (250 MB/s measured). It may let a page pass that names no city
in its text; it must never stop one that does.
"""

from __future__ import annotations

import json
from functools import lru_cache
from html.entities import codepoint2name
from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from ccgcii.cleaning.forms import names_of
from ccgcii.cleaning.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.cities import City

_ENCODINGS = {
    "han": ("utf-8", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-16-le", "utf-16-be"),
    "hangul": ("utf-8", "euc-kr", "utf-16-le", "utf-16-be"),
    "arabic": ("utf-8", "cp1256", "utf-16-le", "utf-16-be"),
    "alphabet": ("utf-8", "cp1251", "koi8-r", "cp1252", "cp1250", "cp1254", "cp1258", "utf-16-le",
                 "utf-16-be"),
}  # fmt: skip


class Prefilter:
    """The names of a table of cities as bytes."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        patterns = {pattern for city in cities for pattern in _patterns(city)}
        self._automaton = BytesAhoCorasick(
            sorted(patterns), matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def names_a_city(self, body: bytes) -> bool:
        """Say whether any city's name stands in these bytes, in any encoding of it."""
        return any(
            self._automaton.find_matches_as_indexes(body[start : start + _WINDOW])
            for start in range(0, len(body), _WINDOW - _OVERLAP)
        )


# A name is usually met early: windows save the rest of the page. They overlap by more than the
# longest escaped name.
_WINDOW = 64 * 1024
_OVERLAP = 512


@lru_cache(maxsize=4)
def prefilter_for(cities: tuple[City, ...]) -> Prefilter:
    """Return the compiled prefilter of a table of cities."""
    return Prefilter(cities)


def _patterns(city: City) -> Iterator[bytes]:
    for name, _ in names_of(city):
        for spelling in {name, name.upper(), name.lower()}:
            yield from _encoded(spelling)


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
