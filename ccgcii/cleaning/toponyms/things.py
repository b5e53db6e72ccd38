"""Names of things told by how a sentence treats them: Die »Peking«, X is a band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.heads import heads, is_named_thing
from ccgcii.cleaning.toponyms.small_words import is_of, small_words

if TYPE_CHECKING:
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

# Words back from the name within which the noun of its title stands.
LONGEST_TITLE = 5


def as_a_thing(around: Surroundings) -> str | None:
    """Return `thing` for a name with an article or of something: The Tangshan was towed."""
    before, after = around.before, around.after
    if around.quoted and around.closed and len(before) > 1 and before[0] in "«»„‹›":
        return None if _names_a_place(before[1]) else "thing"
    if before and before[0].lower() in small_words("called"):
        place = len(before) > 1 and before[1].lower() in small_words("places")
        return None if place else "thing"
    if after and after[0] in small_words("called_after"):
        return "thing" if any(is_named_thing(word) for word in after[1:3]) else None
    if before and before[0] in {"the", "The"} and after:
        return "thing" if after[0] in small_words("auxiliaries_after_the") else None
    return None


def _names_a_place(word: str) -> bool:
    """Say whether a city in quotation marks may follow: in "Wuhan", das Wort "Peking"."""
    noun = word.lower()
    kinds = ("place_before", "places", "words", "called")
    return not word[0].isalpha() or any(noun in small_words(kind) for kind in kinds)


def defined_as_a_thing(around: Surroundings) -> str | None:
    """Return `thing` where a sentence says so: Shanghai ist ein Stäbchenspiel, X is a band."""
    after = around.after
    while after and after[0][0].isupper():
        after = after[1:]
    if not after or after[0].lower() not in small_words("is"):
        return None
    articles = [place for place, word in enumerate(after[:4]) if word in small_words("one")]
    if not articles:
        return None
    nouns = after[articles[0] + 1 : articles[0] + 4]
    named = any(is_named_thing(word) or word.endswith("spiel") for word in nouns)
    return "thing" if named else None


def _joins_a_title(word: str) -> bool:
    return is_of(word) or word in small_words("place_before")


def title_before(around: Surroundings) -> str | None:
    """Return `work` for filme A Dama de Xangai: capitals and small words from the noun on."""
    words, capitals = around.before, 0
    if not words or not _joins_a_title(words[0]):
        return None
    for word in words[:LONGEST_TITLE]:
        if _joins_a_title(word):
            continue
        if not word[0].isupper():
            return "work" if capitals and heads("beside").kind(word.lower()) == "work" else None
        capitals += 1
    return None
