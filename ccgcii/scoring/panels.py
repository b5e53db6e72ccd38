"""Panels: the ranking as other experts of the same kind might have made it.

The third layer of uncertainty. As many experts as there are, drawn with return: of those who
adjusted the ranking, and of those whose budgets of points weigh in the recipe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.errors import ScoreError
from ccgcii.scoring.adjustments import factor_table
from ccgcii.scoring.engine import score
from ccgcii.scoring.opinions import last_rounds, table_of_factors
from ccgcii.scoring.rankstats import RankStatistics
from ccgcii.scoring.recipes import Recipe
from ccgcii.scoring.reclimbing import reclimb
from ccgcii.scoring.registry import installed_methods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii.methods import Method
    from ccgcii.scoring.opinions import Opinion
    from ccgcii.scoring.rankings import Ranking

    Cells = NDArray[np.float64]

DRAWS = 500
NOBODY = "no expert has adjusted this score, and none weighs in its recipe"


def has_panel(recipe: Recipe, opinions: Sequence[Opinion]) -> bool:
    """Say whether there are experts to be drawn."""
    return bool(opinions) or _budgets(recipe.to_dict())


def vary_experts(
    ranking: Ranking,
    opinions: Sequence[Opinion] = (),
    *,
    draws: int = DRAWS,
    seed: int = 2020,
    methods: Mapping[tuple[str, str], Method] | None = None,
) -> RankStatistics:
    """Return rank statistics over panels drawn from the experts, their agreement not asked again.

    Nominal ranks are those of the adjusted index. Raises `ScoreError` if there are no experts.
    """
    if not has_panel(ranking.recipe, opinions):
        raise ScoreError(NOBODY)
    known = methods or installed_methods()
    cases, table = table_of_factors(last_rounds(opinions)) if opinions else ([], np.ones((1, 0)))
    random = np.random.default_rng(seed)

    def adjusted(made: Ranking, factors: Cells) -> Cells:
        chosen = dict(zip(cases, np.median(factors, axis=0).tolist(), strict=True))
        nodes = reclimb(made, factor_table(made, chosen), known)
        return nodes[made.tree.root].to_numpy(dtype=float)

    scores = []
    weighed = _budgets(ranking.recipe.to_dict())
    for _ in range(draws):
        made = _with_other_weights(ranking, random, known) if weighed else ranking
        scores.append(adjusted(made, table[random.integers(len(table), size=len(table))]))
    names = tuple(map(str, ranking.nodes.index))
    return RankStatistics(names, adjusted(ranking, table), np.array(scores))


def _with_other_weights(
    ranking: Ranking, random: np.random.Generator, methods: Mapping[tuple[str, str], Method]
) -> Ranking:
    drawn = Recipe.from_dict(_draw_budgets(ranking.recipe.to_dict(), random), "drawn experts")
    return score(ranking.matrix, ranking.tree, drawn, methods=methods)


def _budgets(part: Any) -> bool:
    if isinstance(part, dict):
        return _is_budget(part) or any(_budgets(inner) for inner in part.values())
    return False


def _draw_budgets(part: Any, random: np.random.Generator) -> Any:
    if not isinstance(part, dict):
        return part
    if _is_budget(part):
        given = [*part["experts"].values()]
        picked = random.integers(len(given), size=len(given))
        drawn = {f"{number}": given[place] for number, place in enumerate(picked)}
        return {**part, "experts": drawn}
    return {key: _draw_budgets(inner, random) for key, inner in part.items()}


def _is_budget(part: Mapping[str, Any]) -> bool:
    return part.get("method") == "budget" and len(part.get("experts", {})) > 1
