"""Digests: sha256 of what a score was made from, so that two scores can be told apart."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator

# So many days at a time: a text of all facts at once would not fit.
DAYS = 31


def digest(data: object) -> str:
    """Return the sha256 of plain data, written as JSON in one way only."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_values(values: Iterable[Any]) -> str:
    """Return the sha256 of a list of dataclasses, such as the cities or the events of a study."""
    return digest([asdict(value) for value in values])


def digest_indicators(indicators: Sequence[Indicator]) -> str:
    """Return the sha256 of what the indicators say they are; their code is known by version."""
    names = ("id", "definition", "direction", "treatment", "channels", "dimension", "pillar")
    return digest([[getattr(thing, name) for name in names] for thing in indicators])


def digest_matrix(matrix: pd.DataFrame) -> str:
    """Return the sha256 of a matrix: names and exact values, gaps included."""
    rows = [
        [None if math.isnan(value) else repr(float(value)) for value in row]
        for row in matrix.to_numpy(dtype=float)
    ]
    return digest([list(map(str, matrix.index)), list(map(str, matrix.columns)), rows])


def digest_corpus(corpus: Corpus) -> str:
    """Return the sha256 of the facts that indicators read: a row for each city of a document."""
    columns = (
        "document, city, channel, language, country, tier, outlet, account, published_at, "
        "mentions, salience, tone, in_title, likes, comments, shares, views, followers, topics, "
        "event, voice"
    )
    whole = hashlib.sha256()
    for first in range(0, corpus.days, DAYS):
        found = corpus.query(
            f"SELECT md5(string_agg(md5(row({columns})::VARCHAR), '' ORDER BY document, city)) "  # noqa: S608 - our columns
            f"AS part FROM fact WHERE day >= {first} AND day < {first + DAYS}"
        )
        whole.update(str(found["part"].iloc[0]).encode())
    return whole.hexdigest()
