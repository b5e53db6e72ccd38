"""Quality on texts with known truth: `python -m benchmarks.quality.run` (make quality).

--json prints the figures as JSON, --failures the sentences of the open split that go wrong,
--flashgeotext, --datasketch, --languages PYTHON measure peers by an environment that has them,
--data FOLDER (or CCGCII_REAL_DATA) measures on real text too: near-duplicates, language, spam,
topics, tone;
--extraction FOLDER and --dates FOLDER pages, --messages FOLDER short messages of published
benchmarks (their modules tell which).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.quality import (
    cities,
    dates,
    duplicates,
    extraction,
    kinds,
    languages,
    mentions,
    messages,
    noise,
    spam,
    tones,
    topics,
)
from benchmarks.quality.labels import labelled_sentences
from benchmarks.quality.printing import lines

if TYPE_CHECKING:
    from benchmarks.quality.labels import Sentence
    from benchmarks.quality.scoring import Quality, Share


def main() -> None:
    """Measure and print."""
    options = _options()
    console = Console(width=max(Console().width, 140))  # figures are read in columns
    if options.failures:
        for sentence, wrong, missed in cities.failures(_found(options.failures)):
            _print_failure(console, sentence, wrong, missed)
        return
    if not options.flashgeotext:
        Console(stderr=True).print(
            "flashgeotext is not measured: python -m venv V, V/bin/pip install flashgeotext, "
            "--flashgeotext V/bin/python"
        )
    measured = cities.measure(options.flashgeotext)
    if options.json:
        everything = {"cities": measured} | _on_our_texts(options) | _on_real_text(options)
        figures = {name: _plain(value) for name, value in everything.items()}
        json.dump(figures, sys.stdout, indent=1)
        return
    console.print(_summary(measured))
    console.print(_by_group(measured["ccgcii"]))
    for name, value in (_on_our_texts(options) | _on_real_text(options)).items():
        console.print(f"\n{name}", *lines(value), sep="\n", highlight=False, soft_wrap=True)


def _on_our_texts(options: argparse.Namespace) -> dict[str, dict[str, dict[str, Quality]]]:
    """Measure what our own texts are enough for, and on those of others that are given."""
    data = _data(options)
    for name in ("extraction", "dates"):
        if getattr(options, name) is None:
            Console(stderr=True).print(f"{name}: only on our invented pages, for want of --{name}")
    return {
        "extraction": extraction.measure(options.extraction),
        "dates": dates.measure(options.dates),
        "kinds of pages": kinds.measure(),
        "language": languages.measure(data, options.languages),
        "near-duplicates": duplicates.measure(data, options.datasketch),
        "noise": noise.measure(),
        "topics (our texts)": topics.measure_ours(),
        "tone towards a city (our sentences)": tones.measure_ours(),
    }


def _on_real_text(options: argparse.Namespace) -> dict[str, dict[str, dict[str, Quality]]]:
    """Measure what needs the folder of real data, or of messages; nothing where it is not given."""
    data = _data(options)
    short = {}
    if options.messages:
        short["spam (short messages of others)"] = messages.measure(options.messages)
    if data is None:
        Console(stderr=True).print("real mentions, spam and texts of others need --data FOLDER")
        return short
    return short | {
        "cities in real text": mentions.measure(data),
        "spam": spam.measure(data),
        "topics (headlines and news of others)": topics.measure_real(data),
        "tone (texts of others)": tones.measure_real(data),
    }


def _data(options: argparse.Namespace) -> Path | None:
    if options.data is None:
        return None
    within: Path = options.data / "data"
    return within if within.is_dir() else options.data


def _plain(measured: dict[str, dict[str, Quality]]) -> dict[str, dict[str, object]]:
    return {
        system: {group: asdict(value) for group, value in groups.items()}
        for system, groups in measured.items()
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Quality on texts with known truth.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--flashgeotext", metavar="PYTHON", help="a Python that has flashgeotext")
    parser.add_argument("--datasketch", metavar="PYTHON", help="a Python that has datasketch")
    parser.add_argument(
        "--languages", metavar="PYTHON", help="a Python that has lingua and py3langid"
    )
    parser.add_argument(
        "--extraction",
        type=Path,
        default=extraction.folder_given(),
        help=f"article-extraction-benchmark (default: {extraction.VARIABLE})",
    )
    parser.add_argument(
        "--dates",
        type=Path,
        default=dates.folder_given(),
        help=f"tests/ of htmldate (default: {dates.VARIABLE})",
    )
    parser.add_argument(
        "--messages",
        type=Path,
        default=messages.folder_given(),
        help=f"short messages, spam or not (default: {messages.VARIABLE})",
    )
    folder = os.environ.get("CCGCII_REAL_DATA")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(folder) if folder else None,
        help="the folder of real data (default: CCGCII_REAL_DATA)",
    )
    parser.add_argument(
        "--failures",
        nargs="?",
        const="ccgcii",
        choices=["ccgcii", "plain"],
        help="the sentences of the open split that go wrong",
    )
    return parser.parse_args()


def _found(system: str) -> cities.Found:
    find = cities.by_plain_search if system == "plain" else cities.by_ccgcii
    return find(labelled_sentences())


def _summary(measured: dict[str, dict[str, Quality]]) -> Table:
    table = _table("Cities in 14 languages", "system", "sentences")
    for system, groups in measured.items():
        for group, value in groups.items():
            if len(group) > 2:
                table.add_row(system, group, *_cells(value))
        table.add_section()
    return table


def _by_group(groups: dict[str, Quality]) -> Table:
    table = _table("Cities: ccgcii by language", "language")
    for group, value in groups.items():
        if len(group) == 2:
            table.add_row(group, *_cells(value))
    return table


def _table(title: str, *names: str) -> Table:
    table = Table(title=title, caption="95 % intervals: bootstrap over sentences")
    for name in names:
        table.add_column(name, no_wrap=True)
    for name in ("n", "right", "wrong", "missed", "precision", "recall", "F1"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _cells(value: Quality) -> list[str]:
    counts = (value.items, value.right, value.wrong, value.missed)
    return [*map(str, counts), *map(_text, (value.precision, value.recall, value.f1))]


def _text(share: Share) -> str:
    return f"{share.value:.3f} {share.low:.2f}-{share.high:.2f}"


def _print_failure(
    console: Console, sentence: Sentence, wrong: list[str], missed: list[str]
) -> None:
    marks = [f"+{key}" for key in wrong] + [f"-{key}" for key in missed]
    console.print(
        f"{sentence.id} {' '.join(marks)} | {sentence.text} | {sentence.reason}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    main()
