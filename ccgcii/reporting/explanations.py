"""Explanations: which indicators make a city's score, and which documents make an indicator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.errors import ScoreError, suggest
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from ccgcii.cities import City
    from ccgcii.indicators import Indicator
    from ccgcii.reporting.runs import ScoreRun

ADDITIVE = "arithmetic"
OPENING = 100
MOST = 2**31  # numbers of documents are integers of four bytes in PostgreSQL


@dataclass(frozen=True, slots=True)
class _Cells:
    """The stored numbers of one city: raw values, scores by node; and everyone's weights."""

    values: Mapping[str, float | None]
    scores: Mapping[str, float | None]
    ranks: Mapping[str, int | None]
    weights: Mapping[str, float]


def explain_city(
    store: Connection, run: ScoreRun, city: City, indicators: Mapping[str, Indicator]
) -> dict[str, Any]:
    """Return a city's indicators by contribution, in points of its index.

    Each leaf's contribution is its score times its weights up to the root; where a sibling is
    unknown, the others' weights are scaled up, as the score does. For a recipe that does not add
    (a geometric mean), `weight` and `contribution` are None.
    """
    cells = _read_cells(store, run, city)
    shares = _shares(run, cells) if is_additive(run) else {}
    parents = {str(node["id"]): node for node in run.tree}
    rows = [
        {
            "indicator": leaf,
            "name": parents[leaf]["name"],
            "dimension": parents[leaf]["parent"],
            "unit": indicators[leaf].unit if leaf in indicators else "",
            "value": cells.values[leaf],
            "normalised": cells.scores[leaf],
            "weight": shares.get(leaf),
            "contribution": _product(shares.get(leaf), cells.scores[leaf]),
        }
        for leaf in parents
        if leaf in cells.values
    ]
    rows.sort(key=lambda row: (-(row["contribution"] or 0), row["indicator"]))
    nodes = [run.root, *run.dimensions]
    return {
        "city": city.key,
        "label": city.label,
        "name_zh": city.name_zh,
        "run": run.id,
        "recipe": run.recipe["name"],
        "index": cells.scores[run.root],
        "rank": cells.ranks[run.root],
        "dimensions": {n: {"score": cells.scores[n], "rank": cells.ranks[n]} for n in nodes[1:]},
        "additive": bool(shares),
        "indicators": rows,
    }


def explain_indicator(
    store: Connection, run: ScoreRun, city: City, indicator: Indicator, evidence: Sequence[int]
) -> dict[str, Any]:
    """Return an indicator's value for a city, and the documents behind it, by number.

    `evidence` are those documents, as many as are wanted, in the order they are to be shown.
    """
    cells = _read_cells(store, run, city)
    if indicator.id not in cells.values:
        raise ScoreError(
            f"run {run.id} did not measure {indicator.id!r}{suggest(indicator.id, cells.values)}; "
            "run `ccgcii score` again"
        )
    return {
        "city": city.key,
        "label": city.label,
        "name_zh": city.name_zh,
        "run": run.id,
        "indicator": indicator.id,
        "name": indicator.name,
        "definition": indicator.definition,
        "unit": indicator.unit,
        "channels": list(indicator.channels),
        "value": cells.values[indicator.id],
        "normalised": cells.scores[indicator.id],
        "documents": read_documents(store, city, evidence),
    }


def is_additive(run: ScoreRun) -> bool:
    """Say whether every node of the run's recipe is a weighted arithmetic mean."""
    recipe = run.recipe
    rules = [recipe, *recipe["levels"].values(), *recipe["nodes"].values()]
    methods = {rule["aggregation"]["method"] for rule in rules if "aggregation" in rule}
    return methods == {ADDITIVE}


def _shares(run: ScoreRun, cells: _Cells) -> dict[str, float]:
    """Return each scored node's share of the index; unknown siblings give theirs to the others."""
    shares = {run.root: 1.0}
    order = [run.root]
    for node in order:  # grows while it is walked: parents before children
        known = [c for c in run.children(node) if cells.scores.get(c) is not None]
        total = sum(cells.weights[child] for child in known)
        for child in known:
            shares[child] = shares[node] * cells.weights[child] / total if total else 0.0
        order.extend(known)
    return shares


def _product(share: float | None, score: float | None) -> float | None:
    return None if share is None or score is None else share * score


def _read_cells(store: Connection, run: ScoreRun, city: City) -> _Cells:
    value, score, weight = (
        table_of(model) for model in (tables.IndicatorValue, tables.Score, tables.Weight)
    )
    values = store.execute(
        select(value.c.indicator, value.c.value)
        .where(value.c.run_id == run.id, value.c.city_id == city.id)
        .order_by(value.c.indicator)
    )
    scores = store.execute(
        select(score.c.node, score.c.score, score.c.rank).where(
            score.c.run_id == run.id,
            score.c.recipe == run.digest,
            score.c.city_id == city.id,
        )
    ).all()
    if not scores:
        raise ScoreError(f"run {run.id} did not score {city.label}: run `ccgcii score` again")
    weights = store.execute(
        select(weight.c.node, weight.c.weight).where(
            weight.c.run_id == run.id, weight.c.recipe == run.digest
        )
    )
    return _Cells(
        values={row.indicator: row.value for row in values},
        scores={row.node: row.score for row in scores},
        ranks={row.node: row.rank for row in scores},
        weights={row.node: row.weight for row in weights},
    )


def missing_documents(store: Connection, numbers: Sequence[int]) -> list[int]:
    """Return those of the numbers that no document in the store has."""
    document = table_of(tables.Document).c
    possible = [number for number in numbers if number < MOST]
    there = set(store.execute(select(document.id).where(document.id.in_(possible))).scalars())
    return [number for number in numbers if number not in there]


def read_documents(store: Connection, city: City, evidence: Sequence[int]) -> list[dict[str, Any]]:
    """Return documents of these numbers, in their order, as plain data.

    `salience` and `sentiment` are those of the city; None where a post of its own does not name it.
    """
    document, words = table_of(tables.Document), table_of(tables.DocumentText)
    mention, channel = table_of(tables.Mention), table_of(tables.Channel)
    outlet = table_of(tables.Outlet)
    found = store.execute(
        select(
            document.c.id,
            document.c.published_at,
            channel.c.name.label("channel"),
            outlet.c.domain.label("outlet"),
            words.c.title,
            words.c.text,
            words.c.url,
            mention.c.salience,
            mention.c.sentiment,
        )
        .outerjoin(
            mention, (mention.c.document_id == document.c.id) & (mention.c.city_id == city.id)
        )
        .join(channel, channel.c.id == document.c.channel_id)
        .outerjoin(outlet, outlet.c.id == document.c.outlet_id)
        .outerjoin(words, words.c.document_id == document.c.id)
        .where(document.c.id.in_(evidence))
    )
    rows = {row.id: _document(row) for row in found}
    return [rows[number] for number in evidence if number in rows]


def _document(row: Any) -> dict[str, Any]:
    return {
        "document": row.id,
        "date": datetime.fromtimestamp(row.published_at, UTC).date().isoformat(),
        "channel": row.channel,
        "outlet": row.outlet,
        # A post has no title: the beginning of what it says stands for it.
        "title": row.title or (row.text or "").partition("\n")[0][:OPENING],
        "url": row.url or "",
        "salience": None if row.salience is None else row.salience / 1000,
        "sentiment": None if row.sentiment is None else row.sentiment / 1000,
    }
