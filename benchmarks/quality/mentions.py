"""Cities in real text: mentions drawn from the folder of real data, read and labelled by hand.

The texts are not ours to ship: `real_mentions.csv` has only where each mention stands (file, row,
offsets), its city and what a reader says of it. Rows whose text is not there any more are refused.
Beside it the places that others marked in Chinese text (MSRA), where the folder has them.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.scoring import Quality, quality
from ccgcii import ConfigError, default_cities, find_cities

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("real_mentions.csv")
MSRA = Path("eval/msra_ner_test_head.txt")
# File, the column that tells its rows apart, the columns that are the text.
SOURCES = {
    "news/recovery_2020_city_sample.csv": ("url", ("title", "body_text")),
    "news/recovery_2020_negatives.csv": ("url", ("title", "body_text")),
    "social/tweets_media_2020_2021_with_city.csv": ("id_str", ("full",)),
}


@dataclass(frozen=True, slots=True)
class RealMention:
    """A mention that the finder found when it was drawn (`drawn`: the seed), and its label."""

    file: str
    row: str
    start: int
    end: int
    city: str
    label: str
    drawn: str
    reason: str


def measure(data: Path) -> dict[str, dict[str, Quality]]:
    """Return precision at the mentions of each draw, and at the places of MSRA.

    A right mention that is not found any more is missed, a wrong one that still is found is wrong.
    """
    texts = texts_of(data)
    groups: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for mention in labelled_mentions():
        found = _finds(mention, texts)
        truth = frozenset({mention.city}) if mention.label == "right" else frozenset[str]()
        pair = (frozenset({mention.city}) if found else frozenset[str](), truth)
        groups.setdefault(f"draw {mention.drawn}", []).append(pair)
    measured = {"ccgcii": {name: quality(pairs) for name, pairs in groups.items()}}
    if (data / MSRA).is_file():
        measured["ccgcii"]["places marked in MSRA"] = quality(list(msra(data / MSRA)))
    return measured


def labelled_mentions() -> tuple[RealMention, ...]:
    """Return every labelled mention."""
    with FILE.open(encoding="utf-8", newline="") as opened:
        return tuple(
            RealMention(
                row["file"],
                row["row"],
                int(row["start"]),
                int(row["end"]),
                row["city"],
                row["label"],
                row["drawn"],
                row["reason"],
            )
            for row in csv.DictReader(opened)
        )


def texts_of(data: Path) -> dict[tuple[str, str], str]:
    """Return the texts of the sources by file and row."""
    csv.field_size_limit(sys.maxsize)
    texts = {}
    for file, (key, columns) in SOURCES.items():
        with (data / file).open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                texts[file, row[key]] = "\n".join(row[column] for column in columns)
    return texts


def msra(path: Path) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield (found, marked) of each Chinese sentence, for the places that are our cities.

    A city inside a longer marked place (北京西站) may be found; it is wrong only outside any.
    """
    keys = {city.name_zh: city.key for city in default_cities()}
    for text, places in _marked(path):
        marked = frozenset(
            f"{start}:{keys[name]}"
            for start, end in places
            if (name := text[start:end].removesuffix("市")) in keys
        )
        found = frozenset(
            f"{mention.start}:{mention.city}"
            for mention in find_cities(text, "zh")
            if f"{mention.start}:{mention.city}" in marked
            or not any(start <= mention.start < end for start, end in places)
        )
        yield found, marked


def _marked(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    for block in blocks:
        rows = [line.split("\t") for line in block.splitlines() if line]
        text = "".join(row[0] for row in rows)
        places: list[tuple[int, int]] = []
        for at, row in enumerate(rows):
            if row[1] == "B-LOC":
                places.append((at, at + 1))
            elif row[1] == "I-LOC" and places:
                places[-1] = (places[-1][0], at + 1)
        if text:
            yield text, places


def _finds(mention: RealMention, texts: dict[tuple[str, str], str]) -> bool:
    text = texts.get((mention.file, mention.row))
    if text is None:
        raise ConfigError(
            f"{FILE.name}: no row {mention.row!r} in {mention.file}; the folder of real data is "
            "another one than the mentions were drawn from"
        )
    found = find_cities(text, "en")
    return any(m.start == mention.start and m.city == mention.city for m in found)
