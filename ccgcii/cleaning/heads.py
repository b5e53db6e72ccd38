"""Names inside names, told by the noun beside them: the frigate Yantai, Université de Pékin.

The nouns, by class and by where they stand, are data (`data/name_heads.toml`), in fourteen
languages at once: a noun of one language seldom stands beside a city's name in another.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ccgcii.cleaning.small_words import small_words

FILE = Path(__file__).parent / "data" / "name_heads.toml"
# Characters to either side that are read; longer than any noun with its "of" and its adjective.
REACH = 48
# Words of a longer name that may stand between a city and the noun: Jiao Tong University.
LONGEST_RUN = 4
LONGEST_CAMPUS = 7
# A noun is never longer than "tàu sân bay" and the like.
LONGEST_NOUN = 3
SHORTEST_STEM = 3

_ELISION = r"\b(?:[dl]|dell|all|dall|nell|sull|qu)['’](?=\w)"
_TOKEN = re.compile(rf"{_ELISION}|\w[\w&.’'-]*\w|\w|[^\w\s]", re.IGNORECASE)
_QUOTES = frozenset("«»\"“”„‟‘’'‹›「」『』《》〈〉")
_ARABIC_PREFIX = re.compile(r"^[وفبكل]{1,2}(?=\w{3})")
# Of these nouns only a proper name's capital tells: Declaración de Pekín, la declaración de Pekín.
_CAPITAL = frozenset({"treaty", "street"})
# These need the "of": "How can Beijing", "ora Pechino".
_NEEDS_OF = frozenset({"vessel", "clock", "breed", "fossil", "art"})
_OF_THE_CITY = (
    "fest",
    "mark",
    "house",
    "theat",
    "game",
    "museum",
    "town",
    "hospital",
    "station",
    "cent",
    "exhib",
)
_UNIVERSITY = frozenset({"University", "NYU", "XJTLU", "Universität", "Universidad", "Université"})
NAMED_THINGS = frozenset({"ship", "work", "band", "house", "drink", "horse"})


@dataclass(frozen=True, slots=True)
class Heads:
    """The nouns of one position: whole words, and the beginnings of those with any ending.

    `heads` are the first letters of those beginnings, `last` the last words of nouns of several.
    """

    words: dict[str, str]
    stems: dict[str, str]
    heads: frozenset[str]
    last: frozenset[str]

    def kind(self, noun: str) -> str | None:
        """Return the class of a noun in lower case, None if it is none of ours."""
        known = self.words.get(noun)
        if known is not None or noun[:SHORTEST_STEM] not in self.heads:
            return known
        for length in range(SHORTEST_STEM, len(noun) + 1):
            if noun[:length] in self.stems:
                return self.stems[noun[:length]]
        return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words around a name: before it from the nearest on, after it in their order."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def quoted(self) -> bool:
        """Say whether a quotation mark opens right before the name."""
        return bool(self.before) and self.before[0] in _QUOTES

    @property
    def headline(self) -> bool:
        """Say whether every longer word is capitalised, as in an English headline."""
        words = (*self.before, *self.after)
        longer = [word for word in words if len(word) > 3 and word[0].isalpha()]
        return len(longer) > 2 and not any(word[0].islower() for word in longer)


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """Return the words around `text[start:end]`."""
    before = _TOKEN.findall(text[max(0, start - REACH) : start])
    return Surroundings(tuple(before[::-1]), tuple(_TOKEN.findall(text[end : end + REACH])))


def kind_of_name(around: Surroundings) -> str | None:
    """Return what the name around a city's name is the name of, None if it is the city."""
    if _is_a_campus(around.before):
        return "institution"
    return _noun_before(around) or _noun_after(around)


def _noun_before(around: Surroundings) -> str | None:
    words = around.before[1:] if around.quoted else around.before
    passed = 0
    while passed < len(words) and _is_of(words[passed]):
        passed += 1
    adjectives = passed
    while adjectives < len(words) and words[adjectives].lower() in small_words("chinese"):
        adjectives += 1
    for kind, noun in _nouns(words[adjectives:], "of"):
        if (kind not in _NEEDS_OF or passed) and (kind not in _CAPITAL or noun[0].isupper()):
            return kind
    if passed:
        return None
    for kind, noun in _nouns(words[adjectives:], "beside"):
        if kind == "street" and not noun[0].isupper():
            continue
        if kind != "work" or _looks_like_a_title(around):
            return kind
    return None


def _is_of(word: str) -> bool:
    return word.lower() in small_words("of") or (len(word) > 1 and word[-1] in "'’")


def _is_a_campus(words: tuple[str, ...]) -> bool:
    """Say whether capitals up to "University" stand right before: University of X and Y Beijing."""
    for place, word in enumerate(words[:LONGEST_CAMPUS]):
        if word in _UNIVERSITY:
            return place == 0 or words[place - 1].lower() in small_words("of")
        if not word[0].isupper() and word not in {"of", "and", "for"}:
            return False
    return False


def _nouns(words: tuple[str, ...], position: str) -> list[tuple[str, str]]:
    """Return (class, noun) of the nouns of one, two or three words that end at the nearest."""
    if not words:
        return []
    heads = _tables()[position]
    nearest = words[0].lower()
    kind = heads.kind(nearest) or heads.kind(_ARABIC_PREFIX.sub("", nearest))
    found = [(kind, words[0])] if kind is not None else []
    if nearest in heads.last:
        for length in range(2, min(LONGEST_NOUN, len(words)) + 1):
            noun = " ".join(reversed(words[:length]))
            kind = heads.kind(noun.lower())
            if kind is not None:
                found.append((kind, noun))
    return found


def _looks_like_a_title(around: Surroundings) -> bool:
    """Say whether quotation marks, a capital or nothing follows: phim "...", Film Shanghai Noon."""
    after = around.after[0] if around.after else ""
    return around.quoted or not after or not after[0].islower()


def _noun_after(around: Surroundings) -> str | None:
    words = around.after
    if words and words[0] in "-–’'":
        words = words[1:]
    if not words:
        return None
    heads = _tables()["next"]
    kind = heads.kind(words[0].lower())
    if kind is None and len(words) > 1:
        kind = heads.kind(f"{words[0]} {words[1]}".lower())
    if kind is not None and not _is_of_the_city(words[1:2]):
        return kind
    return _run_after(around)


def _is_of_the_city(following: tuple[str, ...]) -> bool:
    """Say whether an event or a house follows: Qingdao beer festival, Chengdu University Games."""
    return bool(following) and following[0].lower().startswith(_OF_THE_CITY)


def _run_after(around: Surroundings) -> str | None:
    heads = _tables()["run"]
    for place, word in enumerate(around.after[:LONGEST_RUN]):
        if not (word[0].isupper() or word == "&"):
            return None
        kind = heads.words.get(word) or heads.words.get(" ".join(around.after[place : place + 2]))
        if kind in {"work", "club", "paper"} and place:
            kind = None
        if kind is None or (around.headline and (place or kind == "work")):
            continue
        return None if _is_of_the_city(around.after[place + 1 : place + 2]) else kind
    return None


def words_of(text: str) -> list[str]:
    """Return the words and marks of a text."""
    return _TOKEN.findall(text)


def is_named_thing(word: str) -> bool:
    """Say whether a word is the noun of a thing whose name stands in quotation marks."""
    tables = _tables()
    kind = tables["beside"].kind(word.lower()) or tables["quoted"].kind(word.lower())
    return kind in NAMED_THINGS


@cache
def _tables() -> dict[str, Heads]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {position: _heads(classes) for position, classes in tables.items()}


def _heads(classes: dict[str, list[str]]) -> Heads:
    words = {word: kind for kind, nouns in classes.items() for word in nouns}
    stems = {word[:-1]: kind for word, kind in words.items() if word.endswith("*")}
    return Heads(
        {word: kind for word, kind in words.items() if not word.endswith("*")},
        stems,
        frozenset(stem[:SHORTEST_STEM] for stem in stems),
        frozenset(word.split(" ")[-1] for word in words if " " in word),
    )
