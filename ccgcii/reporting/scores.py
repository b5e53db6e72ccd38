"""A score as it is printed: units by rank, beside it what experts make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from ccgcii.reporting.texts import number, safe
from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ccgcii.scoring import Ranking
    from ccgcii.scoring.adjustments import Adjusted

BESIDE = ("adjusted", "rank", "moved")


def score_parts(
    ranking: Ranking, adjusted: Adjusted | None, top: int | None
) -> Iterator[RenderableType]:
    """Yield the first units with index and dimensions, then on what the adjusted ranks rest."""
    root = ranking.tree.root
    columns = (root, *ranking.tree.children(root))
    title = safe(f"Recipe {ranking.recipe.name}")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("rank", justify="right")
    table.add_column("unit")
    beside = {} if adjusted is None else _beside(adjusted)
    for name in (*columns, *(BESIDE if beside else ())):
        table.add_column(safe(name), justify="right")
    units: list[dict[str, Any]] = ranking.to_dict()["units"]
    for unit in units[:top]:
        scores = [number(unit["nodes"][name]) for name in columns]
        cells = (place(unit["rank"]), safe(unit["unit"]), *scores)
        table.add_row(*cells, *beside.get(unit["unit"], ()))
    yield table
    if adjusted is not None:
        yield agreement_line(adjusted.summary())


def agreement_line(summary: dict[str, Any]) -> str:
    """Say on whose opinions the adjusted ranks rest."""
    found = summary["agreement"]
    return (
        f"adjusted by {counted(found['experts'], 'expert')} in {counted(found['cases'], 'case')}, "
        f"Kendall's W {found['w']:.2f} (p {found['p']:.3f}); the computed rank stands first"
    )


def place(rank: int | None) -> str:
    """Write a rank, a dash for none."""
    return "–" if rank is None else str(rank)


def moved(ranks: int | None) -> str:
    """Write by how many ranks something moved; up is +."""
    if ranks is None:
        return "–"
    return f"{ranks:+d}" if ranks else "0"


def _beside(adjusted: Adjusted) -> dict[str, tuple[str, str, str]]:
    rows = adjusted.to_dict()["units"]
    return {
        row["unit"]: (number(row["adjusted"]), place(row["adjusted_rank"]), moved(row["moved"]))
        for row in rows
    }
