"""The handbook: every indicator with its published definition, written from the registry.

python -m ccgcii.measuring.handbook > docs/indicators.md
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.documents import CHANNELS
from ccgcii.indicators import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii.indicators import Indicator

HEAD = """\
# Indicators

Written by `python -m ccgcii.measuring.handbook > docs/indicators.md`: do not edit it, change the
indicator. `ccgcii indicators` prints the same with the indicators of your own plugins.

- **Better**: whether more is better, or less.
- **Class**: how a recipe treats the values (counts are logged by some, shares never).
- **Least**: documents below which a city has no value (unknown, not zero).
- **Silent**: what a city gets that was looked for and not found; – is unknown.
- Where none of an indicator's channels was looked at for a city, its value is unknown.
- Of the posts of a city's own accounts those count that name any city of the study: the others are
  dropped as irrelevant, whoever wrote them.
"""
COLUMNS = (
    "id",
    "indicator",
    "definition",
    "unit",
    "better",
    "class",
    "channels",
    "least",
    "silent",
)


def write_handbook(indicators: Sequence[Indicator]) -> str:
    """Return the page, in Markdown: dimensions in the order of the report, then others."""
    given = dict.fromkeys(each.dimension for each in indicators)
    dimensions = [
        *(name for name in DIMENSIONS if name in given),
        *sorted({*given} - {*DIMENSIONS}),
    ]
    lines = [HEAD, f"{len(indicators)} indicators in {len(dimensions)} dimensions."]
    for dimension in dimensions:
        lines += _chapter(dimension, [each for each in indicators if each.dimension == dimension])
    return "\n".join(lines) + "\n"


def _chapter(dimension: str, indicators: Sequence[Indicator]) -> Iterator[str]:
    yield f"\n## {dimension.capitalize()}"
    for pillar in dict.fromkeys(each.pillar for each in indicators):
        yield f"\n### {pillar.capitalize() or 'Others'}\n"
        yield _row(COLUMNS)
        yield _row(["---"] * len(COLUMNS))
        for each in indicators:
            if each.pillar == pillar:
                yield _row(_cells(each))


def _cells(each: Indicator) -> list[str]:
    # NaN is not equal to itself.
    silent = f"{each.empty:g}" if each.empty == each.empty else "–"
    channels = ", ".join(each.channels) if len(each.channels) < len(CHANNELS) else "all"
    better = "more" if each.direction == 1 else "less"
    least = str(each.minimum) if each.minimum else ""
    facts = [each.unit, better, each.treatment, channels, least, silent]
    return [each.id, each.name, each.definition, *facts]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(files: Sequence[str]) -> None:
    """Print the page for the indicators that are installed, and those of plugin files."""
    from ccgcii.plugins import Plugins  # noqa: PLC0415 - a page of given indicators needs no plugin

    plugins = Plugins.load(files=[Path(file) for file in files])
    sys.stdout.write(write_handbook(plugins.indicators()))


if __name__ == "__main__":
    main(sys.argv[1:])
