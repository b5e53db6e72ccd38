"""What extraction leaves around an article and is none of it: teasers, calls, datelines.

Lines are judged, never words: a line goes if it is a link and nothing else, if it starts as only
a teaser does (`Read more:`, `相关阅读`), or if it stands near an edge of the text and tells who
wrote, owns or sends it. The phrases are data/boilerplate.toml, in fourteen languages.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from ccgcii.cleaning.widths import display_width

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).parent / "data" / "boilerplate.toml"
# A line of more characters is prose, whatever it starts with or asks for.
LABELLED, CALLING = 160, 320
# Links of fewer columns are names in a list, not the headlines of teasers.
HEADLINE = 24
# Lines at the beginning and at the end among which datelines and calls stand.
FIRST, LAST = 4, 6
_BULLET = re.compile(r"^[-•*▪►→»|\s]+")
_MARK = re.compile(r"\s*(?:\[[^\]]{2,24}\]|[|»›→>])+\s*$")
_EDGES = " \t.:;,!?…。：，！？|-–—[]【】()（）\"'“”"
# A table's rule, as extraction writes it.
_RULE = re.compile(r"^[|\s:-]+$")
# A day or an hour in figures, and no sentence around it.
_CLOCK = re.compile(r"\d{1,2}[:h.]\d{2}|[年년]\s?\d{1,2}\s?[月월]|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_STOP = re.compile(r"[.!?](?:\s|$)|[。！？]")
_DATELINE = 80


@dataclass(frozen=True, slots=True)
class _Phrases:
    labels: tuple[str, ...]
    alone: frozenset[str]
    openings: tuple[str, ...]
    calls: AhoCorasick


def trimmed(text: str, title: str, anchors: Iterable[str]) -> str:
    """Return a text without the lines around its article; `anchors` are the words of its links.

    A text that would lose more than half of itself is left as it is: it is no article, and
    the filters are to see it so.
    """
    lines = [line for line in text.splitlines() if line.strip() and not _RULE.match(line)]
    links = {link for link in anchors if link}
    listed = any(line[0] == "-" for line in lines)
    heads = tuple(link for link in links if listed and display_width(link) >= HEADLINE)
    kept = []
    for at, line in enumerate(lines):
        plain = " ".join(_BULLET.sub("", line).split())
        near_edge = at < FIRST or at >= len(lines) - LAST
        leads = _leads_elsewhere(plain, links) or (line[0] == "-" and plain.startswith(heads))
        if leads or (near_edge and _is_around(plain)) or (at < FIRST and plain == title):
            continue
        kept.append(line)
    short = "\n".join(kept)
    return short if 2 * len(short) >= len(text) else text


def _leads_elsewhere(plain: str, links: set[str]) -> bool:
    if len(plain) > CALLING:
        return False
    bare = _MARK.sub("", plain)
    if bare in links or plain in links:
        return display_width(bare) >= HEADLINE or bare.isupper()
    said = plain.lower()
    return (len(plain) <= LABELLED and said.startswith(_phrases().labels)) or (
        said.strip(_EDGES) in _phrases().alone
    )


def _is_around(plain: str) -> bool:
    if len(plain) > CALLING:
        return False
    said = plain.lower()
    return (
        _is_dateline(plain)
        or (len(plain) <= LABELLED and said.startswith(_phrases().openings))
        or bool(_phrases().calls.find_matches_as_indexes(said))
    )


def _is_dateline(plain: str) -> bool:
    return (
        len(plain) <= _DATELINE
        and _CLOCK.search(plain) is not None
        and _YEAR.search(plain) is not None
        and _STOP.search(plain) is None
    )


@cache
def _phrases() -> _Phrases:
    table = tomllib.loads(FILE.read_text(encoding="utf-8")).values()
    lists = {
        name: tuple(dict.fromkeys(phrase for language in table for phrase in language[name]))
        for name in ("labels", "alone", "openings", "calls")
    }
    alone = frozenset(phrase.strip(_EDGES) for phrase in lists["alone"])
    return _Phrases(lists["labels"], alone, lists["openings"], AhoCorasick(lists["calls"]))
