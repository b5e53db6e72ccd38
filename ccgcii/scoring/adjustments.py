"""Adjustments: experts' factors applied last, within bounds, beside what was computed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.errors import ScoreError, suggest
from ccgcii.scoring.opinions import last_rounds, measure_agreement, table_of_factors
from ccgcii.scoring.rankstats import plain_rows, rank_rows
from ccgcii.scoring.reclimbing import reclimb
from ccgcii.scoring.registry import installed_methods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.opinions import Agreement, Case, Opinion
    from ccgcii.scoring.rankings import Ranking
    from ccgcii.scoring.trees import Tree

EXPERTS = 3
MOST_RANKS = 5
SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """A ranking and what the experts make of it.

    `nodes` are units x nodes like the ranking's, adjusted; `factors` the median factor by case;
    `opinions` those of the last round, which it comes from; `given` those of every round.
    """

    ranking: Ranking
    nodes: pd.DataFrame
    factors: Mapping[Case, float]
    opinions: tuple[Opinion, ...]
    agreement: Agreement
    given: tuple[Opinion, ...] = ()

    def table(self, node: str | None = None) -> pd.DataFrame:
        """Return computed and adjusted score and rank of a node, and the ranks moved (up is +).

        `node` is the index unless named; a row a unit, by adjusted rank.
        """
        column = node or self.ranking.tree.root
        scores = {"computed": self.ranking.nodes[column], "adjusted": self.nodes[column]}
        table = pd.DataFrame(scores, index=self.nodes.index)
        for name in ("computed", "adjusted"):
            ranks = rank_rows(table[name].to_numpy()[None])[0]
            table[f"{name}_rank"] = pd.array(ranks, dtype="Int64")
        table["moved"] = table["computed_rank"] - table["adjusted_rank"]
        return table.sort_values("adjusted_rank", kind="stable", na_position="last")

    def to_dict(self) -> dict[str, Any]:
        """Return agreement, factors with their opinions, and the table as plain data."""
        return self.summary() | {"units": plain_rows(self.table().rename_axis("unit"))}

    def summary(self) -> dict[str, Any]:
        """Return agreement, and factors with their opinions, as plain data."""
        return {
            "agreement": asdict(self.agreement),
            "factors": [
                {"city": case.city, "level": case.level, "target": case.target, "factor": factor}
                | {"opinions": [_plain(o) for o in self.opinions if o.case == case]}
                for case, factor in self.factors.items()
            ],
        }


def adjust(
    ranking: Ranking,
    opinions: Sequence[Opinion],
    *,
    most_ranks: int = MOST_RANKS,
    methods: Mapping[tuple[str, str], Method] | None = None,
) -> Adjusted:
    """Apply the experts' median factors to a ranking; the last thing that is done to it.

    A factor multiplies the score of its target; what lies above is aggregated again by the same
    weights. Each expert's last round counts. Raises `ScoreError`, with file and row, for a city or
    target that is not there or whose score no factor can move (none, or below zero), for fewer than
    three experts, for experts who do not agree (Kendall's W not significant at 5 %), and if any
    unit's rank would move by more than `most_ranks`.
    """
    latest = last_rounds(opinions)
    if not latest:
        raise ScoreError("adjustments: no opinions; leave the file out if there are none")
    for opinion in latest:
        _check_place(opinion, ranking)
    _require_experts(latest)
    cases, table = table_of_factors(latest)
    agreement = _require_agreement(table, latest)
    medians = np.median(table, axis=0)
    factors = dict(zip(cases, medians.tolist(), strict=True))
    nodes = reclimb(ranking, factor_table(ranking, factors), methods or installed_methods())
    adjusted = Adjusted(ranking, nodes, factors, latest, agreement, tuple(opinions))
    _refuse_far_moves(adjusted, most_ranks)
    return adjusted


def _node_of(case: Case, tree: Tree) -> str:
    return tree.root if case.level == "index" else case.target


def factor_table(ranking: Ranking, factors: Mapping[Case, float]) -> NDArray[np.float64]:
    """Return units x nodes: the factor of each cell, 1 where nobody has said anything."""
    table = np.ones(ranking.nodes.shape)
    units = {str(unit): place for place, unit in enumerate(ranking.nodes.index)}
    for case, factor in factors.items():
        table[units[case.city], ranking.tree.places[_node_of(case, ranking.tree)]] = factor
    return table


def _check_place(opinion: Opinion, ranking: Ranking) -> None:
    tree, case = ranking.tree, opinion.case
    units = [str(unit) for unit in ranking.nodes.index]
    if case.city not in units:
        raise ScoreError(
            f"{opinion.where}: {case.city!r} is not in the ranking{suggest(case.city, units)}"
        )
    inner = [node for node in tree.upwards if node != tree.root]
    places = {"index": [""], "dimension": inner, "indicator": list(tree.leaves)}[case.level]
    if case.target not in places:
        raise ScoreError(
            f"{opinion.where}: {case.target!r} is no {case.level} of the tree"
            f"{suggest(case.target, places)}"
        )
    value = float(ranking.nodes[_node_of(case, tree)].to_numpy()[units.index(case.city)])
    if opinion.factor != 1 and not value >= 0:
        raise ScoreError(
            f"{opinion.where}: {case} {_why_fixed(value)}; give a factor of 1, or take the case out"
        )


def _why_fixed(value: float) -> str:
    if math.isnan(value):
        return "has no score, and nothing times a factor is nothing"
    return f"has a score below zero ({value:.2f}), which a factor above 1 would lower"


def _require_experts(opinions: Sequence[Opinion]) -> None:
    for case in dict.fromkeys(opinion.case for opinion in opinions):
        own = [opinion for opinion in opinions if opinion.case == case]
        if len(own) < EXPERTS:
            raise ScoreError(
                f"{own[0].where}: {case} is judged by {len(own)} of the {EXPERTS} experts needed"
            )


def _require_agreement(table: NDArray[np.float64], opinions: Sequence[Opinion]) -> Agreement:
    file = opinions[0].where.rpartition(", line")[0]
    if table.shape[1] < 2:
        raise ScoreError(
            f"{file}: one case alone cannot show whether experts agree; let them judge more cases "
            "(a factor of 1 means: as computed)"
        )
    if (table == table[:, :1]).all():
        raise ScoreError(
            f"{file}: every expert gives all {table.shape[1]} cases one factor, so there is no "
            "order in which they could agree; let them judge more cases (a factor of 1 means: as "
            "computed)"
        )
    agreement = measure_agreement(table)
    if not agreement.p < SIGNIFICANCE:
        raise ScoreError(
            f"{file}: the {agreement.experts} experts do not agree on the {agreement.cases} cases: "
            f"Kendall's W = {agreement.w:.2f}, p = {agreement.p:.2f}, not below {SIGNIFICANCE}; "
            "hold another round, or ask more experts or about more cases"
        )
    return agreement


def _refuse_far_moves(adjusted: Adjusted, most: int) -> None:
    moved = adjusted.table()["moved"].dropna()
    far = moved[moved.abs() > most]
    if far.empty:
        return
    unit = str(far.index[0])
    rows = [o.where for o in adjusted.opinions if o.case.city == unit]
    where = rows[0] if rows else adjusted.opinions[0].where
    raise ScoreError(
        f"{where}: {unit} would move by {abs(int(far.iloc[0]))} ranks, {most} are allowed"
        f"{'' if rows else ' (pushed aside by others)'}; bring the factors nearer to 1"
    )


def _plain(opinion: Opinion) -> dict[str, Any]:
    names = ("expert", "round", "factor", "reason")
    return {name: getattr(opinion, name) for name in names} | {"evidence": list(opinion.evidence)}
