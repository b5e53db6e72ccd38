"""Opinions: what experts say of cities beyond the figures, read from a CSV or refused.

A row is one expert's factor for one target of one city in one round of a Delphi survey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from ccgcii.catalogues.tables import read_rows
from ccgcii.errors import ScoreError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ccgcii.catalogues.tables import Row

COLUMNS = ("city", "level", "target", "factor", "reason", "evidence", "expert", "round")
LEVELS = ("index", "dimension", "indicator")
FACTORS = (0.90, 1.10)
PERMUTATIONS = 9999


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged: a city's index, or one of its dimensions or indicators by id."""

    city: str
    level: str
    target: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.city, self.level, self.target)))


@dataclass(frozen=True, slots=True)
class Opinion:
    """One expert's factor for a case, with reason and evidence; `where` is its file and line."""

    case: Case
    factor: float
    reason: str
    evidence: tuple[str, ...]
    expert: str
    round: int
    where: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kendall's W of the experts over the cases, 0 to 1, and the chance of one as high by luck."""

    w: float
    p: float
    experts: int
    cases: int


def read_opinions(path: Path) -> tuple[Opinion, ...]:
    """Read a CSV with columns city, level, target, factor, reason, evidence, expert, round.

    `level` is index (then `target` is empty), dimension or indicator; `evidence` one or more links
    or document numbers, separated by semicolons; `round` counts from 1. Raises `ConfigError` with
    file and line for anything that is none of this.
    """
    opinions: dict[tuple[Case, str, int], Opinion] = {}
    for row in read_rows(path, COLUMNS, ()):
        opinion = _opinion(row)
        key = (opinion.case, opinion.expert, opinion.round)
        if key in opinions:
            raise row.error(
                f"expert {opinion.expert!r} has judged {opinion.case} in round {opinion.round} "
                "before; keep one"
            )
        opinions[key] = opinion
    return tuple(opinions.values())


def last_rounds(opinions: Iterable[Opinion]) -> tuple[Opinion, ...]:
    """Return of each case and expert the opinion of the latest round."""
    latest: dict[tuple[Case, str], Opinion] = {}
    for opinion in sorted(opinions, key=lambda o: o.round):
        latest[opinion.case, opinion.expert] = opinion
    return tuple(latest.values())


def measure_agreement(factors: NDArray[np.float64], seed: int = 2020) -> Agreement:
    """Return Kendall's W of a table of experts x cases (Kendall & Babington Smith 1939).

    W = 12 S / (m^2 (n^3 - n) - m T), T the correction for ties. p is the share of 10,000 orders
    (the given one, and 9,999 with each expert's factors shuffled) whose W is as high: the
    chi-square approximation does not hold for the few cases of a panel.
    """
    ranks = rankdata(factors, axis=1)
    experts, cases = ranks.shape
    spread = float(_spread(ranks[None])[0])
    generator = np.random.default_rng(seed)
    shuffled = generator.permuted(np.tile(ranks, (PERMUTATIONS, 1, 1)), axis=-1)
    as_high = int((_spread(shuffled) >= spread - 1e-9).sum())
    whole = experts**2 * (cases**3 - cases) - experts * _ties(ranks)
    w = 12 * spread / whole if whole > 0 else 0.0
    return Agreement(w, (1 + as_high) / (1 + PERMUTATIONS), experts, cases)


def _spread(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return S: how far the cases' sums of ranks lie from their mean, squared and summed."""
    sums = ranks.sum(axis=1)
    return np.asarray(((sums - sums.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))


def _ties(ranks: NDArray[np.float64]) -> float:
    """Return T, over the experts: t^3 - t for every t cases that one ranks alike."""
    counts = [np.unique(row, return_counts=True)[1] for row in ranks]
    return float(sum((own**3 - own).sum() for own in counts))


def table_of_factors(opinions: Sequence[Opinion]) -> tuple[list[Case], NDArray[np.float64]]:
    """Return the cases and the table of experts x cases; an expert who skipped one is refused."""
    cases = list(dict.fromkeys(opinion.case for opinion in opinions))
    experts = sorted({opinion.expert for opinion in opinions})
    given = {(o.expert, o.case): o.factor for o in opinions}
    for case in cases:
        silent = [expert for expert in experts if (expert, case) not in given]
        if silent:
            where = next(o.where for o in opinions if o.case == case)
            raise ScoreError(
                f"{where}: {', '.join(silent)} has not judged {case}; agreement can only be "
                "measured where every expert judges every case (a factor of 1 means: as computed)"
            )
    return cases, np.array([[given[expert, case] for case in cases] for expert in experts])


def _check_evidence(row: Row) -> None:
    if not row.words("evidence"):
        raise row.error("'evidence' is empty: give the links or documents that the factor rests on")
    for piece in row.words("evidence"):
        if not piece.isdecimal() and not piece.startswith(("https://", "http://")):
            raise row.error(
                f"evidence {piece!r} is neither a link (https://...) nor a document's number "
                "(`ccgcii explain CITY INDICATOR --json` shows them)"
            )


def _opinion(row: Row) -> Opinion:
    level = row.required("level")
    if level not in LEVELS:
        raise row.error(f"level {level!r} is unknown{suggest(level, LEVELS)}")
    target = row.text("target")
    if (level == "index") == bool(target):
        raise row.error("the index has no target, a dimension or an indicator needs its id there")
    factor = row.number("factor")
    if factor is None or not FACTORS[0] <= factor <= FACTORS[1]:
        raise row.error(f"factor {row.text('factor')!r} is not from 0.90 to 1.10")
    number = row.whole("round")
    if number is None or number < 1:
        raise row.error(f"round {row.text('round')!r} is no round; they count from 1")
    _check_evidence(row)
    return Opinion(
        Case(row.required("city"), level, target),
        factor,
        row.required("reason"),
        row.words("evidence"),
        row.required("expert"),
        number,
        row.where,
    )
