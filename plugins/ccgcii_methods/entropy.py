"""The entropy weight method, with one defined answer for each hard case.

Published packages shift zeros, divide by zero or let negatives through; here 0 ln 0 is 0 exactly,
columns that do not vary get no weight, and what cannot be answered is refused with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ccgcii import Method, ScoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def entropy(matrix: pd.DataFrame, *, missing: str = "refuse") -> pd.Series[float]:
    """Weight each column by its divergence from an even spread (Shannon entropy weights).

    p = x / sum(x); H = -sum(p ln p) / ln n with 0 ln 0 = 0; w = (1 - H) / sum(1 - H), after Hwang
    & Yoon 1981 and Zeleny 1982. No shift, no epsilon. A column that is constant or all zero gets
    weight 0; if all are, the weights are equal, with a warning. Negative values and a single unit
    are refused. `missing` says what becomes of missing cells: `refuse`, or `mask`: H of a column
    is then taken over the units it has (n is their number), never over zeros in their place.
    """
    _check(matrix, missing, "entropy")
    divergence = divergences(matrix.to_numpy(float))
    if not divergence.any():
        return _equal_for_want_of_variation(matrix)
    weights = pd.Series(divergence / divergence.sum(), index=matrix.columns)
    weights.attrs["notes"] = _notes(matrix, divergence)
    return weights


def entropy_robust(
    matrix: pd.DataFrame,
    *,
    given: pd.Series[float],
    missing: str = "refuse",
    zeros: float = 0.7,
    cap: float = 3.0,
    blend: float = 0.5,
    prior: str = "equal",
) -> pd.Series[float]:
    """Weight by entropy, screened, capped and blended, so that no near-empty column rules.

    Columns with more than the share `zeros` of their cells at 0, or without variation, get weight
    0 (Zhu, Tian & Yan 2020 on zeros in entropy weights). Among the k left, no entropy weight
    exceeds `cap`/k: what lies above is shared by the others in proportion (water-filling). The
    result is `blend` x entropy + (1 - `blend`) x prior; `prior` is `equal` or `given` (the tree's
    weights). A cap that cannot hold (below 1, so that k caps sum to less than one) is refused, and
    so is all that `entropy` refuses.
    """
    _check(matrix, missing, "entropy_robust")
    _check_options(zeros, cap, blend, prior)
    values = matrix.to_numpy(float)
    divergence = divergences(values)
    if not divergence.any():
        return _equal_for_want_of_variation(matrix)
    measured = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    empty = (values == 0).sum(axis=0) / measured > zeros
    kept = (divergence > 0) & ~empty
    notes = _notes(matrix, divergence)
    screened = matrix.columns[np.flatnonzero(empty & (divergence > 0))]
    if len(screened):
        notes.append(f"weight 0, more than {zeros:.0%} zeros: {_names(screened)}")
    if not kept.any():
        weights = _series_over(matrix.columns, divergence > 0)
        weights.attrs["warnings"] = [*notes, "every column is screened: equal weights instead"]
        return weights
    objective = capped(np.where(kept, divergence, 0.0), cap / kept.sum())
    expert = _prior(given, kept, prior)
    weights = pd.Series(blend * objective + (1 - blend) * expert, index=matrix.columns)
    weights.attrs["notes"] = notes
    return weights


def divergences(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 - H per column of units x columns, missing cells left out: 0 to 1, no rounding dust.

    1 - H = mean((1 + e) ln(1 + e) - e) / ln n with e = x / mean(x) - 1: the same number as the
    textbook's, but every term is non-negative, so nearly even columns do not drown in rounding.
    """
    measured = ~np.isnan(values)
    present = measured.sum(axis=0)
    top, bottom = _ends(values, measured)
    # Relative to the column's largest, so that no sum overflows.
    scaled = np.where(measured, values, 0.0) / np.where(top > 0, top, 1.0)
    mean = scaled.sum(axis=0) / np.maximum(present, 1)
    excess = scaled / np.where(mean > 0, mean, 1.0) - 1.0
    logs = np.log1p(np.where(excess > -1.0, excess, 0.0))
    terms = np.where(excess > -1.0, (1.0 + excess) * logs - excess, 1.0)
    mean_term = np.where(measured, terms, 0.0).sum(axis=0) / np.maximum(present, 1)
    divergence = np.maximum(mean_term / np.log(np.maximum(present, 2)), 0.0)
    varies = (present >= 2) & (top > bottom)
    return np.asarray(np.where(varies, divergence, 0.0))


def capped(shares: NDArray[np.float64], cap: float) -> NDArray[np.float64]:
    """Scale non-negative shares to sum 1 with none above `cap`, by water-filling.

    What a capped column loses is shared by the uncapped ones in proportion to their own.
    """
    positive = shares > 0
    if cap * positive.sum() < 1 - 1e-12:
        raise ScoreError(
            f"entropy_robust: a cap of {cap:g} on {positive.sum()} columns leaves weight to nobody;"
            " raise `cap` to at least 1"
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


def _check(matrix: pd.DataFrame, missing: str, name: str) -> None:
    if missing not in ("refuse", "mask"):
        raise ScoreError(f"weighting {name}: missing={missing!r} is neither 'refuse' nor 'mask'")
    if len(matrix) < 2:
        raise ScoreError(
            f"weighting {name}: one unit has no spread to weigh by (ln 1 = 0); "
            "score at least two units, or use weighting equal or given"
        )
    values = matrix.to_numpy(float)
    gaps = matrix.columns[np.isnan(values).any(axis=0)]
    if missing == "refuse" and len(gaps):
        raise ScoreError(
            f"weighting {name}: missing cells in {_names(gaps)}; "
            "impute them, or set weighting.missing to 'mask'"
        )
    below = matrix.columns[np.flatnonzero((values < 0).any(axis=0))]
    if len(below):
        raise ScoreError(
            f"weighting {name}: negative values in {_names(below)}; entropy needs shares of a "
            "whole: normalise by minmax or rank"
        )


def _check_options(zeros: float, cap: float, blend: float, prior: str) -> None:
    if not 0 <= zeros <= 1 or not 0 <= blend <= 1:
        raise ScoreError("weighting entropy_robust: `zeros` and `blend` are shares from 0 to 1")
    if cap < 1:
        raise ScoreError(
            f"weighting entropy_robust: cap={cap:g} cannot hold, k weights of at most {cap:g}/k "
            "sum to less than one; set it to 1 or more"
        )
    if prior not in ("equal", "given"):
        raise ScoreError(
            f"weighting entropy_robust: prior={prior!r} is neither 'equal' nor 'given'"
        )


def _notes(matrix: pd.DataFrame, divergence: NDArray[np.float64]) -> list[str]:
    still = matrix.columns[divergence == 0]
    gaps = matrix.columns[np.isnan(matrix.to_numpy(float)).any(axis=0)]
    notes = [f"weight 0, no variation: {_names(still)}"] if len(still) else []
    if len(gaps):
        notes.append(f"missing cells masked, weighed by the units measured: {_names(gaps)}")
    return notes


def _prior(given: pd.Series[float], kept: NDArray[np.bool_], prior: str) -> NDArray[np.float64]:
    wanted = np.ones(len(kept)) if prior == "equal" else given.to_numpy(float)
    wanted = np.where(kept, wanted, 0.0)
    if np.isnan(wanted).any() or (wanted < 0).any() or wanted.sum() == 0:
        raise ScoreError(
            "weighting entropy_robust: prior 'given' needs a positive `weight` in the tree "
            f"for {_names(given.index)}"
        )
    return np.asarray(wanted / wanted.sum())


def _equal_for_want_of_variation(matrix: pd.DataFrame) -> pd.Series[float]:
    weights = _series_over(matrix.columns, np.ones(matrix.shape[1], dtype=bool))
    weights.attrs["warnings"] = [f"nothing varies, equal weights: {_names(matrix.columns)}"]
    return weights


def _series_over(columns: pd.Index[str], chosen: NDArray[np.bool_]) -> pd.Series[float]:
    return pd.Series(chosen / chosen.sum(), index=columns)


def _ends(
    values: NDArray[np.float64], measured: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    top = np.where(measured, values, -np.inf).max(axis=0)
    return np.asarray(top), np.asarray(np.where(measured, values, np.inf).min(axis=0))


def _names(columns: pd.Index[str]) -> str:
    return ", ".join(map(str, columns))


METHODS = (
    Method("weighting", "entropy", entropy),
    Method("weighting", "entropy_robust", entropy_robust),
)
