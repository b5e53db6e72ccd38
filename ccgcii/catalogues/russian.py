"""Case forms of Russian place names, by rule: Тяньцзинь, Тяньцзиня, Тяньцзинем, Тяньцзине.

A foreign place name declines like a native noun of its ending (Rosenthal, Handbook of spelling,
"declension of geographical names"): a hard consonant takes -а -у -ом -е, -й and the soft -ь of the
masculine -я -ю -ем -е, -а after a consonant -ы/-и -е -у -ей. Names in -о, -у, -и, -э and in a vowel
with -а (Гуанчжоу, Нинбо, Уси, Чандэ, Цзиньхуа) never change.
"""

from __future__ import annotations

_HARD = frozenset("бвгдзклмнпрстфх")
_HUSHING = frozenset("гкхжшчщ")
_VOWELS = frozenset("аеёиоуыэюя")
# Used as a feminine noun as well, by the press and by its own people: в Ухани, Уханью.
_ALSO_FEMININE = frozenset({"Ухань"})


def case_forms(name: str) -> tuple[str, ...]:
    """Return the forms of a name in the oblique cases, none if it does not decline."""
    stem, last = name[:-1], name[-1]
    if last in _HARD:
        return tuple(name + ending for ending in ("а", "у", "ом", "е"))
    if last == "й":
        return tuple(stem + ending for ending in ("я", "ю", "ем", "е"))
    if last == "ь":
        feminine = (stem + "и", stem + "ью") if name in _ALSO_FEMININE else ()
        return (*(stem + ending for ending in ("я", "ю", "ем", "е")), *feminine)
    if last == "а" and stem[-1] not in _VOWELS:
        return _of_the_first_declension(stem)
    return ()


def _of_the_first_declension(stem: str) -> tuple[str, ...]:
    hushing = stem[-1] in _HUSHING
    return (stem + ("и" if hushing else "ы"), stem + "е", stem + "у", stem + "ей")
