"""How much of what is said of a city is said at night: somebody else's indicator, whole."""

from __future__ import annotations

import pandas as pd  # noqa: TC002 - shown as somebody else would write it

from ccgcii import Corpus, hookimpl, indicator

NIGHT = "(published_at // 3600) % 24 < 6"


@indicator("X01", dimension="breadth", pillar="coverage", unit="share", minimum=5)
def night_share(corpus: Corpus) -> pd.Series[float]:
    """Share of the city's documents published before 6 in the morning (UTC); 5 or more."""
    return corpus.share(NIGHT, minimum=5)


ccgcii_indicators = hookimpl(lambda: [night_share], specname="ccgcii_indicators")
