"""Methods: the steps of scoring, each looked up by kind and name in a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

MethodKind = Literal["imputation", "treatment", "normalisation", "weighting", "aggregation"]
KINDS: tuple[MethodKind, ...] = (
    "imputation",
    "treatment",
    "normalisation",
    "weighting",
    "aggregation",
)


@dataclass(frozen=True, slots=True)
class Method:
    """A named step of scoring.

    What `apply` takes and returns depends on `kind`; options are keyword arguments with defaults,
    a recipe sets them and an unknown one is an error:

    - imputation, treatment, normalisation: `apply(matrix, indicators, **options) -> matrix`,
      units x indicators; `indicators` is a table with `direction` and `treatment` per column.
      A normalisation returns direction-aligned columns, larger is better.
    - weighting: `apply(matrix, **options) -> Series` over the columns, non-negative, sum 1.
    - aggregation: `apply(matrix, weights, **options) -> Series` over the units.

    A step on the matrix that has a keyword `units` gets the matrix's other columns by unit (such as
    groups); a weighting that has a keyword `given` gets the tree's weights of its columns. Recipes
    cannot set these. What a result should be known for goes to its `attrs`: lists of sentences
    under "notes" and "warnings".

    NaN goes in and may come out; a method that cannot take it says so with `ScoreError`.
    """

    kind: MethodKind
    name: str
    apply: Callable[..., Any]

    @property
    def definition(self) -> str:
        """The published definition: the docstring of `apply`."""
        return " ".join((self.apply.__doc__ or "").split())
