"""Sentiment: the tone towards a city on labelled sentences, and of whole texts on others' data.

    python -m benchmarks.quality.tones [../shared/data] [--failures] [--snownlp PYTHON]

`tones.jsonl` are our own sentences (README.md): for each city in them the tone towards it, which
often is not that of the whole. Counted is (sentence, city, positive or negative); a neutral city
has nothing to find. VADER's own tweets and newspaper snippets (Hutto and Gilbert 2014) carry human
means of -4 to 4; EPRSTMT (Xu and others 2021) are Chinese shop reviews, positive or negative. The
headlines of TNEWS that name a city were labelled by us (`real_tones.csv`), before measuring them.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii import Document, find_cities, tone_of, with_sentiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Each file is a set, named by the day it was written; the figures of sets are not mixed.
FILES = {
    "first set": Path(__file__).with_name("tones.jsonl"),
    "28 November": Path(__file__).with_name("tones_2026-11-28.jsonl"),
}
REAL = Path(__file__).with_name("real_tones.csv")
REAL_EN = Path(__file__).with_name("real_tones_en.csv")
HEADLINES = {split: f"TNEWS headlines, towards cities, {split}" for split in ("open", "held")}
HEADLINES_EN = {split: f"headlines of 2022, towards cities, {split}" for split in ("open", "held")}
PEER = Path(__file__).with_name("peer_snownlp.py")
NOW = datetime(2020, 6, 1, tzinfo=UTC)
# VADER's own bounds between positive, neutral and negative.
CLEAR = 0.05
# Human means of -4 to 4 this far from 0 are not neutral.
CLEAR_TO_PEOPLE = 0.5
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled text: `tones` gives for each city positive, negative or neutral."""

    id: str
    language: str
    text: str
    kind: str
    tones: Mapping[str, str]
    split: str
    reason: str = ""
    written: str = "first set"


def labelled_sentences() -> list[Sentence]:
    """Return our own sentences, of every set."""
    return [
        Sentence(**row, written=written)
        for written, file in FILES.items()
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]


def measure_ours() -> dict[str, dict[str, Quality]]:
    """Return the quality on our sentences in English and Chinese, by system and group."""
    sentences = [s for s in labelled_sentences() if s.language in LANGUAGES]
    counts = Counter(tone for s in sentences for tone in s.tones.values())
    often = counts.most_common(1)[0][0]
    return {
        "ccgcii": _grouped(sentences, towards_cities),
        "VADER / our list, whole text": _grouped(sentences, of_the_whole),
        f"majority (all is {often})": _grouped(sentences, lambda s: dict.fromkeys(s.tones, often)),
    }


def measure_real(data: Path) -> dict[str, dict[str, Quality]]:
    """Return the quality on whole texts of others, by system and data set."""
    sets = {
        "VADER tweets, en": (_vader(data / "eval" / "vader_tweets_GroundTruth.txt"), "en"),
        "VADER newspaper, en": (
            _vader(data / "eval" / "vader_nytEditorialSnippets_GroundTruth.txt"),
            "en",
        ),
        "EPRSTMT, zh": (_reviews(data / "eval" / "eprstmt_test_public.json"), "zh"),
    }
    chinese, english = headlines_of_cities(data), english_headlines(data)
    found: dict[str, dict[str, Quality]] = {
        "ccgcii": _by_split(chinese, towards_cities)
        | _by_split(english, towards_cities, HEADLINES_EN),
        "majority": {},
        # Neutral is the majority; the next is the one that can be right.
        "all is positive": _by_split(chinese, _all_positive)
        | _by_split(english, _all_positive, HEADLINES_EN),
    }
    for name, (rows, language) in sets.items():
        often = Counter(said for said, _ in rows).most_common(1)[0][0]
        found["ccgcii"][name] = quality(
            [(_as_set(word_of(tone_of(text, language))), _as_set(said)) for said, text in rows]
        )
        found["majority"][name] = quality([(_as_set(often), _as_set(said)) for said, _ in rows])
    return found


def headlines_of_cities(data: Path) -> list[Sentence]:
    """Return the headlines of TNEWS that name a city, with the tones of `real_tones.csv`.

    Those of its dev part are open, those of its test part held.
    """
    tones: dict[tuple[str, int], dict[str, str]] = {}
    with REAL.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            tones.setdefault((row["file"], int(row["row"])), {})[row["city"]] = row["tone"]
    texts = {
        file: (data / file).read_text(encoding="utf-8").splitlines()
        for file in dict.fromkeys(file for file, _ in tones)
    }
    return [
        Sentence(
            id=f"{file} {row}",
            language="zh",
            text=json.loads(texts[file][row])["sentence"],
            kind="headline",
            tones=said,
            split="open" if "_dev_" in file else "held",
        )
        for (file, row), said in tones.items()
    ]


def english_headlines(data: Path) -> list[Sentence]:
    """Return headlines of 2022 drawn with a seed, with the tones of `real_tones_en.csv`."""
    said: dict[tuple[str, int], list[dict[str, str]]] = {}
    with REAL_EN.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            said.setdefault((row["file"], int(row["row"])), []).append(row)
    texts: dict[str, list[str]] = {}
    for file in dict.fromkeys(file for file, _ in said):
        with (data / file).open(encoding="utf-8", newline="") as stream:
            texts[file] = [row["headline"] for row in csv.DictReader(stream)]
    return [
        Sentence(
            id=f"{file} {row}",
            language="en",
            text=texts[file][row - 2],
            kind="headline",
            tones={each["city"]: each["tone"] for each in rows},
            split=rows[0]["split"],
        )
        for (file, row), rows in said.items()
    ]


def measure_snownlp(python: str, data: Path | None) -> dict[str, dict[str, Quality]]:
    """Return the quality of SnowNLP on Chinese: it calls every text positive or negative."""
    found: dict[str, Quality] = {}
    known = [s for s in labelled_sentences() if s.language == "zh"]
    for written, split in product(FILES, ("open", "held")):
        ours = [s for s in known if (s.written, s.split) == (written, split)]
        said = _snownlp(python, [s.text for s in ours])
        pairs = [
            pair_of(s, dict.fromkeys(s.tones, word)) for s, word in zip(ours, said, strict=True)
        ]
        found[f"{written}, zh, {split} split"] = quality(pairs)
    if data is not None:
        headlines = headlines_of_cities(data)
        said = _snownlp(python, [s.text for s in headlines])
        words = {s.id: word for s, word in zip(headlines, said, strict=True)}
        found |= _by_split(headlines, lambda s: dict.fromkeys(s.tones, words[s.id]))
        rows = _reviews(data / "eval" / "eprstmt_test_public.json")
        said = _snownlp(python, [text for _, text in rows])
        found["EPRSTMT, zh"] = quality(
            [({word}, {truth}) for word, (truth, _) in zip(said, rows, strict=True)]
        )
    return {"SnowNLP, whole text": found}


def _snownlp(python: str, texts: Sequence[str]) -> list[str]:
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    done = subprocess.run(
        [python, str(PEER)], input=lines, capture_output=True, text=True, check=True
    )
    shares: dict[str, float] = json.loads(done.stdout)
    return ["positive" if shares[str(n)] >= 0.5 else "negative" for n in range(len(texts))]


def towards_cities(sentence: Sentence) -> dict[str, str]:
    """Return what ccgcii finds for each labelled city."""
    mentions = tuple(find_cities(sentence.text, sentence.language))
    document = Document("quality", "x", "", NOW, text=sentence.text, language=sentence.language)
    read = with_sentiment(replace(document, mentions=mentions))
    tones: dict[str, list[float]] = {}
    for mention in read.mentions:
        if mention.sentiment is not None:
            tones.setdefault(mention.city, []).append(mention.sentiment)
    return {city: word_of(sum(said) / len(said)) for city, said in tones.items()}


def of_the_whole(sentence: Sentence) -> dict[str, str]:
    """Return the tone of the whole text for each of its cities."""
    return dict.fromkeys(sentence.tones, word_of(tone_of(sentence.text, sentence.language)))


def word_of(tone: float | None) -> str:
    """Return the word for a tone."""
    if tone is None or -CLEAR < tone < CLEAR:
        return "neutral"
    return "positive" if tone > 0 else "negative"


def pair_of(sentence: Sentence, found: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what was found and what is true, as sets of "city tone"."""
    return _clear(found, sentence.tones), _clear(sentence.tones, sentence.tones)


def _clear(tones: Mapping[str, str], cities: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        f"{city} {tone}" for city, tone in tones.items() if city in cities and tone != "neutral"
    )


def _as_set(word: str) -> frozenset[str]:
    return frozenset() if word == "neutral" else frozenset({word})


def _grouped(
    sentences: Sequence[Sentence], find: Callable[[Sentence], Mapping[str, str]]
) -> dict[str, Quality]:
    groups: dict[str, Sequence[Sentence]] = {"overall": sentences}
    for written in FILES:
        within = [s for s in sentences if s.written == written]
        before = "" if written == "first set" else f"{written}, "
        for split in ("open", "held"):
            groups[f"{before}{split} split"] = [s for s in within if s.split == split]
        for language in LANGUAGES:
            groups[f"{before}{language}, held split"] = [
                s for s in within if s.language == language and s.split == "held"
            ]
    # The first set alone: the kinds of the second were held when the first ones were mended.
    first = [s for s in sentences if s.written == "first set"]
    for kind in dict.fromkeys(s.kind for s in first):
        groups[kind] = [s for s in first if s.kind == kind]
    return {name: quality([pair_of(s, find(s)) for s in group]) for name, group in groups.items()}


def _all_positive(sentence: Sentence) -> dict[str, str]:
    return dict.fromkeys(sentence.tones, "positive")


def _by_split(
    headlines: Sequence[Sentence],
    find: Callable[[Sentence], Mapping[str, str]],
    names: Mapping[str, str] = HEADLINES,
) -> dict[str, Quality]:
    return {
        name: quality([pair_of(s, find(s)) for s in headlines if s.split == split])
        for split, name in names.items()
    }


def _vader(file: Path) -> list[tuple[str, str]]:
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        _, mean, text = line.split("\t", 2)
        value = float(mean)
        clear = abs(value) >= CLEAR_TO_PEOPLE
        said = ("positive" if value > 0 else "negative") if clear else "neutral"
        rows.append((said, text))
    return rows


def _reviews(file: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(row["label"].lower(), row["sentence"]) for row in rows]


def main() -> None:
    """Measure and print; with --failures, the sentences of the open split that go wrong."""
    parser = argparse.ArgumentParser(description="Tone with known truth.")
    parser.add_argument("data", type=Path, nargs="?", help="the folder of real data (holds eval)")
    parser.add_argument("--failures", action="store_true", help="show open sentences that go wrong")
    parser.add_argument("--snownlp", metavar="PYTHON", help="a Python that has snownlp")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    measured = [measure_ours(), *([measure_real(options.data)] if options.data else [])]
    if options.snownlp:
        measured.append(measure_snownlp(options.snownlp, options.data))
    for line in (line for figures in measured for line in lines(figures)):
        console.print(line)
    if options.failures:
        for sentence in labelled_sentences():
            found, truth = pair_of(sentence, towards_cities(sentence))
            if sentence.split == "open" and sentence.language in LANGUAGES and found != truth:
                marks = [*(f"+{word}" for word in found - truth)]
                marks += [f"-{word}" for word in truth - found]
                console.print(f"{sentence.id} {' '.join(marks)} | {sentence.text}", markup=False)


if __name__ == "__main__":
    main()
