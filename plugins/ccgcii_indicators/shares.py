"""Mathematics that several indicators share: shrunk means, and how evenly counts are spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii import Corpus

# How many documents like the average (of salience 1, where that weighs) a city's own mean is
# diluted with (index-methods.md section 6).
SHRINKAGE = 30


def shrunk(corpus: Corpus, sums: pd.Series[float], sizes: pd.Series[float]) -> pd.Series[float]:
    """Give (sum + k * overall mean) / (size + k): few documents say little about a city."""
    sizes = sizes.dropna()
    sums = sums.reindex(sizes.index)
    overall = (corpus.across(sums) / corpus.across(sizes).replace(0, np.nan))[sizes.index]
    return (sums + SHRINKAGE * overall) / (sizes + SHRINKAGE)


def shrunk_tone(corpus: Corpus, where: str) -> pd.Series[float]:
    """Give the salience-weighted mean tone (-1..1) of documents with a known tone, shrunk."""
    known = f"({where}) AND tone IS NOT NULL"
    weighted = corpus.total("sum(CAST(salience AS BIGINT) * tone)", known) / 1e6
    return shrunk(corpus, weighted, corpus.total("sum(salience)", known) / 1e3)


def shrunk_negatives(corpus: Corpus, where: str = "TRUE") -> pd.Series[float]:
    """Give the share of documents with a tone below -0.2, of those with a known tone, shrunk."""
    known = f"({where}) AND tone IS NOT NULL"
    return shrunk(corpus, corpus.total("count(*) FILTER (tone < -200)", known), corpus.count(known))


def plain(values: pd.Series[Any]) -> pd.Series[float]:
    """Give a grouped result as numbers indexed by plain city keys."""
    return values.astype(float).set_axis(values.index.astype(str))


def above(corpus: Corpus, frame: pd.DataFrame, least: int) -> pd.Series[float]:
    """Count each city's rows with so many documents; NaN for a city whose documents tell nothing.

    A city of the frame counts as known, whatever its rows say.
    """
    found = (frame["documents"] >= least).groupby(frame["city"], observed=True).sum()
    return plain(found).reindex(corpus.heard)


def entropy(frame: pd.DataFrame) -> pd.Series[float]:
    """Give each city the entropy (nats) of how its documents spread."""
    # In the order of size: the order of countries or topics must not change a digit.
    frame = frame.sort_values(["city", "documents"])
    total = frame.groupby("city", observed=True)["documents"].transform("sum")
    shares = frame["documents"] / total
    return plain(-(shares * np.log(shares)).groupby(frame["city"], observed=True).sum())


def effective_number(corpus: Corpus, frame: pd.DataFrame) -> pd.Series[float]:
    """Give exp(H), the number of equal shares that would be as diverse (Hill number of order 1)."""
    found: pd.Series[float] = entropy(frame).map(math.exp)
    return found.reindex(corpus.heard)
