"""City names that a longer name swallows, whatever it is the name of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.contexts import is_inside_a_name
from ccgcii.cleaning.toponyms.kinds import goes_on, kind_of_name
from ccgcii.cleaning.toponyms.locating import follows_a_place_word
from ccgcii.cleaning.toponyms.persons import has_a_calling, is_chinese_person, is_person
from ccgcii.cleaning.toponyms.small_words import small_words
from ccgcii.cleaning.toponyms.titles import is_in_a_title
from ccgcii.cleaning.toponyms.touching import only_touches

if TYPE_CHECKING:
    from ccgcii.cleaning.toponyms.forms import Form
    from ccgcii.cleaning.toponyms.surroundings import Surroundings

_CLAUSE_MARKS = frozenset(".!?:;|")


def is_swallowed(
    text: str,
    start: int,
    end: int,
    form: Form,
    around: Surroundings,
    *,
    personal: bool,
    language: str | None = None,
) -> bool:
    """Say whether the name at `text[start:end]` is part of another name or of other words.

    `personal` says that persons bear this name as well.
    """
    if is_inside_a_name(text, start, end, form.script) or is_in_a_title(text, start, end):
        return True
    if form.script == "han":
        return is_in_other_han_words(text, start, end, form)
    kind = kind_of_name(around)
    if kind is not None and (kind != "title" or personal):
        return True
    return form.script == "alphabet" and (
        (form.case == "lower" and _has_determiner(around))
        or (goes_on(around, language) and not follows_a_place_word(around))
        or is_person(text, start, end, form.name, personal=personal)
        or (_begins_a_clause(around) and has_a_calling(around))
    )


def is_in_other_han_words(text: str, start: int, end: int, form: Form) -> bool:
    """Say whether the characters are parts of their neighbours or a person's given name."""
    if form.municipal or _province_before(text, start, form):
        return False
    return only_touches(text, start, end) or is_chinese_person(text, start, form.name)


def _province_before(text: str, start: int, form: Form) -> bool:
    head = text[max(0, start - 4) : start].removesuffix("省")
    return any(city.province_zh and head.endswith(city.province_zh) for city in form.cities)


def _has_determiner(around: Surroundings) -> bool:
    return bool(around.before) and around.before[0].lower() in small_words("determiners")


def _begins_a_clause(around: Surroundings) -> bool:
    return not around.before or around.before[0] in _CLAUSE_MARKS
