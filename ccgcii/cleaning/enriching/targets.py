"""Which part of a sentence speaks of which city: clauses, contrasts, comparisons, speakers.

A sentence that names two cities, or a city and something else, has more than one tone. Rules, in
this order; each is a line of `docs/cleaning.md`:

1. `A is better than B`, `A 比 B 好`, `not as good as B`, `A 不如 B`: B gets the opposite, halved.
2. A city where somebody speaks (`analysts in Shenzhen said`) is no target: neutral.
3. A clause belongs to the cities it names, or else to those of the clause before it.
4. A clause that comes before all cities belongs to the first of them, unless a contrast parts them
   (`but`, `although`, `despite`, 但, 虽然) or it names another place of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# How much of a comparison's tone the city on its far side gets, turned.
OPPOSITE = -0.5
# The tone of a comparison that says no more than "not equal to".
PLAIN = 0.4
# What both languages' patterns begin with stands first: elsewhere they are not tried.
_PART = {
    "en": re.compile(
        r"[;:—–,\s](?:(?<=[;:—–])\s*|(?<=,)\s+"
        r"|(?<=\s)\s*(?=(?:but|yet|while|whereas|though|although|despite)\b))",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[，；：,;、—]+|(?=却|而(?!且)|但是?|可是|不过|然而)"),
}
# The same where no such word is in the sentence: most have none.
_MARK = re.compile(r"[;:—–,](?:(?<!,)\s*|(?<=,)\s+)")
_PARTING = ("but", "yet", "while", "whereas", "though", "despite")
_CONTRAST = {
    "en": re.compile(
        r"^\W*(?:but|yet|while|whereas|though|although|despite|however|in spite)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"^\W*(?:但|却|而(?!且)|可(?!以|能|爱|靠)|不过|然而|虽|尽管|固然)"),
}
_CONCEDES = {
    "en": re.compile(r"^\W*(?:while|though|although|despite|in spite|unlike)\b", re.IGNORECASE),
    "zh": re.compile(r"^\W*(?:虽|尽管|固然)"),
}
_MAY_BE = re.compile(r"\bmay be\b")
_MAYBE = ("也许", "或许", "固然")
_NO_PLACE = frozenset(
    re.findall(
        r"\w+",
        "Mrs Chinese English Asian Western Internet Covid God Monday Tuesday Wednesday Thursday "
        "Friday Saturday Sunday January February March April May June July August September "
        "October November December Christmas Year Festival",
    )
)
_NAME = re.compile(r"[A-Z][a-z]{2,}")
# What a sentence begins behind, where a capital says nothing.
_BEGINS = frozenset(f"{mark} " for mark in '.!?“"')
_FIRST_NAME = re.compile(r"^\W*[A-Z][a-z]+ (?:is|was|are|were|may|has|had|will)\b")
_FIRST_WORDS = re.compile(
    r"^\W*(?:It|He|She|They|We|You|This|That|These|Those|There|Here|Everything|Everyone|Nothing|"
    r"Nobody|Food|Traffic|Air|People|Life|What|Who)\b"
)
_SPEAKER = re.compile(
    r"\b(?:analyst|official|spokes\w+|reporter|columnist|correspondent|economist|expert|scientist|"
    r"researcher|diplomat|trader|source|lawyer|professor)s?,? (?:based )?(?:in|from|at) $"
    r"|\b(?:said|says|told|writes|wrote|report(?:s|ed|ing)|speaking) (?:\w+ )?(?:in|from) $",
    re.IGNORECASE,
)
_WHERE = ("in ", "from ", "at ")
_SPEAKER_ZH = re.compile(r"^的?(?:分析师|发言人|官员|记者|专家|经济学家|外交官|学者|律师)")
_SPEAKING_ZH = re.compile(r"^(?:表示|称|说|宣布|报道|指出|告诉)")
COMPARED = "comparison"
_PERIOD = re.compile(r"[;.!?，；。！？]")
_COMMA = re.compile(r"[，；。,;]")
_THAN = re.compile(r"\bthan (?:in |that of |those of )?$")
_NOT_AS = re.compile(r"\bnot (?:nearly |quite )?(?:as|so) [\w-]+ as (?:in )?$", re.IGNORECASE)


class Named(NamedTuple):
    """A city (or any key) in a sentence, at these offsets."""

    key: str
    start: int
    end: int


class _Clause(NamedTuple):
    """A part of a sentence; what is asked of few is found out when it is asked."""

    start: int
    end: int
    text: str
    keys: frozenset[str]
    language: str
    places: re.Pattern[str] | None

    def elsewhere(self) -> bool:
        """Say whether it names another place and no city."""
        return not self.keys and _is_elsewhere(self.text, self.language, self.places)

    def contrasts(self) -> bool:
        return _CONTRAST[self.language].match(self.text) is not None

    def concedes(self) -> bool:
        return _concedes(self.text, self.language)


class Reading(NamedTuple):
    """What of a sentence speaks of a city, and the rule that says so.

    The tone towards the city is `factor` times that of `text`; `contrast` takes its size alone,
    for "not equal to" is an order and no praise.
    """

    text: str
    rule: str
    factor: float = 1.0
    contrast: bool = False

    def tone(self, read: Callable[[str], float]) -> float:
        """Return the tone, where `read` gives that of a text."""
        if not self.factor:
            return 0.0
        tone = read(self.text)
        return self.factor * ((abs(tone) or PLAIN) if self.contrast else tone)


def readings(
    sentence: str,
    language: str,
    named: Sequence[Named],
    elsewhere: re.Pattern[str] | None = None,
) -> dict[str, Reading]:
    """Return for each key of a sentence what speaks of it.

    `elsewhere` finds names of other places in a script without capitals.
    """
    keys = list(dict.fromkeys(name.key for name in named))
    if language not in _PART:
        return dict.fromkeys(keys, Reading(sentence, "sentence"))
    compared = _compared(sentence, language, named)
    if compared:
        return compared
    spoken = {name.key for name in named if _speaks(sentence, language, name)}
    clauses = _clauses(sentence, language, named, elsewhere)
    if len(clauses) == 1 and not spoken:
        return dict.fromkeys(keys, Reading(sentence, "sentence"))
    return {
        key: Reading(sentence, "where somebody speaks", 0.0)
        if key in spoken
        else _said_of(key, clauses, sentence)
        for key in keys
    }


def _said_of(key: str, clauses: Sequence[_Clause], sentence: str) -> Reading:
    text = " ".join(_about(clauses, key, sentence))
    return Reading(text, "sentence" if text == sentence else "clauses")


def _compared(sentence: str, language: str, named: Sequence[Named]) -> dict[str, Reading]:
    """Return the readings of a comparison of two names, nothing if the sentence is none."""
    if len({name.key for name in named}) != 2:
        return {}
    first, second = named[0], next(n for n in named if n.key != named[0].key)
    if _PERIOD.search(sentence, first.end, second.start):
        return {}
    if language == "en":
        head = sentence[: second.start]
        found = _THAN.search(head) or _NOT_AS.search(head)
        return _opposed(first, second, Reading(head, COMPARED)) if found else {}
    between = sentence[first.end : second.start]
    clause = _COMMA.split(sentence[second.end :])[0]
    if between.endswith(("比", "比起")) and clause:
        return _opposed(first, second, Reading(between[:-1] + clause, COMPARED))
    if between.endswith(("不如", "不及", "比不上")) or (between.endswith("没有") and clause):
        return _opposed(first, second, Reading(clause, COMPARED, -1.0, contrast=True))
    return {}


def _opposed(first: Named, second: Named, reading: Reading) -> dict[str, Reading]:
    return {
        first.key: reading,
        second.key: reading._replace(factor=OPPOSITE * reading.factor),
    }


def _speaks(sentence: str, language: str, name: Named) -> bool:
    if language == "en":
        # Most names follow no such word: the longer pattern is not tried at each word then.
        head = sentence[: name.start]
        return head[-6:].lower().endswith(_WHERE) and _SPEAKER.search(head) is not None
    behind = sentence[name.end :]
    return bool(
        _SPEAKER_ZH.match(behind)
        or (_SPEAKING_ZH.match(behind) and sentence[: name.start].endswith("在"))
    )


def _clauses(
    sentence: str, language: str, named: Sequence[Named], elsewhere: re.Pattern[str] | None
) -> list[_Clause]:
    cuts = [0]
    for match in _parts(language, sentence).finditer(sentence):
        start, end = match.span()
        inside = any(name.start < end and start < name.end for name in named)
        if not inside and end > cuts[-1]:
            cuts.append(end)
    return [
        _Clause(
            start,
            end,
            sentence[start:end],
            frozenset([name.key for name in named if start <= name.start < end]),
            language,
            elsewhere,
        )
        for start, end in zip(cuts, [*cuts[1:], len(sentence)], strict=True)
    ]


def _parts(language: str, sentence: str) -> re.Pattern[str]:
    if language != "en":
        return _PART[language]
    lowered = sentence.lower()
    return _PART["en"] if any(word in lowered for word in _PARTING) else _MARK


def _concedes(text: str, language: str) -> bool:
    if _CONCEDES[language].match(text):
        return True
    if "may be" in text and _MAY_BE.search(text):
        return True
    return not text.isascii() and any(word in text for word in _MAYBE)


def _is_elsewhere(text: str, language: str, elsewhere: re.Pattern[str] | None) -> bool:
    if elsewhere is not None and elsewhere.search(text):
        return True
    if language != "en":
        return False
    return bool(
        _names_something(text) or (_FIRST_NAME.match(text) and not _FIRST_WORDS.match(text))
    )


def _names_something(text: str) -> bool:
    """Say whether a capital inside of a clause begins a name."""
    for match in _NAME.finditer(text):
        start, end = match.span()
        inside = (
            start > 0
            and not _of_word(text[start - 1])
            and text[max(0, start - 2) : start] not in _BEGINS
        )
        if inside and (match.group() not in _NO_PLACE or _of_word(text[end : end + 1])):
            return True
    return False


def _of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _about(clauses: Sequence[_Clause], key: str, sentence: str) -> list[str]:
    """Return the stretches of a sentence that speak of a key."""
    first = next(number for number, clause in enumerate(clauses) if clause.keys)
    chosen = []
    owners: frozenset[str] = frozenset()
    away = False
    for number, clause in enumerate(clauses):
        if number < first:
            if key in clauses[first].keys and not _parted(clauses[number : first + 1]):
                chosen.append(clause)
            continue
        if clause.keys:
            owners, away = clause.keys, False
        elif not away:
            away = clause.elsewhere()
        if key in owners and not away:
            chosen.append(clause)
    return _joined(chosen, sentence)


def _parted(clauses: Sequence[_Clause]) -> bool:
    """Say whether a clause is kept from the one that names a city: contrast, or another place."""
    head, *rest = clauses
    return head.elsewhere() or head.concedes() or any(clause.contrasts() for clause in rest)


def _joined(clauses: Sequence[_Clause], sentence: str) -> list[str]:
    """Join neighbours as they stand, so that a negation before a comma keeps its reach."""
    spans: list[tuple[int, int]] = []
    for clause in clauses:
        if spans and spans[-1][1] == clause.start:
            spans[-1] = (spans[-1][0], clause.end)
        else:
            spans.append((clause.start, clause.end))
    return [sentence[start:end] for start, end in spans]
