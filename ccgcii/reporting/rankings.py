"""The ranking of a run, as data and as the report's tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import select

from ccgcii.errors import ScoreError, suggest
from ccgcii.reporting.runs import find_latest_score
from ccgcii.reporting.texts import number, safe
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from ccgcii.reporting.runs import ScoreRun

POINTS = 1000


def read_ranking(store: Connection, run: ScoreRun) -> list[dict[str, Any]]:
    """Return every city by rank: index and dimensions with score and rank; unranked ones last.

    `adjusted` is the index that experts make of it, with its rank; None where nobody was asked.
    """
    score, city = table_of(tables.Score), table_of(tables.City)
    nodes = [run.root, *run.dimensions]
    found = store.execute(
        select(
            score.c.node, score.c.score, score.c.rank, score.c.adjusted, score.c.adjusted_rank, city
        )
        .join(city, city.c.id == score.c.city_id)
        .where(score.c.run_id == run.id, score.c.recipe == run.digest, score.c.node.in_(nodes))
        .order_by(city.c.id)
    )
    rows: dict[str, dict[str, Any]] = {}
    for cell in found:
        row = rows.setdefault(
            cell.key,
            {"city": cell.key, "label": cell.label, "name_zh": cell.name_zh, "dimensions": {}},
        )
        place = {"score": cell.score, "rank": cell.rank}
        if cell.node == run.root:
            row |= {"index": cell.score, "rank": cell.rank}
            row |= {"adjusted": cell.adjusted, "adjusted_rank": cell.adjusted_rank}
        else:
            row["dimensions"][cell.node] = place
    ordered = sorted(rows.values(), key=lambda row: (row["rank"] is None, row["rank"] or 0))
    return [_in_order(row, run.dimensions) for row in ordered]


def read_ranks(store: Connection, node: str | None = None) -> dict[str, int] | None:
    """Return the rank of each ranked city at a node of the newest score (default: the index).

    None before the first score; raises `ScoreError` for a node that the run does not have.
    """
    run = find_latest_score(store)
    if run is None:
        return None
    nodes = [str(row["id"]) for row in run.tree]
    wanted = node or run.root
    if wanted not in nodes:
        raise ScoreError(f"run {run.id} has no node {wanted!r}{suggest(wanted, nodes)}")
    score, city = table_of(tables.Score), table_of(tables.City)
    found = store.execute(
        select(city.c.key, score.c.rank)
        .join(city, city.c.id == score.c.city_id)
        .where(score.c.run_id == run.id, score.c.recipe == run.digest, score.c.node == wanted)
        .order_by(city.c.id)
    )
    return {row.key: row.rank for row in found if row.rank is not None}


def ranking_table(
    rows: Sequence[dict[str, Any]], title: str, *, top: int | None, points: bool
) -> Table:
    """Lay the ranking out as the report does: index and dimensions, each with its rank."""
    dimensions = [*rows[0]["dimensions"]]
    # Few lines and minimum widths: it must be readable in 80 columns.
    table = Table(title=safe(title), title_justify="left", box=SIMPLE_HEAD)
    table.add_column("#", justify="right")
    table.add_column("city", min_width=12)
    table.add_column("index", justify="right", min_width=6)
    for name in dimensions:
        table.add_column(safe(name), justify="right", min_width=10)
    beside = any(row["adjusted"] is not None for row in rows)
    if beside:
        table.add_column("adjusted", justify="right", min_width=10)
    for row in rows[:top]:
        cells = [_place(row["dimensions"][name], points=points) for name in dimensions]
        city = f"{safe(row['label'])} {safe(row['name_zh'])}"
        if beside:
            adjusted = {"score": row["adjusted"], "rank": row["adjusted_rank"]}
            cells.append(_place(adjusted, points=points))
        rank = "–" if row["rank"] is None else str(row["rank"])
        table.add_row(rank, city, f"[bold]{_score(row['index'], points=points)}[/]", *cells)
    return table


def tied_line(rows: Sequence[dict[str, Any]]) -> str:
    """Say of the largest group of cities that share a rank that there is no order among them."""
    ranks = Counter(row["rank"] for row in rows if row["rank"] is not None)
    rank, size = ranks.most_common(1)[0] if ranks else (0, 0)
    if size < 2:
        return ""
    return f"{size} cities share rank {rank}: there is no order among them"


def _in_order(row: dict[str, Any], dimensions: Sequence[str]) -> dict[str, Any]:
    keys = ("rank", "city", "label", "name_zh", "index", "adjusted", "adjusted_rank")
    places = {name: row["dimensions"][name] for name in dimensions}
    return {key: row[key] for key in keys} | {"dimensions": places}


def _place(place: dict[str, Any], *, points: bool) -> str:
    rank = "" if place["rank"] is None else f" [dim]{place['rank']:>3}[/]"
    return f"{_score(place['score'], points=points)}{rank}"


def _score(score: float | None, *, points: bool) -> str:
    if score is None or not points:
        return number(score)
    return number(score * POINTS, 0)
