"""How well a filter and a person agree, or two persons: precision, recall, Cohen's kappa.

Shares have Wilson's interval (1927). Recall has the interval of its two shares drawn from their
Jeffreys posteriors (Brown, Cai and DasGupta 2001), which does not take "none seen" for "none
there". Kappa has a percentile bootstrap (Efron 1979), drawn within drops and within kept pieces, as
the sample was. Recall and kappa are those of all pieces, each row counted for as many as it stands
for: of as many drops as kept pieces, kappa would be larger. All are at 95 %, with 2,000 draws.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.cleaning.reviewing.verdicts import DROP, KEEP
from ccgcii.errors import CleaningError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ccgcii.cleaning.reviewing.verdicts import Sheet, Verdict

REPLICATES = 2000
_Z = 1.959963984540054  # 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval, from `number` judged pieces."""

    value: float
    low: float
    high: float
    number: int


@dataclass(frozen=True, slots=True)
class FilterAgreement:
    """One layer against a person. What cannot be computed is None, and `why` says why not.

    `precision` is the share of drops that the person would drop, `by_filter` the same filter by
    filter, `rightly_kept` the share of kept pieces that the person would keep. `recall` is the
    share of what should be dropped that was, and wants a sample of drops and of kept pieces.
    """

    layer: int
    precision: Estimate | None
    by_filter: dict[str, Estimate]
    rightly_kept: Estimate | None
    recall: Estimate | None
    kappa: Estimate | None
    why: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PersonAgreement:
    """Two persons on the same pieces: share of equal verdicts, kappa, and where they differ."""

    common: int
    agreement: Estimate
    kappa: Estimate | None
    differ: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def filter_agreement(sheet: Sheet) -> list[FilterAgreement]:
    """Compare a person's verdicts with the filters', layer by layer."""
    layers = sorted({verdict.layer for verdict in sheet.verdicts})
    return [
        _of_layer(layer, [verdict for verdict in sheet.verdicts if verdict.layer == layer])
        for layer in layers
    ]


def person_agreement(one: Sheet, other: Sheet) -> PersonAgreement:
    """Compare two persons on the pieces that both judged; raises `CleaningError` if none are."""
    first = {(verdict.id, verdict.layer): verdict.answer for verdict in one.verdicts}
    second = {(verdict.id, verdict.layer): verdict.answer for verdict in other.verdicts}
    common = sorted(first.keys() & second.keys())
    if not common:
        raise CleaningError(
            f"{one.path} and {other.path} have no judged piece in common; "
            "give both persons copies of one sample"
        )
    pairs = np.array([(first[key] == DROP, second[key] == DROP) for key in common])
    equal = int((pairs[:, 0] == pairs[:, 1]).sum())
    return PersonAgreement(
        len(common),
        wilson(equal, len(common)),
        _kappa_of(pairs, np.zeros(len(pairs), dtype=int)),
        tuple(key[0] for key in common if first[key] != second[key]),
    )


def wilson(right: int, number: int) -> Estimate:
    """Return a share with Wilson's score interval."""
    share = right / number
    middle = share + _Z**2 / (2 * number)
    spread = _Z * sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    scale = 1 + _Z**2 / number
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return Estimate(share, max(0.0, low), min(1.0, high), number)


def kappa(pairs: NDArray[np.bool_], weights: NDArray[np.float64] | None = None) -> float:
    """Return Cohen's kappa (1960) of two columns of yes and no; NaN if both are constant.

    `weights` say for how many pieces each row stands; all alike where there are none.
    """
    equal = float(np.average(pairs[:, 0] == pairs[:, 1], weights=weights))
    one, other = np.average(pairs, axis=0, weights=weights)
    chance = float(one * other + (1 - one) * (1 - other))
    return float("nan") if chance == 1.0 else (equal - chance) / (1 - chance)


def _of_layer(layer: int, verdicts: Sequence[Verdict]) -> FilterAgreement:
    dropped = [verdict for verdict in verdicts if verdict.decision == DROP]
    kept = [verdict for verdict in verdicts if verdict.decision == KEEP]
    names = sorted({verdict.filter for verdict in dropped})
    recall, why = _recall(dropped, kept)
    pairs = np.array([(v.decision == DROP, v.answer == DROP) for v in verdicts])
    agreed = None
    if dropped and kept:
        agreed = _kappa_of(pairs, pairs[:, 0].astype(int), _stand_for(dropped, kept))
    if agreed is None:
        why = (*why, "kappa: needs drops and kept pieces, and both verdicts among them")
    return FilterAgreement(
        layer,
        _share(dropped, DROP),
        {
            name: estimate
            for name in names
            if (estimate := _share([v for v in dropped if v.filter == name], DROP))
        },
        _share(kept, KEEP),
        recall,
        agreed,
        why,
    )


def _share(verdicts: Sequence[Verdict], answer: str) -> Estimate | None:
    if not verdicts:
        return None
    return wilson(sum(verdict.answer == answer for verdict in verdicts), len(verdicts))


def _recall(
    dropped: Sequence[Verdict], kept: Sequence[Verdict]
) -> tuple[Estimate | None, tuple[str, ...]]:
    """Return what share of what should go went: each row counts for as many as it stands for."""
    if not dropped or not kept:
        return None, ("recall: needs a sample of drops and one of kept pieces in one file",)
    drops, left = _stands_for(dropped), _stands_for(kept)
    if drops is None or left is None:
        return None, ("recall: the column `of` must hold one number for drops, one for kept ones",)
    (right, wrong), (missed, rest) = _counts(dropped), _counts(kept)
    if not right and not missed:
        return None, ("recall: the person would drop none of them",)
    random = np.random.default_rng(1)
    found = random.beta(right + 0.5, wrong + 0.5, REPLICATES) * drops
    lost = random.beta(missed + 0.5, rest + 0.5, REPLICATES) * left
    low, high = np.percentile(found / (found + lost), [2.5, 97.5])
    found_share, lost_share = right / len(dropped) * drops, missed / len(kept) * left
    value = found_share / (found_share + lost_share)
    # Where none was missed the estimate is an end of the interval, not outside it.
    low, high = min(float(low), value), max(float(high), value)
    return Estimate(value, low, high, len(dropped) + len(kept)), ()


def _stands_for(verdicts: Sequence[Verdict]) -> int | None:
    """Return how many pieces a sample was drawn from, None if it does not say so."""
    sizes = {verdict.of for verdict in verdicts}
    return sizes.pop() if len(sizes) == 1 else None


def _stand_for(dropped: Sequence[Verdict], kept: Sequence[Verdict]) -> tuple[float, float]:
    """Return for how many pieces a kept row and a dropped one stand; 1 where neither says it."""
    left, drops = _stands_for(kept), _stands_for(dropped)
    if left is None or drops is None:
        return 1.0, 1.0
    return left / len(kept), drops / len(dropped)


def _counts(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """Return how many a person would drop, and keep."""
    drops = sum(verdict.answer == DROP for verdict in verdicts)
    return drops, len(verdicts) - drops


def _kappa_of(
    pairs: NDArray[np.bool_], strata: NDArray[np.int_], stand_for: tuple[float, ...] = (1.0,)
) -> Estimate | None:
    """Return kappa over strata, a row of each of which stands for so many pieces."""
    value = kappa(pairs, np.take(stand_for, strata))
    if np.isnan(value):
        return None
    random = np.random.default_rng(1)
    parts = [pairs[strata == number] for number in np.unique(strata)]
    weights = np.take(stand_for, np.sort(strata))
    values = [
        kappa(
            np.concatenate([part[random.integers(0, len(part), len(part))] for part in parts]),
            weights,
        )
        for _ in range(REPLICATES)
    ]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Estimate(value, float(low), float(high), len(pairs))
