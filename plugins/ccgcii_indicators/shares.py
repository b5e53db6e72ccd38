"""Mathematics that several indicators share: shrunk means, and how evenly counts are spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from ccgcii import Corpus

# How many average documents a city's own mean is diluted with (index-methods.md section 6).
SHRINKAGE = 30


def shrunk(sums: pd.Series[float], sizes: pd.Series[float]) -> pd.Series[float]:
    """Give (sum + k * overall mean) / (size + k): few documents say little about a city."""
    sizes = sizes.dropna()
    sums = sums.reindex(sizes.index)
    overall = sums.sum() / sizes.sum() if sizes.sum() > 0 else np.nan
    return (sums + SHRINKAGE * overall) / (sizes + SHRINKAGE)


def shrunk_tone(corpus: Corpus, where: str) -> pd.Series[float]:
    """Give the salience-weighted mean tone (-1..1) of documents with a known tone, shrunk."""
    known = f"({where}) AND tone IS NOT NULL"
    weighted = corpus.total("sum(CAST(salience AS BIGINT) * tone)", known) / 1e6
    return shrunk(weighted, corpus.total("sum(salience)", known) / 1e3)


def shrunk_negatives(corpus: Corpus, where: str = "TRUE") -> pd.Series[float]:
    """Give the share of documents with a tone below -0.2, of those with a known tone, shrunk."""
    known = f"({where}) AND tone IS NOT NULL"
    return shrunk(corpus.total("count(*) FILTER (tone < -200)", known), corpus.count(known))


def plain(values: pd.Series[Any]) -> pd.Series[float]:
    """Give a grouped result as numbers indexed by plain city keys."""
    return values.astype(float).set_axis(values.index.astype(str))


def by_city(
    corpus: Corpus, frame: pd.DataFrame, function: Callable[[pd.Series[Any]], float]
) -> pd.Series[float]:
    """Apply a function to each city's documents; NaN for a city whose documents tell nothing."""
    found = frame.groupby("city", observed=True)["documents"].agg(function)
    return plain(found).reindex(corpus.heard)


def effective_number(documents: pd.Series[Any]) -> float:
    """Give exp(H), the number of equal shares that would be as diverse (Hill number of order 1)."""
    shares = documents.to_numpy(dtype=float) / documents.sum()
    # fsum is exact: the order of countries or topics must not change a digit.
    return math.exp(-math.fsum(shares * np.log(shares)))


def concentration(documents: pd.Series[Any]) -> float:
    """Give the Herfindahl-Hirschman index, the sum of squared shares (1: all from one)."""
    shares = documents.to_numpy(dtype=float) / documents.sum()
    return math.fsum(shares**2)
