"""Rank statistics: what many rebuilds of a ranking say of each unit's rank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, rankdata

from ccgcii.scoring.rankings import TIE_DECIMALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float64]

TOPS = (10, 30)


@dataclass(frozen=True, slots=True, eq=False)
class RankStatistics:
    """The scores of units in many rebuilds (draws x units), beside the nominal ones.

    `level` is the share of draws that an interval holds, in the middle. A unit without a score in
    a draw has no rank there: it counts as outside every top, and its interval is over the others.
    """

    units: tuple[str, ...]
    nominal: Cells
    scores: Cells
    level: float = 0.9

    @property
    def ranks(self) -> Cells:
        """Return draws x units: ranks from 1, ties share the better one, NaN without a score."""
        return rank_rows(self.scores)

    def table(self) -> pd.DataFrame:
        """Return a row a unit, by nominal rank; units without one stand last.

        `rank`, `median`, `low` and `high` (ends of the interval, ranks that were reached), `top10`
        and `top30` (share of the draws), `above_next` (share in which the unit is above the next of
        this table, a tie counts half; NaN for the last).
        """
        ranks = self.ranks
        nominal = rank_rows(self.nominal[None])[0]
        table = pd.DataFrame(index=pd.Index(self.units, name="unit"))
        table["rank"] = pd.array(nominal, dtype="Int64")
        tail = (1 - self.level) / 2
        table["median"] = _quantile(ranks, 0.5, "linear")
        table["low"] = _quantile(ranks, tail, "inverted_cdf")
        table["high"] = _quantile(ranks, 1 - tail, "inverted_cdf")
        for top in TOPS:
            # NaN compares as false: no rank is no place among the first.
            table[f"top{top}"] = (ranks <= top).mean(axis=0)
        order = np.argsort(nominal, kind="stable")  # NaN sorts last
        above = np.full(len(order), np.nan)
        above[order[:-1]] = _share_above(self.scores[:, order])
        table["above_next"] = above
        return table.iloc[order]

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the table as plain data; what is unknown is None."""
        return plain_rows(self.table())


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table and its index as plain data, a dictionary a row; unknown cells are None."""
    rows = table.reset_index().astype(object).to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def rank_rows(scores: Cells) -> Cells:
    """Return each row's ranks: 1 the highest, ties share the better rank, NaN has none."""
    gaps = np.isnan(scores)
    turned = np.where(gaps, np.inf, -np.round(scores, TIE_DECIMALS))
    return np.where(gaps, np.nan, rankdata(turned, method="min", axis=1))


def mean_shift(ranks: Cells, nominal: Cells) -> Cells:
    """Return each row's mean absolute change of rank over the units ranked both times."""
    change = np.abs(ranks - nominal)
    both = ~np.isnan(change)
    return np.asarray(np.where(both, change, 0.0).sum(axis=1) / np.maximum(both.sum(axis=1), 1))


def movement(units: tuple[str, ...], before: Cells, after: Cells) -> dict[str, Any]:
    """Return how far ranks differ between two indices of the same units.

    `mean_shift` and `max_shift` in ranks, `most_moved` (a unit), `tau` (Kendall); over the units
    that both rank, None where there are none. Units that share the last place in both (cities that
    nobody names) are left out: they cannot move, and would make any two rankings agree.
    """
    ranks, others = rank_rows(np.array([before, after]))
    changed = np.abs(others - ranks)
    both = ~np.isnan(changed) & ~(_last_together(before) & _last_together(after))
    if not both.any():
        return dict.fromkeys(("mean_shift", "max_shift", "most_moved", "tau"))
    most = int(np.where(both, changed, -1.0).argmax())
    # Of what is ranked: a tie is one to the decimals that ranks go by.
    tau = math.nan
    if both.sum() > 1:
        tau = float(kendalltau(ranks[both], others[both]).statistic)
    return {
        "mean_shift": float(changed[both].mean()),
        "max_shift": float(changed[most]),
        "most_moved": units[most] if changed[most] else "",
        "tau": None if math.isnan(tau) else tau,
    }


def _last_together(scores: Cells) -> NDArray[np.bool_]:
    """Return which units have the lowest score, where more than one has."""
    if np.isnan(scores).all():
        return np.zeros(len(scores), dtype=bool)
    rounded = np.round(scores, TIE_DECIMALS)
    last = rounded == np.nanmin(rounded)
    return np.asarray(last & (last.sum() > 1))


def _quantile(ranks: Cells, share: float, method: Any) -> Cells:
    ranked = ~np.isnan(ranks).all(axis=0)
    result = np.full(ranks.shape[1], np.nan)
    if ranked.any():
        result[ranked] = np.nanquantile(ranks[:, ranked], share, axis=0, method=method)
    return result


def _share_above(scores: Cells) -> Cells:
    """Return how often each unit is above the one after it, among draws in which both score."""
    rounded = np.round(scores, TIE_DECIMALS)
    ahead, behind = rounded[:, :-1], rounded[:, 1:]
    both = (~np.isnan(ahead) & ~np.isnan(behind)).sum(axis=0)
    won = (ahead > behind).sum(axis=0) + 0.5 * (ahead == behind).sum(axis=0)
    return np.where(both > 0, won / np.maximum(both, 1), np.nan)


def _plain(value: Any) -> Any:
    if value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
