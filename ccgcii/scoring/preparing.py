"""Preparing: from raw indicators to columns on one scale; impute, treat, normalise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.errors import ScoreError

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from ccgcii.methods import Columns, MethodKind, Step
    from ccgcii.scoring.steps import Steps

    Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The indicators, units x leaves, as each step left them; NaN is missing throughout.

    `treatments` holds the matrix after each treatment; the last is the treated one. `left_out` are
    the indicators that have too few cells, or none on the recipe's scale: they get weight 0.
    """

    raw: Cells
    imputed: Cells
    treatments: tuple[Cells, ...]
    normalised: Cells
    left_out: frozenset[str]

    @property
    def treated(self) -> Cells:
        """The matrix after the last treatment."""
        return self.treatments[-1] if self.treatments else self.imputed


def prepare(raw: Cells, columns: Columns, steps: Steps) -> Prepared:
    """Run a recipe's steps on the matrix; indicators with too few cells are not imputed."""
    recipe = steps.recipe
    left_out = _thin_indicators(raw, columns, steps)
    imputed = _change("imputation", recipe.imputation, raw, columns, steps)
    out = [name in left_out for name in columns.names]
    if any(out) and imputed is not raw:
        # What is left out is not made up either.
        imputed = np.where(out, raw, imputed)
    _note_changes(raw, imputed, "imputed", columns, steps)
    treatments = _treat(imputed, columns, steps)
    treated = treatments[-1] if treatments else imputed
    _note_changes(imputed, treated, "treated", columns, steps)
    normalised = _change("normalisation", recipe.normalisation, treated, columns, steps)
    _note_constants(treated, columns, steps)
    left_out += _lost_indicators(normalised, left_out, columns, steps)
    return Prepared(raw, imputed, treatments, normalised, frozenset(left_out))


def _lost_indicators(
    normalised: Cells, left_out: Collection[str], columns: Columns, steps: Steps
) -> list[str]:
    """Return indicators of which nothing is left on the scale: goalposts may know none for them."""
    empty = np.asarray(np.isnan(normalised).all(axis=0))
    lost = [leaf for leaf in compress(columns.names, empty) if leaf not in left_out]
    for leaf in lost:
        steps.note(leaf, "left out: no unit has a value after normalisation", warning=True)
    return lost


def _thin_indicators(raw: Cells, columns: Columns, steps: Steps) -> list[str]:
    """Return the indicators measured for nobody or too few; they get weight 0 and a note."""
    minimum = steps.recipe.minimum_cover
    cover = (~np.isnan(raw)).mean(axis=0)
    thin = []
    for place in np.flatnonzero((cover == 0) | (cover < minimum)):
        leaf, share = columns.names[place], cover[place]
        thin.append(leaf)
        reason = (
            f"measured for {share:.0%} of the units, less than {minimum:.0%}"
            if share
            else "not measured for any unit"
        )
        steps.note(leaf, f"left out: {reason}", warning=True)
    return thin


def _treat(values: Cells, columns: Columns, steps: Steps) -> tuple[Cells, ...]:
    """Return the matrix after each treatment: the n-th of every indicator's own, side by side."""
    recipe = steps.recipe
    chains = [recipe.indicators.get(name, recipe.treatment) for name in columns.names]
    results = []
    for turn in range(max(map(len, chains))):
        # Not by hash: a step's options are a mapping.
        turns = [chain[turn] if turn < len(chain) else None for chain in chains]
        different = [step for n, step in enumerate(turns) if step not in turns[:n]]
        for step in filter(None, different):
            chosen = np.array([own == step for own in turns])
            values = _treat_some(values, step, chosen, columns, steps)
        results.append(values)
    return tuple(results)


def _treat_some(
    values: Cells, step: Step, chosen: NDArray[np.bool_], columns: Columns, steps: Steps
) -> Cells:
    if chosen.all():
        return _change("treatment", step, values, columns, steps)
    part = np.ascontiguousarray(values[:, chosen])
    changed = values.copy()
    changed[:, chosen] = _change("treatment", step, part, columns.only(chosen), steps)
    return changed


def _change(kind: MethodKind, step: Step, values: Cells, columns: Columns, steps: Steps) -> Cells:
    changed = steps.run(kind, step, values, columns, where=kind)
    if getattr(changed, "shape", None) != values.shape:
        raise ScoreError(f"{kind} {step.method!r} must keep the matrix's units and indicators")
    return changed


def _note_changes(before: Cells, after: Cells, word: str, columns: Columns, steps: Steps) -> None:
    if after is before:
        return
    changed = ((after != before) & ~(np.isnan(after) & np.isnan(before))).sum(axis=0)
    for place in np.flatnonzero(changed):
        steps.note(columns.names[place], f"{changed[place]} of {len(before)} cells {word}")


def _note_constants(values: Cells, columns: Columns, steps: Steps) -> None:
    gaps = np.isnan(values)
    top = np.where(gaps, -np.inf, values).max(axis=0)
    bottom = np.where(gaps, np.inf, values).min(axis=0)
    for place in np.flatnonzero(top == bottom):
        steps.note(columns.names[place], "constant: it tells no unit from another")
