"""Cities' names that persons bear: Wang Dongying, Jinan Younis, 吴金华."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.small_words import small_words

if TYPE_CHECKING:
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

FILE = Path(__file__).parent / "data" / "persons.toml"

_NAME_BEFORE = re.compile(r"([A-Z][a-z]+) $")
_NAME_AFTER = re.compile(r" ([A-Z][a-z]+)\b")
_AGE = re.compile(r", ?\d\d\b")
# As in "Jinan, a Palestinian poet": article, one or two adjectives, noun.
_APPOSITION = 5
SHORTEST_INTRODUCTION = 3


@dataclass(frozen=True, slots=True)
class PersonWords:
    """What tells a person: family names of China, callings, words that do not end a name."""

    family_names: frozenset[str]
    callings: frozenset[str]
    no_name: frozenset[str]
    vietnamese: frozenset[str]
    han: frozenset[str]
    han_given: frozenset[str]
    han_titles: tuple[str, ...]


def is_person(text: str, start: int, end: int, name: str, *, personal: bool) -> bool:
    """Say whether a family name stands beside it; after it only if persons bear this name."""
    words = person_words()
    before = _NAME_BEFORE.search(text, max(0, start - 16), start)
    if (
        before
        and before.group(1) in words.family_names
        and not text.endswith("Hong Kong ", 0, start)
    ):
        return True
    if not name.isascii() and _is_vietnamese_person(text, start, words):
        return True
    after = _NAME_AFTER.match(text, end)
    if after is None or after.group(1) not in words.family_names:
        return False
    # Weifang Shen, the author; but Beijing Fang, where nobody is called Beijing.
    return personal or (start == 0 and text[after.end() : after.end() + 1] in {",", "'", "’"})


def reads_as_person(text: str, end: int, around: Surroundings) -> bool:
    """Say whether a name that persons bear stands as one: Jinan Younis, Nurhan Harbin, Jinan, 23.

    To be asked only where nothing in the text speaks for the city.
    """
    if _AGE.match(text, end) or has_a_calling(around) or _is_introduced(around):
        return True
    if around.headline:
        return False
    after = around.after[0] if around.after else ""
    if is_part_of_a_name(after):
        return True
    before = around.before[0] if around.before else ""
    return is_part_of_a_name(before) and len(around.before) > 1


def has_a_calling(around: Surroundings) -> bool:
    """Say whether a calling follows after a comma: Xangai, o cantor baiano."""
    if not around.after or around.after[0] not in ",،":
        return False
    callings = person_words().callings
    for word in around.after[1:_APPOSITION]:
        if not word[0].isalnum():
            return False
        if word.lower() in callings:
            return True
    return False


def _is_introduced(around: Surroundings) -> bool:
    """Say whether "a ..." follows that is no place: Jinan, a Syrian seamstress."""
    if around.after[:1] != (",",) or len(around.after) < SHORTEST_INTRODUCTION:
        return False
    if around.after[1].lower() not in small_words("one") - {"the"}:
        return False
    return not small_words("places").intersection(word.lower() for word in around.after[2:6])


def is_chinese_person(text: str, start: int, name: str) -> bool:
    """Say whether a family name stands before a city's name that is a given name as well.

    The family name must begin a word: a title, a mark or nothing stands before it.
    """
    words = person_words()
    if name not in words.han_given or not start or text[start - 1] not in words.han:
        return False
    head = text[max(0, start - 6) : start - 1]
    return not head or not head[-1].isalpha() or head.endswith(words.han_titles)


def is_calling(word: str) -> bool:
    """Say whether a word is what a person is: pittore, singer."""
    return word.lower() in person_words().callings


def is_part_of_a_name(word: str) -> bool:
    """Say whether a capitalised word may belong to a person's name, and is none of a city's."""
    return word[:1].isupper() and word[1:].islower() and word.lower() not in person_words().no_name


def _is_vietnamese_person(text: str, start: int, words: PersonWords) -> bool:
    before = text[max(0, start - 24) : start].split(" ")[:-1]
    near = before[-2:]
    if not near or not all(word[:1].isupper() and word.isalpha() for word in near[-1:]):
        return False
    return any(word in words.vietnamese for word in near) and near[-1][:1].isupper()


@cache
def person_words() -> PersonWords:
    """Return the words that ship with ccgcii (`data/persons.toml`)."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return PersonWords(
        family_names=frozenset(table["family_names"]),
        callings=frozenset(table["callings"]),
        no_name=frozenset(table["no_name"]),
        vietnamese=frozenset(table["vietnamese_family_names"]),
        han=frozenset(table["han_family_names"]),
        han_given=frozenset(table["han_given_names"]),
        han_titles=tuple(table["han_titles"]),
    )
