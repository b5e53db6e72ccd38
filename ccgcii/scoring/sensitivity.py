"""Sensitivity: which choice moves the ranks, by Sobol's indices.

Sobol sequence and estimators (Saltelli et al. 2010) are scipy's: SALib 1.6 would bring matplotlib
and multiprocess, and has no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import qmc, sobol_indices

from ccgcii.errors import ScoreError
from ccgcii.scoring.rankstats import mean_shift, rank_rows
from ccgcii.scoring.uncertainty import SEED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii.scoring.uncertainty import Experiment

    Cells = NDArray[np.float64]

RESAMPLES = 400
COLUMNS = ("first", "first_low", "first_high", "total", "total_low", "total_high")


def sensitivity(experiment: Experiment, *, base: int = 256, seed: int = SEED) -> pd.DataFrame:
    """Return by factor the share of the variance of the mean absolute rank change it explains.

    Columns: `first` (Si: alone), `total` (STi: with all it interacts with), each with `_low` and
    `_high`, the ends of a 90 % bootstrap interval. `base` is a power of two; it costs
    base x (factors + 2) rebuilds. The mean change is over the units, against the nominal ranks
    (COINr `get_sensitivity`; Saltelli et al. 2010). Where nothing moves, every share is 0.
    """
    if base < 2 or base & (base - 1):
        raise ScoreError(f"sensitivity: base={base} is no power of two")
    nominal = rank_rows(experiment.nominal()[None])[0]
    count = len(experiment.factors)
    points = qmc.Sobol(2 * count, rng=seed).random(base)
    first, second = points[:, :count], points[:, count:]
    crossed = [np.where(np.arange(count) == n, second, first) for n in range(count)]
    shifts = [
        mean_shift(rank_rows(np.array([experiment.index_at(p) for p in own])), nominal)
        for own in (first, second, *crossed)
    ]
    table = _shares(np.array(shifts))
    generator = np.random.default_rng(seed)
    again = [
        _shares(np.array(shifts)[:, generator.integers(base, size=base)]) for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(again, (0.05, 0.95), axis=0)
    columns = np.column_stack([table[0], low[0], high[0], table[1], low[1], high[1]])
    names = pd.Index([factor.name for factor in experiment.factors], name="factor")
    frame = pd.DataFrame(columns, index=names, columns=list(COLUMNS))
    return frame.sort_values("total", ascending=False, kind="stable")


def _shares(shifts: Cells) -> Cells:
    """Return first and total order x factors, from the shifts at A, B and each A with B's column.

    0 throughout where nothing varies: there is nothing to explain.
    """
    parts = {"f_A": shifts[:1], "f_B": shifts[1:2], "f_AB": shifts[2:, None]}
    found = sobol_indices(func=parts, n=shifts.shape[1])
    return np.array([np.ravel(found.first_order), np.ravel(found.total_order)])
