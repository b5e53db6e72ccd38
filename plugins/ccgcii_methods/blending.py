"""Blending: what the data say, kept within bounds, and what is held beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ccgcii import Method, ScoreError, Step
from ccgcii_methods.weightings import scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]

ENTROPY, EQUAL = Step("entropy"), Step("equal")


def blend(
    values: Cells,
    columns: Columns,
    *,
    objective: Step = ENTROPY,
    prior: Step = EQUAL,
    share: float = 0.5,
    cap: float = 3.0,
    screen: float = 0.7,
) -> Cells:
    """Blend two weightings, the objective one screened and capped: no near-empty column rules.

    w = `share` x objective + (1 - `share`) x prior. Columns with more than the share `screen` of
    their cells at their least value (after min-max that is 0: nothing was found), or without
    variation, get weight 0 in both (Zhu, Tian & Yan 2020 on zeros in entropy weights). Of the k
    left that the objective weighs at all, none gets more than `cap`/k from it: what lies above is
    shared by the others in proportion (water-filling). `objective` and `prior` are any weightings
    with their options (prior: `given`, `ahp` or `budget` for experts). `screen` = 1 screens only
    what does not vary; a cap of 0 is none, one between 0 and 1 cannot hold and is refused.
    """
    _check_options(share, cap, screen)
    raw = columns.weigh(objective, values, columns)
    columns.keep("raw", raw)
    varies = _vary(values)
    empty = varies & (_share_at_the_least(values) > screen)
    if empty.any():
        said = f"weight 0, more than {screen:.0%} of the units at the least value"
        columns.note(f"{said}: {columns.called(empty)}")
    kept = varies & ~empty
    if not varies.any():
        return scaled(np.zeros(len(raw)), columns)
    if not kept.any():
        columns.warn("every column is screened: equal weights instead")
        return np.asarray(varies / varies.sum())
    part = columns.only(kept)
    inside = np.ascontiguousarray(values[:, kept])
    if not kept.all():
        # What the objective has to say of these columns, it said of all of them above.
        raw = columns.weigh(objective, inside, replace(part, remarks=[]))
    bounded = capped(raw, cap / (raw > 0).sum()) if cap else raw
    beforehand = columns.weigh(prior, inside, part)
    for stage, weights in (("capped", bounded), ("prior", beforehand)):
        columns.keep(stage, _spread(weights, kept))
    return _spread(share * bounded + (1 - share) * beforehand, kept)


def capped(shares: Cells, cap: float) -> Cells:
    """Scale non-negative shares to sum 1 with none above `cap`, by water-filling.

    What a capped column loses is shared by the uncapped ones in proportion to their own.
    """
    positive = shares > 0
    if cap * positive.sum() < 1 - 1e-12:
        raise ScoreError(
            f"weighting blend: a cap of {cap:g} on {positive.sum()} columns leaves weight to "
            "nobody; raise `cap` to at least 1"
        )
    weights = np.asarray(shares / shares.sum())
    full = np.zeros(len(shares), dtype=bool)
    while (weights > cap * (1 + 1e-12)).any():
        full |= weights > cap * (1 + 1e-12)
        free = positive & ~full
        if not free.any():
            return np.asarray(np.where(full, cap, 0.0))
        room = 1.0 - cap * full.sum()
        weights = np.where(full, cap, np.where(free, shares / shares[free].sum() * room, 0.0))
    return weights


def _spread(weights: Cells, kept: NDArray[np.bool_]) -> Cells:
    """Return the weights of the kept columns in their places, 0 elsewhere."""
    spread = np.zeros(len(kept))
    spread[kept] = weights
    return spread


def _vary(values: Cells) -> NDArray[np.bool_]:
    top = np.where(np.isnan(values), -np.inf, values).max(axis=0)
    return np.asarray(top > _least(values))


def _share_at_the_least(values: Cells) -> Cells:
    # Not at 0: a scale from 1 to 100, ranks and z-scores have none.
    measured = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    return np.asarray((values == _least(values)).sum(axis=0) / measured)


def _least(values: Cells) -> Cells:
    return np.asarray(np.where(np.isnan(values), np.inf, values).min(axis=0))


def _check_options(share: float, cap: float, screen: float) -> None:
    if not 0 <= screen <= 1 or not 0 <= share <= 1:
        raise ScoreError("weighting blend: `share` and `screen` are shares from 0 to 1")
    if cap < 0 or 0 < cap < 1:
        raise ScoreError(
            f"weighting blend: cap={cap:g} cannot hold, k weights of at most {cap:g}/k sum to less "
            "than one; set it to 1 or more, or to 0 for none"
        )


METHODS = (Method("weighting", "blend", blend),)
