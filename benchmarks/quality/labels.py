"""The hand-labelled sentences of `sentences/`, and what is wrong with them, if anything."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).with_name("sentences")
LANGUAGES = ["en", "zh", "fr", "de", "es", "pt", "it", "ru", "ar", "ja", "ko", "id", "vi", "tr"]


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """A city named in a sentence: its key, the name as written, its character offset."""

    key: str
    as_written: str
    start: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or post with the cities a reader finds in it, and why (README.md).

    `split` is `open` (failures may be read and repaired) or `held` (only ever counted); `set` is
    the file it stands in, without its ending.
    """

    id: str
    language: str
    text: str
    cities: tuple[str, ...]
    mentions: tuple[LabelledMention, ...]
    ambiguous: bool
    reason: str
    split: str
    set: str
    note: str = ""


@cache
def labelled_sentences() -> tuple[Sentence, ...]:
    """Return every sentence of every set, in their order."""
    return tuple(
        _sentence(json.loads(line), file.stem)
        for file in sorted(FOLDER.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )


@cache
def set_names() -> tuple[str, ...]:
    """Return the names of the sets, the oldest first."""
    return tuple(dict.fromkeys(sentence.set for sentence in labelled_sentences()))


def problems(sentences: Iterable[Sentence], keys: set[str]) -> Iterator[str]:
    """Yield what contradicts itself: wrong offsets, unknown cities, twins, no reason."""
    ids: set[str] = set()
    texts: set[str] = set()
    for sentence in sentences:
        if sentence.id in ids or sentence.text in texts:
            yield f"{sentence.id}: stands there twice"
        ids.add(sentence.id)
        texts.add(sentence.text)
        yield from (f"{sentence.id}: {problem}" for problem in _problems_of(sentence, keys))


def _problems_of(sentence: Sentence, keys: set[str]) -> Iterator[str]:
    for mention in sentence.mentions:
        end = mention.start + len(mention.as_written)
        if sentence.text[mention.start : end] != mention.as_written:
            yield f"{mention.as_written!r} does not stand at {mention.start}"
        if mention.key not in keys:
            yield f"no city has the key {mention.key!r}"
    if sentence.cities != tuple(dict.fromkeys(mention.key for mention in sentence.mentions)):
        yield "`cities` is not the order of its mentions"
    if sentence.language not in LANGUAGES or not sentence.reason:
        yield "its language is unknown or its reason empty"
    if sentence.split not in ("open", "held"):
        yield f"its split is {sentence.split!r}"


def _sentence(line: dict[str, object], file: str) -> Sentence:
    values = line | {"set": file}
    values["cities"] = tuple(line["cities"])  # type: ignore[arg-type]  # JSON
    values["mentions"] = tuple(
        LabelledMention(**mention)
        for mention in line["mentions"]  # type: ignore[attr-defined]  # JSON
    )
    return Sentence(**values)  # type: ignore[arg-type]  # the columns are checked by its own test
