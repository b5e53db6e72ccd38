"""Topics of a text, by the words of a taxonomy that users can read and replace."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from ccgcii.cleaning.places import DATA
from ccgcii.cleaning.scripts import script_of, stands_alone
from ccgcii.cleaning.widths import display_width
from ccgcii.errors import ConfigError

# A text of this many columns has room to name a topic twice; so it must.
SHORT = 500
# A topic named less often than this share of the strongest is said in passing.
PASSING = 0.3
# The title says what a piece is about: a word there counts as so many.
TITLE = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its power (`hard` or `soft`) and its words."""

    name: str
    power: str
    words: tuple[str, ...]


class Taxonomy:
    """Topics with their words, compiled."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self.topics = topics
        owners: dict[str, list[str]] = {}
        for topic in topics:
            for word in topic.words:
                owners.setdefault(word.lower(), []).append(topic.name)
        self._words = list(owners)
        self._owners = [owners[word] for word in self._words]
        self._scripts = [script_of(word) for word in self._words]
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def powers(self) -> dict[str, str]:
        """Return the power of each topic."""
        return {topic.name: topic.power for topic in self.topics}

    def find(self, title: str, text: str) -> tuple[str, ...]:
        """Return the topics of a piece, the strongest first.

        A short piece has every topic it names; a long one those named by two different words or
        in the title, and not just in passing.
        """
        in_title, _ = self._counts(title)
        counts, words = self._counts(text)
        for name, number in in_title.items():
            counts[name] += TITLE * number
        if not counts:
            return ()
        short = display_width(text) < SHORT
        least = PASSING * max(counts.values())
        found = [
            name
            for name in counts
            if short or (counts[name] >= least and (name in in_title or len(words[name]) > 1))
        ]
        return tuple(sorted(found, key=lambda name: (-counts[name], name)))

    def _counts(self, text: str) -> tuple[Counter[str], dict[str, set[int]]]:
        text = text.lower()
        counts: Counter[str] = Counter()
        words: dict[str, set[int]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if stands_alone(text, start, end, self._scripts[index]):
                for name in self._owners[index]:
                    counts[name] += 1
                    words.setdefault(name, set()).add(index)
        return counts, words


def find_topics(text: str, title: str = "", taxonomy: str | None = None) -> tuple[str, ...]:
    """Return the topics of a piece; `taxonomy` is the path of a file of one's own."""
    return taxonomy_at(taxonomy).find(title, text)


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
    topics = tuple(_topic(file, name, body) for name, body in table.items())
    if not topics:
        raise ConfigError(f"{file}: no topic in it")
    return Taxonomy(topics)


def _topic(file: Path, name: str, body: object) -> Topic:
    if not isinstance(body, dict) or body.get("power") not in ("hard", "soft"):
        raise ConfigError(f'{file}: topic [{name}] needs power = "hard" or "soft"')
    lists = [value for key, value in body.items() if key != "power"]
    words = [word for group in lists for word in group if isinstance(word, str) and word]
    if not words:
        raise ConfigError(f"{file}: topic [{name}] has no words (lists named by language)")
    return Topic(name, body["power"], tuple(words))
