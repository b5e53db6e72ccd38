"""How much the rounds of a repeated search agree: a search that does not is a sample, and says so.

A slice that is a round of a search names in its payload the `question` that all rounds ask and its
`round` (1, 2, ...). What each round saw is in the store, whether it was new or not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

SLICES = table_of(tables.Slice)
SIGHTINGS = table_of(tables.Sighting)
SOURCES = table_of(tables.Source)


def jaccard(one: set[str], other: set[str]) -> float | None:
    """Return the share of what either saw that both saw (0-1), None if neither saw anything."""
    either = one | other
    return len(one & other) / len(either) if either else None


def compare_rounds(engine: Engine, source: str) -> dict[str, Any] | None:
    """Return how rounds of the same question that are done agree, None if there are no two.

    `slices` holds for each question the Jaccard index of each round with the one before; `mean`,
    `median` and `lowest` are over all of them; `seen` counts pieces of all rounds together, and
    `every_round` those that no round missed.
    """
    with engine.connect() as connection:
        rounds = _rounds(connection, source)
        asked_again = {name: each for name, each in rounds.items() if len(each) > 1}
        if not asked_again:
            return None
        seen = {
            name: [_seen(connection, number) for _, number in sorted(each.items())]
            for name, each in asked_again.items()
        }
    indices = {
        name: [jaccard(one, other) for one, other in pairwise(sets)] for name, sets in seen.items()
    }
    known = [one for each in indices.values() for one in each if one is not None]
    return {
        "questions": len(seen),
        "seen": sum(len(set.union(*sets)) for sets in seen.values()),
        "every_round": sum(len(set.intersection(*sets)) for sets in seen.values()),
        "mean": fmean(known) if known else None,
        "median": median(known) if known else None,
        "lowest": min(known, default=None),
        "slices": indices,
    }


def _rounds(connection: Connection, source: str) -> dict[str, dict[int, int]]:
    """Return by question the slices that are done, by round."""
    rows = connection.execute(
        select(SLICES.c.id, SLICES.c.payload)
        .join(SOURCES, SOURCES.c.id == SLICES.c.source_id)
        .where(SOURCES.c.name == source, SLICES.c.state == "done")
    )
    rounds: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        payload = json.loads(row.payload)
        if "question" in payload and "round" in payload:
            rounds[payload["question"]][payload["round"]] = row.id
    return rounds


def _seen(connection: Connection, slice_id: int) -> set[str]:
    query = select(SIGHTINGS.c.record).where(SIGHTINGS.c.slice_id == slice_id)
    return set(connection.execute(query).scalars())
