"""Quality on texts with known truth: `python -m benchmarks.quality.run` (make quality).

--json prints the figures as JSON, --failures the sentences of the open split that go wrong,
--flashgeotext PYTHON measures that peer with an environment that has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from benchmarks.quality import cities
from benchmarks.quality.labels import labelled_sentences

if TYPE_CHECKING:
    from benchmarks.quality.labels import Sentence
    from benchmarks.quality.scoring import Quality, Share


def main() -> None:
    """Measure and print."""
    options = _options()
    console = Console(width=max(Console().width, 120))  # figures are read in columns
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
        figures = {
            name: {group: asdict(value) for group, value in groups.items()}
            for name, groups in measured.items()
        }
        json.dump({"cities": figures}, sys.stdout, indent=1)
        return
    console.print(_summary(measured))
    console.print(_by_group(measured["ccgcii"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Quality on texts with known truth.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--flashgeotext", metavar="PYTHON", help="a Python that has flashgeotext")
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
        for group in ("overall", "ambiguous", "not ambiguous", "open split", "held split"):
            table.add_row(system, group, *_cells(groups[group]))
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
        table.add_column(name)
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
