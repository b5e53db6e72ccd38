"""The audit of a score: everything about it that its numbers and documents can tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.auditing import makings
from ccgcii.auditing.statistics import (
    consistency,
    correlation_flags,
    felt_weights,
    skew_before_and_after,
)
from ccgcii.auditing.steps import check_steps
from ccgcii.auditing.waterfalls import contributions, waterfalls
from ccgcii.findings.comparisons import compare_rankings, rank_cities
from ccgcii.scoring.rankstats import plain_rows
from ccgcii.scoring.uncertainty import (
    Experiment,
    leave_channels_out,
    leave_indicators_out,
    vary_method,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ccgcii.cities import City
    from ccgcii.indicators import Indicator
    from ccgcii.methods import Method
    from ccgcii.scoring import Ranking

DRAWS = 500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an audit is made of.

    `ranking` is the stored matrix scored again by the stored recipe, `stored` the scores as they
    were written (cities x nodes), `measured` the matrix measured again from the documents.
    """

    ranking: Ranking
    stored: pd.DataFrame
    measured: pd.DataFrame
    indicators: Mapping[str, Indicator]
    methods: Mapping[tuple[str, str], Method]
    cities: Sequence[City]
    seed: int


def audit(evidence: Evidence) -> dict[str, Any]:
    """Return the facts of a score, and the ten steps judged by them, as plain data."""
    ranking = evidence.ranking
    framework = makings.framework(ranking, makings.pillars(ranking, evidence.indicators))
    # Of what the index is made of: one known for few would hide all others of its pillar.
    groups = framework["pillars"]
    facts: dict[str, Any] = {
        "framework": framework,
        "availability": makings.availability(ranking),
        "screened": makings.screened(ranking),
        "treated": makings.treated(ranking),
        "skew": skew_before_and_after(ranking),
        "scale": makings.scale(ranking),
        "weights": makings.weights(ranking),
        "felt_weights": felt_weights(ranking),
        "dominant": makings.dominant(ranking),
        "correlations": correlation_flags(ranking.stages.normalised, groups),
        "consistency": consistency(ranking.stages.normalised, groups),
        "waterfall": waterfalls(ranking, evidence.methods),
        "contributions": _contributions(ranking),
        "again": _again(evidence),
        "gdp": _gdp(evidence),
        "notes": [asdict(note) for note in ranking.notes],
    }
    facts |= _ranks(ranking) | _robustness(evidence)
    return facts | {"steps": [asdict(check) for check in check_steps(facts)]}


def _contributions(ranking: Ranking) -> dict[str, Any] | None:
    """Return what each indicator gives to each city's index; None for a recipe that multiplies."""
    whole = contributions(ranking)
    if whole is None:
        return None
    scored = whole[ranking.index.notna()]
    off = (scored.sum(axis=1) - ranking.index[scored.index]).abs()
    cities = {
        str(city): dict(zip(whole.columns, values, strict=True))
        for city, values in zip(scored.index, scored.to_numpy().tolist(), strict=True)
    }
    return {"off": float(off.max()) if len(off) else 0.0, "cities": cities}


def _again(evidence: Evidence) -> dict[str, Any]:
    """Compare stored scores and cells with those computed anew; NaN equals NaN."""
    nodes = evidence.ranking.nodes
    stored = evidence.stored.reindex(index=nodes.index, columns=nodes.columns)
    first, second = stored.to_numpy(dtype=float), nodes.to_numpy(dtype=float)
    gaps = np.isnan(first) != np.isnan(second)
    distance = np.nan_to_num(np.abs(first - second))
    raw = evidence.ranking.stages.raw
    fresh = evidence.measured.reindex(index=raw.index, columns=raw.columns)
    alike = np.isclose(raw, fresh, rtol=1e-12, atol=1e-12, equal_nan=True)
    off = [str(leaf) for place, leaf in enumerate(raw.columns) if not alike[:, place].all()]
    return {
        "scores_off": float("1e308") if gaps.any() else float(distance.max()),
        "cells": int(raw.size),
        "cells_off": int((~alike).sum()),
        "indicators_off": off,
    }


def _gdp(evidence: Evidence) -> dict[str, Any] | None:
    gdp = {c.key: c.gdp_2019 for c in evidence.cities if c.gdp_2019 is not None}
    # Cities that share a rank (those that nobody names) have no order to be compared.
    alone = evidence.ranking.ranks.dropna()
    alone = alone[~alone.duplicated(keep=False)]
    ranks = {str(c): int(rank) for c, rank in alone.items()}
    if not gdp or not ranks:
        return None
    found = compare_rankings(ranks, rank_cities(gdp))
    return {name: found[name] for name in ("common", "spearman", "kendall", "overlap")}


def _ranks(ranking: Ranking) -> dict[str, Any]:
    ranks = ranking.ranks.dropna()
    counts = Counter(int(rank) for rank in ranks)
    shared = {rank: n for rank, n in counts.items() if n > 1}
    rank = max(shared, key=lambda rank: shared[rank], default=None)
    return {
        "ranked": len(ranks),
        "unranked": len(ranking.nodes) - len(ranks),
        "tied": {
            "cities": sum(shared.values()),
            "largest": 0 if rank is None else shared[rank],
            "rank": rank,
        },
    }


def _robustness(evidence: Evidence) -> dict[str, Any]:
    ranking = evidence.ranking
    channels = {leaf: thing.channels for leaf, thing in evidence.indicators.items()}
    experiment = Experiment.of(
        ranking.matrix,
        ranking.tree,
        ranking.recipe,
        channels=channels,
        methods=evidence.methods,
        seed=evidence.seed,
    )
    rebuilder, recipe = experiment.rebuilder, experiment.recipe
    table = vary_method(experiment, draws=DRAWS, seed=evidence.seed).table()
    # Cities that nobody speaks of are tied in every rebuild: their width of 0 says nothing.
    alone = ~table["rank"].duplicated(keep=False)
    widths = (table["high"] - table["low"])[alone].dropna()
    return {
        "without_indicator": plain_rows(leave_indicators_out(rebuilder, recipe)),
        "without_channel": plain_rows(leave_channels_out(rebuilder, recipe, channels)),
        "rank_intervals": {
            "draws": DRAWS,
            "seed": evidence.seed,
            "median_width": float(widths.median()) if len(widths) else None,
            "units": plain_rows(table),
        },
    }
