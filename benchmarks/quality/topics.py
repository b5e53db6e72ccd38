"""Topics: our taxonomy on labelled texts, on Chinese headlines and on English news.

    python -m benchmarks.quality.topics [../shared/data] [--failures]

`topics.jsonl` are our own texts, several topics each (README.md); TNEWS (Xu and others 2020) are
Chinese headlines, AG News (Zhang, Zhao and LeCun 2015) English ones with a lead, one class each.
Their classes are set against our topics as below; a class that we have no topic for is left out.
For them only the strongest topic counts, for only one class is right.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii import find_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# Each file is a set, named by the day it was written; the figures of sets are not mixed.
FILES = {
    "first set": Path(__file__).with_name("topics.jsonl"),
    "28 November": Path(__file__).with_name("topics_2026-11-28.jsonl"),
}
# Left out, for no topic of ours is theirs: news_story (tales), news_game (e-sport).
TNEWS = {
    "news_culture": ("culture",),
    "news_entertainment": ("art",),
    "news_sports": ("sport",),
    "news_finance": ("economy",),
    "news_stock": ("economy",),
    "news_house": ("economy",),
    "news_car": ("industry", "transport"),
    "news_edu": ("education",),
    "news_tech": ("technology",),
    "news_military": ("politics",),
    "news_world": ("politics",),
    "news_travel": ("travel",),
    "news_agriculture": ("agriculture",),
}
AG_NEWS = {
    "World": ("politics",),
    "Sports": ("sport",),
    "Business": ("economy", "industry"),
    "Sci/Tech": ("technology",),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A labelled text; `split` is `open` (failures are read) or `held` (only ever counted)."""

    id: str
    language: str
    text: str
    topics: frozenset[str]
    split: str
    reason: str = ""
    written: str = "first set"


def labelled_pieces() -> list[Piece]:
    """Return our own texts, of every set."""
    return [
        Piece(**{**row, "topics": frozenset(row["topics"]), "written": written})
        for written, file in FILES.items()
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]


def measure_ours() -> dict[str, dict[str, Quality]]:
    """Return the quality on our texts, by system and group."""
    pieces = labelled_pieces()
    often = Counter(topic for piece in pieces for topic in piece.topics).most_common(1)[0][0]
    return {
        "ccgcii": _grouped(
            pieces, lambda piece: frozenset(find_topics(piece.text, language=piece.language))
        ),
        f"majority (all is {often})": _grouped(pieces, lambda _: frozenset({often})),
    }


def measure_real(data: Path) -> dict[str, dict[str, Quality]]:
    """Return the quality on headlines of others, by system and data set."""
    sets = {
        "TNEWS dev": (read_tnews(data / "eval" / "tnews_dev_few_all.json"), TNEWS),
        "TNEWS test": (read_tnews(data / "eval" / "tnews_test_public.json"), TNEWS),
        "AG News": (read_ag_news(data / "eval"), AG_NEWS),
    }
    found: dict[str, dict[str, Quality]] = {"ccgcii, strongest": {}, "majority": {}}
    for name, (pieces, classes) in sets.items():
        language = "en" if classes is AG_NEWS else "zh"
        groups = groups_of(classes)
        pairs = [(groups[kind], title, text) for kind, title, text in pieces if kind in groups]
        often = Counter(group for group, _, _ in pairs).most_common(1)[0][0]
        found["ccgcii, strongest"][name] = quality(
            [
                (strongest(find_topics(text, title, language=language), groups), {group})
                for group, title, text in pairs
            ]
        )
        found["majority"][name] = quality([({often}, {group}) for group, _, _ in pairs])
    return found


def groups_of(classes: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Name for each class what it is in our words: classes of the same topics are one."""
    return {name: "/".join(topics) for name, topics in classes.items()}


def strongest(topics: Iterable[str], groups: Mapping[str, str]) -> set[str]:
    """Return the group of the strongest topic that any group has."""
    known = {topic: group for group in groups.values() for topic in group.split("/")}
    return set([known[topic] for topic in topics if topic in known][:1])


def read_tnews(file: Path) -> list[tuple[str, str, str]]:
    """Return (class, title, text)."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(row["label_desc"], row["sentence"], "") for row in rows]


def read_ag_news(folder: Path) -> list[tuple[str, str, str]]:
    """Return (class, title, text)."""
    names = (folder / "ag_news_classes.txt").read_text(encoding="utf-8").split("\n")
    with (folder / "ag_news_test_1500.csv").open(encoding="utf-8", newline="") as stream:
        return [(names[int(kind) - 1], title, text) for kind, title, text in csv.reader(stream)]


def _grouped(
    pieces: Sequence[Piece], find: Callable[[Piece], frozenset[str]]
) -> dict[str, Quality]:
    groups: dict[str, Sequence[Piece]] = {"overall": pieces}
    for written in FILES:
        within = [piece for piece in pieces if piece.written == written]
        before = "" if written == "first set" else f"{written}, "
        held = [piece for piece in within if piece.split == "held"]
        groups[f"{before}open split"] = [piece for piece in within if piece.split == "open"]
        groups[f"{before}held split"] = held
        for language in ("en", "zh"):
            groups[f"{before}{language}, held split"] = [
                piece for piece in held if piece.language == language
            ]
        groups[f"{before}twelve others, held split"] = [
            piece for piece in held if piece.language not in ("en", "zh")
        ]
    return {
        name: quality([(find(piece), piece.topics) for piece in group])
        for name, group in groups.items()
    }


def main() -> None:
    """Measure and print; with --failures, the texts of the open split that go wrong."""
    parser = argparse.ArgumentParser(description="Topics with known truth.")
    parser.add_argument("data", type=Path, nargs="?", help="the folder of real data (holds eval)")
    parser.add_argument("--failures", action="store_true", help="show open texts that go wrong")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    measured = [measure_ours(), *([measure_real(options.data)] if options.data else [])]
    for line in (line for figures in measured for line in lines(figures)):
        console.print(line)
    if options.failures:
        for piece in labelled_pieces():
            found = set(find_topics(piece.text, language=piece.language))
            if piece.split == "open" and found != piece.topics:
                marks = [*(f"+{t}" for t in sorted(found - piece.topics))]
                marks += [f"-{t}" for t in sorted(piece.topics - found)]
                console.print(f"{piece.id} {' '.join(marks)} | {piece.text}", markup=False)


if __name__ == "__main__":
    main()
