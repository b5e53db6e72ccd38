"""What the page is written in: tables, cells, numbers; every text from outside is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in place of a number: this share of the width of its column."""

    share: float


@dataclass(frozen=True, slots=True)
class City:
    """A city's name, the Chinese one marked as Chinese for whoever hears the page."""

    label: str
    name_zh: str


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    words: tuple[int, ...] = (0,),
    head: int | None = 0,
) -> str:
    """Lay rows out; the columns in `words` are text, to the left, the others numbers.

    `head` is the column that says what a row is about, read out before each of its cells.
    """
    lines = []
    for row in rows:
        cells = (
            _cell(cell, "th" if place == head else "td", word=place in words)
            for place, cell in enumerate(row)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return _frame(title, _head(columns, words), "\n".join(lines))


def _cell(cell: Any, tag: str, *, word: bool) -> str:
    if isinstance(cell, Bar):
        # The number that it shows stands in a cell of its own.
        width = 100 * min(1, max(0, cell.share))
        bar = f'<span class="bar" aria-hidden="true" style="width:{width:.1f}%"></span>'
        return f'<td class="chart">{bar}</td>'
    said = text(cell)
    if isinstance(cell, City):
        said = f'{text(cell.label)} <span lang="zh">{text(cell.name_zh)}</span>'
    scope = ' scope="row"' if tag == "th" else ""
    kind = ' class="word"' if word else ""
    return f"<{tag}{scope}{kind}>{said}</{tag}>"


def _head(columns: Sequence[str], words: tuple[int, ...]) -> str:
    cells = (
        f'<th scope="col" class="word">{text(name)}</th>'
        if place in words
        else f'<th scope="col">{text(name)}</th>'
        for place, name in enumerate(columns)
    )
    return "".join(cells)


def _frame(title: str, head: str, body: str) -> str:
    # Whoever has no mouse scrolls a wide table by keys, once it can have the focus.
    return (
        f'<section class="wide" tabindex="0" aria-label="{text(title)}"><table>'
        f"<caption>{text(title)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></section>"
    )


def text(value: Any) -> str:
    """Return foreign text without control or direction characters, its markup escaped."""
    if value is None:
        return "–"
    return escape("".join(c if c.isprintable() else " " for c in str(value)))


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with thousands separators; a dash for what is unknown."""
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(share: float | None) -> str:
    """Write a share in hundredths; a dash for what is unknown."""
    return "–" if share is None else f"{100 * share:.1f} %"
