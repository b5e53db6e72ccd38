"""Make `data/touching_words.csv` again.

    python -m ccgcii.cleaning.toponyms.touching_build DICT CHARACTERS

DICT is jieba's `dict.txt` (MIT, Copyright (c) 2013 Sun Junyi: word, count, class), CHARACTERS
OpenCC's `STCharacters.txt` (Apache-2.0: a simplified character, its traditional ones). Kept are the
words of two to four characters that end with the first or begin with the last character of a city's
two-character name and stand at least twenty times in jieba's 60 million.
"""

from __future__ import annotations

import csv
import sys
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.catalogues import default_cities
from ccgcii.cleaning.toponyms.touching import FILE, LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST, OFTEN = 20, 600
HEADER = """\
# Made by ccgcii.cleaning.toponyms.touching_build; do not edit. Word counts: jieba (MIT, Copyright
# (c) 2013 Sun Junyi); traditional characters: OpenCC (Apache-2.0).
"""


def counts(path: Path) -> tuple[dict[str, int], int]:
    """Return how often each word stands in jieba's corpus, and all words together."""
    lines = (line.split(" ") for line in path.read_text(encoding="utf-8").splitlines())
    found = {line[0]: int(line[1]) for line in lines}
    return found, sum(found.values())


def rows(known: Mapping[str, int], total: int) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, text, weight) of every city, character and word."""
    names = sorted({city.name_zh for city in default_cities() if len(city.name_zh) == 2})
    first, last = {name[0] for name in names}, {name[1] for name in names}
    for name in names:
        yield "city", name, _number(_weight(name, known, total))
    for character in sorted(first | last):
        yield "single", character, _number(_weight(character, known, total))
    for word in sorted(known):
        if not 2 <= len(word) <= LONGEST or known[word] < LEAST or word in names:
            continue
        whole = _weight(word, known, total)
        if word[-1] in first:
            yield "left", word, _number(whole - _weight(word[:-1], known, total))
        if word[0] in last:
            yield "right", word, _number(whole - _weight(word[1:], known, total))
    yield from _beside(known, total, first, last)


def _beside(
    known: Mapping[str, int], total: int, first: set[str], last: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield the words whose end or beginning a word like 造成 or 春节 takes away."""
    pairs = [word for word in sorted(known) if len(word) == 2 and known[word] >= LEAST]
    ends = {word[0] for word in pairs if word[1] in first}
    begins = {word[1] for word in pairs if word[0] in last}
    for word in pairs:
        if known[word] < OFTEN:
            continue
        apart = _weight(word[0], known, total) + _weight(word[1], known, total)
        bound = _number(max(0.0, _weight(word, known, total) - apart))
        if word[1] in ends:
            yield "before", word, bound
        if word[0] in begins:
            yield "after", word, bound


def characters(path: Path, used: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the traditional characters of the simplified ones that our words use."""
    for line in path.read_text(encoding="utf-8").splitlines():
        simplified, _, traditional = line.partition("\t")
        if simplified in used:
            for character in traditional.split():
                if character != simplified and character not in used:
                    yield "traditional", character, simplified


def _weight(word: str, known: Mapping[str, int], total: int) -> float:
    """Return the logarithm of a word's share, of its characters' shares where it is no word."""
    if word in known and (known[word] or len(word) == 1):
        return log(max(known[word], 1) / total)
    if len(word) == 1:
        return log(1 / total)
    return sum(_weight(character, known, total) for character in word)


def _number(weight: float) -> str:
    return f"{weight:.1f}"


def main() -> None:
    """Write the table."""
    known, total = counts(Path(sys.argv[1]))
    table = list(rows(known, total))
    used = {character for _, text, _ in table for character in text}
    table += characters(Path(sys.argv[2]), used)
    with FILE.open("w", encoding="utf-8", newline="") as opened:
        opened.write(HEADER)
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(("kind", "text", "weight"))
        writer.writerows(table)


if __name__ == "__main__":
    main()
