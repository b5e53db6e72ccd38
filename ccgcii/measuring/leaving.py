"""Leaving out: how far a ranking moves when documents of a source or channel had never come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.errors import ScoreError
from ccgcii.measuring.matrix import measure
from ccgcii.scoring import score
from ccgcii.scoring.rankstats import movement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator
    from ccgcii.measuring.leftout import Absent
    from ccgcii.methods import Method
    from ccgcii.scoring import Ranking


def leave_documents_out(
    ranking: Ranking,
    groups: Mapping[str, Absent],
    open_without: Callable[[Absent], Corpus],
    indicators: Sequence[Indicator],
    methods: Mapping[tuple[str, str], Method],
) -> list[dict[str, Any]]:
    """Measure and score anew without each group, and return how far ranks move, furthest first.

    `documents` are those that are left; where nothing can be scored without the group the figures
    are None. All indicators are computed anew, so this is exact where leaving indicators out that
    read one channel only is not.
    """
    rows = []
    for name, absent in groups.items():
        corpus = open_without(absent)
        row: dict[str, Any] = {"left_out": name, "documents": corpus.documents}
        nothing = dict.fromkeys(("mean_shift", "max_shift", "most_moved", "tau"))
        try:
            cells = ranking.beside_units(measure(corpus, indicators).cells)
            without = score(cells, ranking.tree, ranking.recipe, methods=methods)
        except ScoreError:
            rows.append(row | nothing)
            continue
        before, after = (np.asarray(each.index, dtype=np.float64) for each in (ranking, without))
        rows.append(row | movement(tuple(map(str, ranking.index.index)), before, after))
    return sorted(rows, key=lambda row: -(row["mean_shift"] or 0.0))
