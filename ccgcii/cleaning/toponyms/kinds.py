"""Names inside names, told by the noun beside them: the frigate Yantai, Université de Pékin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.heads import heads
from ccgcii.cleaning.toponyms.persons import is_calling, is_part_of_a_name
from ccgcii.cleaning.toponyms.small_words import is_of, small_words
from ccgcii.cleaning.toponyms.things import as_a_thing, defined_as_a_thing, title_before

if TYPE_CHECKING:
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

# Words of a longer name that may stand between a city and the noun: Jiao Tong University.
NOUN_FIRST = frozenset({"fr", "es", "pt", "it", "id"})
SHORTEST_NAME = 3
LONGEST_RUN, LONGEST_CAMPUS, LONGEST_DISH = 4, 7, 3

# Of these nouns only a proper name's capital tells: Declaración de Pekín, la declaración de Pekín.
_CAPITAL = frozenset({"treaty", "street"})
# These need the "of": "How can Beijing", "ora Pechino".
_NEEDS_OF = frozenset({"vessel", "clock", "breed", "fossil", "art", "square"})
# These stand right after a city or not at all.
_NEXT_ONLY = frozenset({"work", "club", "paper", "treaty", "house"})
_UNIVERSITY = frozenset({"University", "NYU", "XJTLU", "Universität", "Universidad", "Université"})
# What such words follow is the city's own: the Qingdao beer festival, Chengdu University Games.
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
    "region",
    "industr",
    "maker",
    "park",
    "expo",
    "producer",
    "grower",
    "export",
    "import",
    "factor",
    "farmer",
    "fair",
    "show",
)


def goes_on(around: Surroundings, language: str | None) -> bool:
    """Say whether a capital after the city makes a longer name: Shanghai Lily, Wuhan Villarroel.

    So in languages that put the noun first, where "Wuhan Hospital" cannot be. To be asked only
    where no word of place stands before the city: in Pekín Xi may also begin the next phrase.
    """
    after = around.after[0] if around.after else ""
    if len(after) < SHORTEST_NAME or not is_part_of_a_name(after):
        return False
    if language is not None:
        return language in NOUN_FIRST and not around.headline
    words = {word.lower() for word in (*around.before, *around.after)}
    return len(words & small_words("romance")) > 1


def kind_of_name(around: Surroundings) -> str | None:
    """Return what the name around a city's name is the name of, None if it is the city."""
    if _is_a_campus(around.before):
        return "institution"
    return (
        _noun_before(around)
        or _noun_after(around)
        or as_a_thing(around)
        or defined_as_a_thing(around)
        or title_before(around)
    )


def _noun_before(around: Surroundings) -> str | None:
    words = around.before[1:] if around.quoted else around.before
    passed = 0
    while passed < len(words) and is_of(words[passed]):
        passed += 1
    kind = _noun_with_of(words[passed:], passed)
    if kind is not None:
        return kind
    if passed:
        return _dish_in_the_manner(words)
    if words and words[0].lower() in small_words("joining"):
        return _ship_in_a_list(words[1:])
    while passed < len(words) and words[passed].lower() in small_words("adjectives"):
        passed += 1
    return _noun_beside(around, words[passed:])


def _ship_in_a_list(words: tuple[str, ...]) -> str | None:
    """Return `ship` for the frigates Huanggang and Yangzhou."""
    for word in words[:LONGEST_RUN]:
        if heads("beside").kind(word.lower()) == "ship":
            return "ship"
        if not word[0].isupper() and word not in ",«»“”":
            return None
    return None


def _noun_with_of(words: tuple[str, ...], of: int) -> str | None:
    passed = 0
    while passed < len(words) and words[passed].lower() in small_words("adjectives"):
        passed += 1
    for kind, noun in heads("of").ending_at(words[passed:]):
        if (kind not in _NEEDS_OF or of) and (kind not in _CAPITAL or noun[0].isupper()):
            return kind
    return None


def _dish_in_the_manner(words: tuple[str, ...]) -> str | None:
    """Return `dish` for pato à Pequim; a duck at Beijing is none."""
    if len(words) < 2 or words[0] not in {"à", "al", "ao", "alla", "à la"}:
        return None
    kind = heads("of").kind(words[1].lower())
    return kind if kind == "dish" else None


def _noun_beside(around: Surroundings, words: tuple[str, ...]) -> str | None:
    if words[:1] == (".",):
        words = words[1:]  # Dr. Harbin
    for kind, noun in heads("beside").ending_at(words):
        if kind == "street" and not noun[0].isupper():
            continue
        if kind != "work" or _looks_like_a_title(around):
            return kind
    after = around.after[0] if around.after else ""
    if words and is_calling(words[0]) and is_part_of_a_name(after):
        return "person"
    return None


def _is_a_campus(words: tuple[str, ...]) -> bool:
    """Say whether capitals up to "University" stand right before: University of X and Y Beijing."""
    for place, word in enumerate(words[:LONGEST_CAMPUS]):
        if word in _UNIVERSITY:
            return place == 0 or words[place - 1].lower() in small_words("of")
        if not word[0].isupper() and word not in {"of", "and", "for"}:
            return False
    return False


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
    table = heads("next")
    kind = table.kind(words[0].lower())
    if kind is None and len(words) > 1:
        kind = table.kind(f"{words[0]} {words[1]}".lower())
    if kind is not None and not _is_of_the_city(words[1:2]):
        return kind
    return _dish_after(words) or _run_after(around)


def _dish_after(words: tuple[str, ...]) -> str | None:
    """Return `dish` for beef noodles, fried rice: the noun after words of the kitchen."""
    for place, word in enumerate(words[:LONGEST_DISH]):
        if place and heads("next").kind(word.lower()) == "dish":
            return None if _is_of_the_city(words[place + 1 : place + 2]) else "dish"
        if word.lower() not in small_words("kitchen"):
            return None
    return None


def _is_of_the_city(following: tuple[str, ...]) -> bool:
    return bool(following) and following[0].lower().startswith(_OF_THE_CITY)


def _run_after(around: Surroundings) -> str | None:
    table = heads("run")
    for place, word in enumerate(around.after[:LONGEST_RUN]):
        if not (word[0].isupper() or word == "&"):
            return None
        kind = table.words.get(word) or table.words.get(" ".join(around.after[place : place + 2]))
        if kind is None or (place and kind in _NEXT_ONLY):
            continue
        if around.headline and (place or kind in {"work", "house"}):
            continue
        return None if _is_of_the_city(around.after[place + 1 : place + 2]) else kind
    return None
