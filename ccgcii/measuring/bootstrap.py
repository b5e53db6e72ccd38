"""The sampling layer: the sixty indicators of the same study, had another week's luck been drawn.

A grouped cluster bootstrap. Documents of one source in one week stand or fall together; such
clusters are hashed into 1,024 groups, and a draw takes as many groups as have documents, with
return, the same for all cities, so that what cities share (an article that names two) stays shared.
Each indicator is computed on every draw by its own code. Sums are exact given the groups, so are
medians, and numbers of distinct outlets and accounts. Whatever is not a sum (distinct counts,
first mentions, diversity) is biased in a resample, which repeats some documents and lacks others:
its draws are set back to the value that was measured, so that they tell its error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.measuring.drawing import multinomial
from ccgcii.measuring.matrix import measure
from ccgcii.measuring.replays import replay
from ccgcii.scoring import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator

    Numbers = NDArray[np.float64]

# A shift of the draws' mean, in parts of the value, that is worth a note.
WORTH_SAYING = 0.05
CLUSTERS_THERE = (
    "SELECT cluster FROM fact UNION SELECT cluster FROM before "
    "UNION SELECT cluster FROM official_post"
)
NOT_DRAWN = "not resampled: it failed, asks by SQL of its own, or for more than fits in memory"
RATIO_SCALE = ("count", "number", "hours")
# Between what an indicator lies that has such a unit.
RANGES = {"share": (0.0, 1.0), "0-1": (0.0, 1.0), "-1..1": (-1.0, 1.0), "-2..2": (-2.0, 2.0)}


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """Indicators in every draw: `cells` are draws x cities x indicators, NaN is unknown.

    `indicators` and `cities` name the axes in order; `notes` say what was rescaled or not drawn.
    """

    cells: Numbers
    cities: tuple[str, ...]
    indicators: tuple[str, ...]
    notes: tuple[Note, ...]

    def by_leaves(self, leaves: Sequence[str]) -> Numbers:
        """Return the cells with the indicators in another order, as a tree has them."""
        return self.cells[:, :, [self.indicators.index(leaf) for leaf in leaves]]


def resample(
    corpus: Corpus, indicators: Sequence[Indicator], draws: int = 200, seed: int = 0
) -> Resamples:
    """Compute indicators on resampled documents; the same seed gives the same digits.

    An indicator that writes queries of its own, or whose answers would not fit in memory, keeps
    its value in every draw and is noted.
    """
    point = measure(corpus, indicators).cells
    clusters = corpus.facts.connection.execute(CLUSTERS_THERE).fetchall()
    weights = multinomial((cluster for (cluster,) in clusters), draws, seed)
    found = replay(corpus, indicators, weights)
    values = np.repeat(point.to_numpy()[None], draws, axis=0)
    notes: list[Note] = []
    for place, each in enumerate(indicators):
        if each.id in found:
            values[:, :, place] = found[each.id]
            notes += _set_back(each, values[:, :, place], point[each.id].to_numpy())
        else:
            notes.append(Note(each.id, NOT_DRAWN, warning=True))
    return Resamples(values, tuple(point.index), tuple(point.columns), tuple(notes))


def _set_back(indicator: Indicator, drawn: Numbers, point: Numbers) -> list[Note]:
    """Set the draws back to what was measured, in place; say so where it is more than a hair.

    On a ratio scale by a factor, or a shift that ends at zero; else by a shift, which ends where a
    share or a tone does: no sample holds more than all. Their mean then lies inside of what was
    measured, their median does not.
    """
    known = ~np.isnan(drawn)
    counted = known.sum(axis=0)
    mean = np.where(known, drawn, 0.0).sum(axis=0) / np.maximum(counted, 1)
    factor = np.ones_like(mean)
    if indicator.treatment in RATIO_SCALE:
        np.divide(point, mean, out=factor, where=(mean > 0) & (point > 0))
    drawn *= factor
    drawn += np.where((factor == 1) & (counted > 0), point - mean, 0.0)
    if indicator.treatment in RATIO_SCALE:
        np.maximum(drawn, 0.0, out=drawn)
    elif indicator.unit in RANGES:
        np.clip(drawn, *RANGES[indicator.unit], out=drawn)
    drawn[:, np.isnan(point)] = np.nan
    seen = (counted > 0) & (point != 0) & ~np.isnan(point)
    ratio = float(np.median(mean[seen] / point[seen])) if seen.any() else 1.0
    if abs(ratio - 1) <= WORTH_SAYING:
        return []
    return [Note(indicator.id, f"the draws' mean is {ratio:.2f} of the value, and is set back")]
