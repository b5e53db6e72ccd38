"""How much of what is said of a city is said on weekends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl, indicator

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii import Corpus, Indicator

# 1 January 1970 was a Thursday: day 2 after it was a Saturday.
WEEKEND = "(published_at // 86400 + 5) % 7 IN (0, 1)"


@indicator("weekend_share", dimension="dynamism", pillar="rhythm", unit="share")
def weekend_share(corpus: Corpus) -> pd.Series[float]:
    """Share of the city's documents published on Saturday or Sunday (UTC); 5 or more documents."""
    return corpus.share(WEEKEND, minimum=5)


@hookimpl
def ccgcii_indicators() -> list[Indicator]:
    """Give the indicator."""
    return [weekend_share]
