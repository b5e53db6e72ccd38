"""Queries that find a city's names: joined by OR, and cut where they get too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccgcii import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccgcii import City

_PLAIN = re.compile(r"[A-Za-z]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def names_of(city: City, *, ambiguous: bool = False) -> list[str]:
    """Return the ways to write a city, each once; `ambiguous` ones bring much that is not it."""
    others = (name.text for name in city.names if ambiguous or not name.ambiguous)
    unique: dict[str, str] = {}
    for text in (city.name_en, city.name_zh, *others):
        unique.setdefault(text.casefold(), text)
    return [text for key, text in unique.items() if key]


def build_queries(
    city: City,
    longest: int,
    *,
    languages: Sequence[str] = (),
    retweets: bool = False,
    ambiguous: bool = False,
) -> list[str]:
    """Return queries of at most `longest` characters that together find every name of a city.

    Raises `ConfigError` if `languages` leave no room for a name or one is no code of a language.
    """
    tail = _tail(languages, retweets=retweets)
    words = [_quoted(name) for name in names_of(city, ambiguous=ambiguous)]
    room = longest - len(tail) - len("()")
    if room < max(map(len, words)):
        raise ConfigError(
            f"[sources.x] languages: {len(languages)} of them leave no room for the names of "
            f"{city.label} in a query of {longest} characters; name fewer"
        )
    return [f"({' OR '.join(part)}){tail}" for part in _parts(words, room)]


def _tail(languages: Sequence[str], *, retweets: bool) -> str:
    for code in languages:
        if not _LANGUAGE.fullmatch(code):
            raise ConfigError(f"[sources.x] languages: {code!r} is no code of a language, like en")
    spoken = f" ({' OR '.join(f'lang:{code}' for code in languages)})" if languages else ""
    return spoken + ("" if retweets else " -is:retweet")


def _quoted(name: str) -> str:
    """Quote a name unless it is one plain word; a quotation mark inside cannot be asked for."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', " ") + '"'


def _parts(words: Iterable[str], room: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    length = 0
    for word in words:
        more = len(word) + (len(" OR ") if parts[-1] else 0)
        if length + more > room:
            parts.append([])
            length, more = 0, len(word)
        parts[-1].append(word)
        length += more
    return parts
