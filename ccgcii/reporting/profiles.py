"""The ranks that every shipped recipe gives, side by side, and how far they agree."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.findings.comparisons import compare_rankings
from ccgcii.reporting.findings import table
from ccgcii.reporting.scores import place
from ccgcii.reporting.texts import number, safe
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType
    from sqlalchemy.engine import Connection

    from ccgcii.reporting.runs import ScoreRun


def read_profiles(store: Connection, run: ScoreRun) -> dict[str, Any]:
    """Return `recipes`, `cities` (ranks by recipe, in the order of the run's) and `agreement`.

    Kendall's tau-b and Spearman are over the cities that both recipes rank, but for those that
    share a place in both: cities that nobody names would make any two recipes agree.
    """
    score, city = table_of(tables.Score), table_of(tables.City)
    names = {run.digest: str(run.recipe["name"])}
    for row in run.summary.get("profiles", ()):
        # A recipe of the user's own may be called as the shipped one that it is made from.
        own_name = row["recipe"] in names.values()
        names[row["digest"]] = f"{row['recipe']} (shipped)" if own_name else row["recipe"]
    found = store.execute(
        select(city.c.key, score.c.recipe, score.c.rank)
        .join(city, city.c.id == score.c.city_id)
        .where(score.c.run_id == run.id, score.c.node == run.root, score.c.recipe.in_(names))
        .order_by(city.c.id)
    )
    ranks: dict[str, dict[str, int | None]] = {}
    for row in found:
        ranks.setdefault(row.key, {})[names[row.recipe]] = row.rank
    own = names[run.digest]
    ordered = sorted(ranks, key=lambda key: (ranks[key][own] is None, ranks[key][own] or 0))
    return {
        "recipes": list(names.values()),
        "cities": [{"city": key, "ranks": ranks[key]} for key in ordered],
        "agreement": [_agree(ranks, *pair) for pair in combinations(names.values(), 2)],
    }


def profile_parts(
    found: Mapping[str, Any], labels: Mapping[str, str], top: int
) -> Iterator[RenderableType]:
    """Yield the ranks by recipe of the first cities, and a line on how far recipes agree."""
    made = table("Ranks by every shipped recipe", "city", *found["recipes"])
    for row in found["cities"][:top]:
        ranks = (place(row["ranks"].get(name)) for name in found["recipes"])
        made.add_row(safe(labels[row["city"]]), *ranks)
    yield made
    pairs = (
        f"{safe(row['first'])} and {safe(row['second'])} {number(row['kendall'], 2)}"
        for row in found["agreement"]
    )
    yield f"Kendall's tau: {', '.join(pairs)}"


def _agree(
    ranks: Mapping[str, Mapping[str, int | None]], first: str, second: str
) -> dict[str, Any]:
    ours, theirs = (
        {city: rank for city, own in ranks.items() if (rank := own.get(name)) is not None}
        for name in (first, second)
    )
    shared = _shared(ours) & _shared(theirs)
    found = compare_rankings(
        *({c: rank for c, rank in own.items() if c not in shared} for own in (ours, theirs))
    )
    figures = {name: found[name] for name in ("common", "kendall", "spearman")}
    return {"first": first, "second": second} | figures


def _shared(ranks: Mapping[str, int]) -> set[str]:
    counts = Counter(ranks.values())
    return {city for city, rank in ranks.items() if counts[rank] > 1}
