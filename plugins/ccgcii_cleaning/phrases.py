"""The words of noise, found in one pass for all kinds."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import ahocorasick_rs

from ccgcii import ConfigError, display_width
from ccgcii_cleaning.wording import without_links

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("data") / "noise_words.toml"
# Classes of evidence (`evidence.py`): found in the same pass, counted by themselves.
EVIDENCE = Path(__file__).with_name("data") / "evidence_words.toml"
# The list that speaks against spam; all others are named for the filter that they speak for.
REPORT = "report"
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(slots=True)
class Signs:
    """What a text says of one kind of noise: different phrases, and the columns they take.

    `end` is where the last phrase ended.
    """

    certain: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    width: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    kind: str
    certain: bool
    weighed: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read for noise: small letters without links, and the signs of each kind in it."""

    text: str
    kinds: Mapping[str, Signs]

    @property
    def width(self) -> int:
        """The columns of what was read: measured when asked for, for most texts have no signs."""
        return display_width(self.text)


# The filters ask one after the other, each for a whole batch. Title and text by themselves, for
# what is read together would have to be put together for each of them.
@lru_cache(maxsize=512)
def read(title: str, text: str, words: str = "") -> Reading:
    """Find the phrases of every kind; `words` is the path of one's own file of them.

    Raises `ConfigError` for a file that is not there or says something else.
    """
    # Spam likes letters that only look like letters, and some that nobody sees.
    written = normalize("NFKC", f"{title}\n{text}").lower()
    if not written.isascii():
        written = _UNSEEN.sub("", written)
    plain = _NUMBER.sub("#", without_links(written))
    found: dict[str, Signs] = {}
    automaton, phrases = _book(words)
    for number, start, end in automaton.find_matches_as_indexes(plain, overlapping=True):
        if not _stands_alone(plain, start, end):
            continue
        for phrase in phrases[number]:
            if (signs := found.get(phrase.kind)) is None:
                signs = found[phrase.kind] = Signs()
            said = signs.certain if phrase.certain else signs.signs
            if phrase.text not in said:
                said.append(phrase.text)
            if not phrase.weighed:
                continue
            # Of phrases that overlap, what both cover counts once; matches come ordered by end.
            signs.width += display_width(plain[max(start, signs.end) : end])
            signs.end = end
    return Reading(plain, found)


@cache
def _book(words: str) -> tuple[ahocorasick_rs.AhoCorasick, list[list[_Phrase]]]:
    """Return the automaton over every phrase, and what each of its phrases stands for."""
    by_text: dict[str, list[_Phrase]] = {}
    for phrase in (*_phrases(Path(words) if words else FILE), *_evidence()):
        by_text.setdefault(phrase.text, []).append(phrase)
    return ahocorasick_rs.AhoCorasick(list(by_text)), list(by_text.values())


def _phrases(path: Path) -> list[_Phrase]:
    try:
        kinds = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: no words of noise there ({error.strerror})") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not TOML ({error})") from None
    found = []
    for kind, languages in kinds.items():
        for language, lists in languages.items():
            if not isinstance(lists, dict) or set(lists) - {"certain", "signs"}:
                raise ConfigError(f"{path} [{kind}.{language}]: give `certain` and `signs`")
            for rank, texts in lists.items():
                found += [_Phrase(text, kind, rank == "certain") for text in texts]
    return found


def _evidence() -> list[_Phrase]:
    classes: dict[str, dict[str, list[str]]] = tomllib.loads(EVIDENCE.read_text(encoding="utf-8"))
    return [
        _Phrase(text, kind, certain=False, weighed=False)
        for kind, languages in classes.items()
        for texts in languages.values()
        for text in dict.fromkeys(texts)
    ]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a match is no part of a longer word; Chinese and its kin have no boundaries."""
    before = start > 0 and _of_word(text[start]) and _of_word(text[start - 1])
    after = end < len(text) and _of_word(text[end - 1]) and _of_word(text[end])
    return not (before or after)


def _of_word(character: str) -> bool:
    return character < "\u2e80" and character.isalnum()
