"""VADER (Hutto and Gilbert 2014) at a quarter of the cost: the package's own rules and figures.

The package looks at every character for an emoji and at every word for its valence, and lowers the
whole sentence several times for each word that has one. Most words have none, so only those of the
lexicon are weighed here; what comes out is the same to the last digit (a test holds the two side by
side).
"""

from __future__ import annotations

from string import punctuation

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    normalize,
)

# Words of the lexicon that only scale others.
_BOOSTERS: dict[str, float] = BOOSTER_DICT
_NEGATIONS = frozenset(NEGATE)
_EMPHASIS = 1.25
_SO = ("so", "this")
_CUTS = str.maketrans(dict.fromkeys(";:—–", " "))
# A modifier counts less the further it stands before the word.
_FADING = (1.0, 0.95, 0.9)


class Vader:
    """The package's rules over the lexicon of an analyzer of it."""

    def __init__(self, package: SentimentIntensityAnalyzer) -> None:
        self._package = package
        self._lexicon: dict[str, float] = self._package.lexicon
        self._weighed = self._lexicon.keys() - _BOOSTERS.keys()
        self._emojis: frozenset[str] = frozenset(self._package.emojis)

    def compound(self, text: str) -> float:
        """Return what the package's `polarity_scores(text)["compound"]` returns."""
        if self._has_emoji(text):
            return float(self._package.polarity_scores(text)["compound"])
        words = _words(text)
        lowered = list(map(str.lower, words))
        told = [place for place, word in enumerate(lowered) if word in self._weighed]
        if not told:
            return 0.0
        shouting = 0 < sum(map(str.isupper, words)) < len(words)
        valences: list[float] = [0] * len(words)
        for place in told:
            if lowered[place] != "kind" or lowered[place + 1 : place + 2] != ["of"]:
                valences[place] = self._valence(words, lowered, place, shouting=shouting)
        if "but" in lowered:
            valences = self._package._but_check(words, valences)  # noqa: SLF001 - its own rule
        total = float(sum(valences))
        emphasis = self._package._punctuation_emphasis(text) if total else 0.0  # noqa: SLF001
        return float(round(normalize(total + (emphasis if total > 0 else -emphasis)), 4))

    def is_silent(self, text: str) -> bool:
        """Say whether neither a text nor a clause of it has any word with a valence."""
        lowered = text.lower()
        if self._has_emoji(text) or not self._weighed.isdisjoint(_words(lowered)):
            return False
        # Clauses are cut at these marks, also inside of what stands between spaces.
        apart = lowered.translate(_CUTS)
        return apart == lowered or self._weighed.isdisjoint(_words(apart))

    def _has_emoji(self, text: str) -> bool:
        return not text.isascii() and not self._emojis.isdisjoint(text)

    def _valence(self, words: list[str], lowered: list[str], at: int, *, shouting: bool) -> float:
        """Return the valence of a word among its neighbours."""
        valence = self._plain(lowered, at)
        if shouting and words[at].isupper():
            valence += C_INCR if valence > 0 else -C_INCR
        for distance in range(min(3, at)):
            before = at - distance - 1
            if lowered[before] in self._lexicon:
                continue
            boost = _BOOSTERS.get(lowered[before], 0.0)
            if boost:
                boost = -boost if valence < 0 else boost
                if shouting and words[before].isupper():
                    boost += C_INCR if valence > 0 else -C_INCR
                valence += boost * _FADING[distance]
            valence = _negated(valence, lowered[before:at])
            if distance == 2:
                valence = _idiom(valence, lowered, at)
        return self._after_least(valence, lowered, at)

    def _plain(self, lowered: list[str], at: int) -> float:
        valence = self._lexicon[lowered[at]]
        scale: float = N_SCALAR
        no_before = (
            (at > 0 and lowered[at - 1] == "no")
            or (at > 1 and lowered[at - 2] == "no")
            or (at > 2 and lowered[at - 3] == "no" and lowered[at - 1] in ("or", "nor"))
        )
        if no_before:
            return valence * scale
        # "no" right before a word with a valence negates that and says nothing itself.
        says_no = lowered[at] == "no" and at + 1 < len(lowered)
        return 0.0 if says_no and lowered[at + 1] in self._lexicon else valence

    def _after_least(self, valence: float, lowered: list[str], at: int) -> float:
        if at == 0 or lowered[at - 1] != "least" or "least" in self._lexicon:
            return valence
        quoted = at > 1 and lowered[at - 2] in ("at", "very")
        return valence if quoted else valence * N_SCALAR


def _words(text: str) -> list[str]:
    """Return words without punctuation around them, and emoticons as they are."""
    # What is two characters or fewer without its punctuation is an emoticon.
    return [bare if len(bare := word.strip(punctuation)) > 2 else word for word in text.split()]


def _negated(valence: float, before: list[str]) -> float:
    """Turn or scale a valence by the first of the one to three words before it."""
    said = before[0]
    if len(before) == 2:
        if said == "never" and before[1] in _SO:
            return valence * _EMPHASIS
        if said == "without" and before[1] == "doubt":
            return valence
    elif len(before) == 3:
        # As the package has it: "so" and "this" right before count without a "never".
        if (said == "never" and before[1] in _SO) or before[2] in _SO:
            return valence * _EMPHASIS
        if said == "without" and "doubt" in before[1:]:
            return valence
    return valence * N_SCALAR if said in _NEGATIONS or "n't" in said else valence


def _idiom(valence: float, lowered: list[str], at: int) -> float:
    """Replace or shift a valence by an idiom around the word (bad ass, kiss of death, sort of)."""
    three, two, one, word = lowered[at - 3 : at + 1]
    earlier = (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}")
    idioms = (f"{one} {word}", f"{two} {one} {word}", earlier[2], earlier[0], earlier[1])
    valence = next((SPECIAL_CASES[said] for said in idioms if said in SPECIAL_CASES), valence)
    for length in (2, 3):
        said = " ".join(lowered[at : at + length])
        if at + length <= len(lowered) and said in SPECIAL_CASES:
            valence = SPECIAL_CASES[said]
    for said in earlier:
        valence += _BOOSTERS.get(said, 0.0)
    return valence
