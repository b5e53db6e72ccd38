"""The language of a text: ccgcii beside lingua and py3langid, and whether its confidence is true.

    python -m benchmarks.quality.languages --data ../shared/data --peers PYTHON

Invented headlines and sentences are those of `articles.toml` (titles, teasers, paragraphs); real
sentences are the 840 of lingua's own tests (`langid_lingua_sentences.csv`, sixty for each of our
fourteen languages), whole and cut to the 30 characters that a short post has.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.quality.pages import articles
from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii import detect_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    # A text and its language.
    Labelled = Sequence[tuple[str, str]]

PEER = Path(__file__).with_name("peer_languages.py")
SHORT = 30
# Confidences are compared with what they promise in these bins.
BINS = (0.0, 0.5, 0.7, 0.9, 0.97, 1.001)


def sets(data: Path | None) -> dict[str, Labelled]:
    """Return the labelled texts by the name of their set."""
    found: dict[str, Labelled] = {
        "invented headlines": [
            (line, a.language[:2]) for a in articles() for line in (a.title, *a.teasers)
        ],
        "invented sentences": [(line, a.language[:2]) for a in articles() for line in a.paragraphs],
    }
    if data is not None:
        path = data / "eval" / "langid_lingua_sentences.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            real = [(row["sentence"], row["lang"]) for row in csv.DictReader(stream)]
        found["real sentences"] = real
        found["real, 30 characters"] = [(text[:SHORT], language) for text, language in real]
    return found


def measure(data: Path | None, peers: str | None = None) -> dict[str, dict[str, Quality]]:
    """Return the quality by system, then by set; without `peers` they are left out."""
    measured: dict[str, dict[str, Quality]] = {"ccgcii": {}}
    for name, labelled in sets(data).items():
        ours = [_code(text) for text, _ in labelled]
        measured["ccgcii"][name] = _quality(ours, labelled)
        if peers:
            for peer, theirs in by_peers(labelled, peers).items():
                measured.setdefault(peer, {})[name] = _quality(theirs, labelled)
    return measured


def calibration(labelled: Labelled) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, texts) for each bin of confidence."""
    judged = [(detect_language(text), language) for text, language in labelled]
    known = [(found.confidence, found.code == language) for found, language in judged if found]
    rows = []
    for low, high in pairwise(BINS):
        within = [(sure, right) for sure, right in known if low <= sure < high]
        if within:
            mean = sum(sure for sure, _ in within) / len(within)
            rows.append((mean, sum(right for _, right in within) / len(within), len(within)))
    return rows


def calibration_error(labelled: Labelled) -> float:
    """Return the expected calibration error (Naeini et al. 2015) over the bins, 0 if true."""
    rows = calibration(labelled)
    total = sum(number for _, _, number in rows)
    return sum(abs(mean - right) * number for mean, right, number in rows) / total


def by_peers(labelled: Labelled, python: str) -> Mapping[str, list[str]]:
    """Return the languages that lingua and py3langid find, run by another Python."""
    rows = "".join(
        json.dumps({"id": str(n), "text": t}) + "\n" for n, (t, _) in enumerate(labelled)
    )
    done = subprocess.run(
        [python, str(PEER)], input=rows, capture_output=True, text=True, check=True
    )
    answers: dict[str, dict[str, str]] = json.loads(done.stdout)["answers"]
    return {
        peer: [found[str(number)] for number in range(len(labelled))]
        for peer, found in answers.items()
    }


def _code(text: str) -> str:
    found = detect_language(text)
    return found.code if found else ""


def _quality(found: Sequence[str], labelled: Labelled) -> Quality:
    return quality(
        [({code} - {""}, {language}) for code, (_, language) in zip(found, labelled, strict=True)]
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The language of a text.")
    parser.add_argument("--data", type=Path, help="the folder of real data that holds eval")
    parser.add_argument("--peers", metavar="PYTHON", help="a Python with lingua and py3langid")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    for line in lines(measure(options.data, options.peers)):
        console.print(line)
    for name, labelled in sets(options.data).items():
        console.print(f"confidence, {name}: calibration error {calibration_error(labelled):.3f}")
        for mean, right, number in calibration(labelled):
            console.print(f"  said {mean:.2f}, right {right:.2f} of {number}")


if __name__ == "__main__":
    main()
