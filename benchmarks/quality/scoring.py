"""Precision, recall and F1 of found against labelled, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """A share in 0-1 with its 95 % interval; all NaN where nothing was there to find."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How well things are found: counts over all items, and the three shares."""

    items: int
    right: int
    wrong: int
    missed: int
    precision: Share
    recall: Share
    f1: Share


def quality(
    pairs: Sequence[tuple[AbstractSet[str], AbstractSet[str]]], *, seed: int = 1
) -> Quality:
    """Compare (found, labelled) item by item.

    The interval is the percentile bootstrap over items (2,000 replicates, Efron 1979), for words of
    one sentence are not independent of each other.
    """
    counts = np.array(
        [(len(f & truth), len(f - truth), len(truth - f)) for f, truth in pairs], dtype=np.int64
    ).reshape(-1, 3)
    random = np.random.default_rng(seed)
    total = len(counts)
    draws = random.multinomial(total, np.full(total, 1 / total), size=REPLICATES) @ counts
    shares = [
        _share(measured, replicated)
        for measured, replicated in zip(_shares(counts.sum(axis=0)), _shares(draws.T), strict=True)
    ]
    right, wrong, missed = (int(count) for count in counts.sum(axis=0))
    return Quality(total, right, wrong, missed, *shares)


def _shares(counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    right, wrong, missed = counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            np.true_divide(right, right + wrong),
            np.true_divide(right, right + missed),
            np.true_divide(2 * right, 2 * right + wrong + missed),
        )


def _share(measured: NDArray[np.float64], replicated: NDArray[np.float64]) -> Share:
    known = replicated[~np.isnan(replicated)]
    if not len(known):
        return Share(float("nan"), float("nan"), float("nan"))
    low, high = np.percentile(known, [2.5, 97.5])
    return Share(float(measured), float(low), float(high))


def averaged(counts: NDArray[np.int64], *, seed: int = 1) -> Quality:
    """Return precision and recall averaged over items (rows of right, wrong, missed), F1 of both.

    An item with nothing found has no precision, one with nothing to find no recall. Intervals are
    those of `quality`.
    """
    total = len(counts)
    right, wrong, missed = (counts[:, column] for column in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.array([right / (right + wrong), right / (right + missed)])
    random = np.random.default_rng(seed)
    draws = random.multinomial(total, np.full(total, 1 / total), size=REPLICATES)
    measured, replicated = _means(each, np.ones((1, total))), _means(each, draws)
    shares = [
        _share(np.array(one[0]), many) for one, many in zip(measured, replicated, strict=True)
    ]
    return Quality(total, int(right.sum()), int(wrong.sum()), int(missed.sum()), *shares)


def _means(each: NDArray[np.float64], weights: NDArray[Any]) -> list[NDArray[np.float64]]:
    known = ~np.isnan(each)
    precision, recall = (
        weights @ np.where(known[row], each[row], 0.0) / (weights @ known[row]) for row in (0, 1)
    )
    return [precision, recall, 2 * precision * recall / (precision + recall)]
