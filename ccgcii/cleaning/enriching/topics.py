"""Topics of a text, by the words of a taxonomy that users can read and replace."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.scripts import script_of, stands_alone
from ccgcii.cleaning.widths import is_narrower
from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA = Path(__file__).with_name("data")

# A text of this many columns has room to name a topic twice; so it must.
SHORT = 500
# A topic named less often than this share of the strongest is said in passing.
PASSING = 0.3
# The title says what a piece is about: a word there counts as so many.
TITLE = 3
# Posts mix these two, and names of theirs stand in texts of any language.
COMMON = ("en", "zh")
ANY, NONE, POWER = "any", "none", "power"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its power (`hard` or `soft`) and its words by language."""

    name: str
    power: str
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TopicHit:
    """A word that speaks for topics: where it stands in its field (`title` or `text`)."""

    topics: tuple[str, ...]
    word: str
    field: str
    start: int
    end: int


class Taxonomy:
    """Topics with their words, compiled for a language when a text of it is first read."""

    def __init__(
        self, topics: tuple[Topic, ...], none: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.topics = topics
        self._none = none or {}
        self._languages = {language for topic in topics for language in topic.words}
        self._words: dict[tuple[str, ...], _Words] = {}

    def powers(self) -> dict[str, str]:
        """Return the power of each topic."""
        return {topic.name: topic.power for topic in self.topics}

    def find(self, title: str, text: str, language: str | None = None) -> tuple[str, ...]:
        """Return the topics of a piece, the strongest first.

        A short piece has every topic it names; a long one those named by two different words or
        in the title, and not just in passing.
        """
        words = self._words_of(language)
        short = is_narrower(text, SHORT)
        counts: dict[str, int] = {}
        different: dict[str, set[str]] = {}
        for topics, start, end in words.spoken(text):
            for topic in topics:
                counts[topic] = counts.get(topic, 0) + 1
                if not short:
                    different.setdefault(topic, set()).add(text[start:end])
        in_title = [topic for topics, _, _ in words.spoken(title) for topic in topics]
        for topic in in_title:
            counts[topic] = counts.get(topic, 0) + TITLE
        if not counts:
            return ()
        least = PASSING * max(counts.values())
        found = [
            topic
            for topic in counts
            if short
            or (counts[topic] >= least and (topic in in_title or len(different[topic]) > 1))
        ]
        return tuple(sorted(found, key=lambda topic: (-counts[topic], topic)))

    def hits(self, title: str, text: str, language: str | None = None) -> list[TopicHit]:
        """Return every word of title and text that speaks for a topic: the evidence."""
        words = self._words_of(language)
        return [*words.hits(title, "title"), *words.hits(text, "text")]

    def _words_of(self, language: str | None) -> _Words:
        known = language in self._languages and language not in COMMON
        wanted = (ANY, str(language)) if known else (ANY, *COMMON)
        if wanted not in self._words:
            owners: dict[str, list[str]] = {}
            for topic in self.topics:
                for word in _listed(topic.words, wanted):
                    owners.setdefault(word, []).append(topic.name)
            for word in _listed(self._none, wanted):
                owners[word] = []
            self._words[wanted] = _Words(owners)
        return self._words[wanted]


class _Words:
    """Words with the topics they speak for, in one automaton."""

    def __init__(self, owners: Mapping[str, list[str]]) -> None:
        self._entries = [_Entry.of(word, tuple(topics)) for word, topics in owners.items()]
        self._automaton = AhoCorasick(
            [entry.written for entry in self._entries], matchkind=MatchKind.LeftmostLongest
        )

    def hits(self, text: str, field: str) -> Iterator[TopicHit]:
        """Yield the words in a text, in order."""
        for topics, start, end in self.spoken(text):
            yield TopicHit(topics, text[start:end], field, start, end)

    def spoken(self, text: str) -> list[tuple[tuple[str, ...], int, int]]:
        """Return the topics that each word in a text speaks for, and where it stands, in order."""
        if not text:
            return []
        # A capital I with a dot is the one letter whose small form is longer: offsets must stay.
        small = text.replace("İ", "i").lower()
        entries = self._entries
        return [
            (entry.topics, start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(small)
            if (entry := entries[index]).topics and entry.fits(text, small, start, end)
        ]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word as it is looked for: `open` takes any ending, `capital` wants the letters as here."""

    written: str
    topics: tuple[str, ...]
    script: str
    open: bool
    capital: str

    @classmethod
    def of(cls, word: str, topics: tuple[str, ...]) -> _Entry:
        plain = word.removesuffix("*")
        named = plain[:1].isupper() and " " not in plain
        capital = "" if not named else plain if plain.isupper() else plain[0]
        return cls(plain.lower(), topics, script_of(plain), plain != word, capital)

    def fits(self, text: str, small: str, start: int, end: int) -> bool:
        """Say whether the word stands at a place of a text, given as written and in small."""
        if self.capital and not text.startswith(self.capital, start):
            return False
        if self.script == "han" or small[start - 1 : start] + small[end : end + 1] == "  ":
            return True
        if self.open:
            while end < len(small) and small[end].isalnum():
                end += 1
        return stands_alone(small, start, end, self.script)


def find_topics(
    text: str, title: str = "", taxonomy: str | None = None, language: str | None = None
) -> tuple[str, ...]:
    """Return the topics of a piece; `taxonomy` is the path of a file of one's own."""
    return taxonomy_at(taxonomy).find(title, text, language)


def topic_powers(taxonomy: str | None = None) -> dict[str, str]:
    """Return the topics of a taxonomy with their power, hard or soft."""
    return taxonomy_at(taxonomy).powers()


@cache
def taxonomy_at(path: str | None = None) -> Taxonomy:
    """Read a taxonomy, the one that ships with ccgcii by default.

    Raises `ConfigError` naming the file and what is wrong with it.
    """
    file = Path(path) if path else DATA / "topics.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: not a taxonomy of topics ({error})") from error
    none = _lists(file, NONE, table.pop(NONE, {}))
    topics = tuple(_topic(file, name, body) for name, body in table.items())
    if not topics:
        raise ConfigError(f"{file}: no topic in it")
    return Taxonomy(topics, none)


def _topic(file: Path, name: str, body: object) -> Topic:
    if not isinstance(body, dict) or body.get(POWER) not in ("hard", "soft"):
        raise ConfigError(f'{file}: topic [{name}] needs power = "hard" or "soft"')
    words = _lists(file, name, {key: value for key, value in body.items() if key != POWER})
    if not any(words.values()):
        raise ConfigError(f"{file}: topic [{name}] has no words (lists named by language)")
    return Topic(name, body[POWER], words)


def _lists(file: Path, name: str, body: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(body, dict):
        raise ConfigError(f"{file}: [{name}] is no table of lists")
    lists: dict[str, tuple[str, ...]] = {}
    for key, words in body.items():
        if key != ANY and not (len(key) == 2 and key.isascii() and key.islower()):
            hint = suggest(key, [POWER, ANY])
            raise ConfigError(
                f"{file}: [{name}] {key}: a list has the name of a language (en) or any{hint}"
            )
        if not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
            raise ConfigError(f"{file}: [{name}] {key} is no list of words")
        lists[key] = tuple(words)
    return lists


def _listed(lists: Mapping[str, tuple[str, ...]], languages: tuple[str, ...]) -> Iterator[str]:
    for language in languages:
        yield from lists.get(language, ())
