"""Evidence: the documents that a number was counted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.corpus import Corpus

if TYPE_CHECKING:
    from ccgcii.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many documents an indicator reads for a city, and the newest of them, by number."""

    total: int
    documents: tuple[int, ...]


def find_evidence(corpus: Corpus, indicator: Indicator, city: str, limit: int) -> Evidence:
    """Compute the indicator anew and return what it asked for of the city.

    The corpus keeps the conditions it is asked with, so this holds for any plugin's indicator. One
    that writes queries of its own is taken to read every document.
    """
    # A corpus of its own: one that has answered before is not asked again.
    fresh = Corpus(corpus.facts, corpus.dictionaries, corpus.window, corpus.cover)
    indicator.compute(fresh)
    asked = " OR ".join(f"({condition})" for condition in sorted(fresh.asked)) or "TRUE"
    key = city.replace("'", "''")
    own = f"city::VARCHAR = '{key}'"
    columns = "SELECT -published_at AS newest, document"
    query = f"{columns} FROM fact WHERE {own} AND ({asked})"  # the indicator's own conditions
    if fresh.asks_posts:
        query += f" UNION {columns} FROM official_post WHERE {own}"
    frame = corpus.query(query)
    numbers = [int(number) for number in frame["document"]]
    return Evidence(len(numbers), tuple(numbers[:limit]))
