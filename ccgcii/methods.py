"""Methods: the steps of scoring, each looked up by kind and name in a recipe."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import TYPE_CHECKING, Any, Literal

from ccgcii.errors import RecipeError, ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Cells = NDArray[np.float64]

MethodKind = Literal["imputation", "treatment", "normalisation", "weighting", "aggregation"]
KINDS: tuple[MethodKind, ...] = (
    "imputation",
    "treatment",
    "normalisation",
    "weighting",
    "aggregation",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A method by name, with the options that differ from its defaults."""

    method: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def read(cls, data: object, where: str) -> Step:
        """Read `"minmax"` or `{method = "minmax", upper = 1}`."""
        if isinstance(data, Step):
            return data
        if isinstance(data, str):
            return cls(data)
        if isinstance(data, dict) and isinstance(data.get("method"), str):
            return cls(data["method"], {key: data[key] for key in data if key != "method"})
        raise RecipeError(
            f"{where}: give the name of a method, or a table with `method` and its options, "
            f"not {data!r}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        options = {
            key: value.to_dict() if isinstance(value, Step) else value
            for key, value in self.options.items()
        }
        return {"method": self.method, **options}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a method is given, what the tree says of them, and a place for remarks.

    `directions` are +1 or -1 (-1: less is better), `treatments` the classes of the tree, `given`
    the tree's weights (NaN where it gives none): one entry a column. `units` is a table over the
    units: the matrix's other columns, such as groups (None: there are none). `weigh` runs another
    weighting by its step.
    """

    names: tuple[str, ...]
    directions: tuple[int, ...]
    treatments: tuple[str, ...]
    given: tuple[float, ...]
    units: pd.DataFrame | None
    weigh: Callable[[Step, Cells, Columns], Cells]
    remarks: list[tuple[str, bool]] = field(default_factory=list)
    stages: dict[str, Cells] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *names: str,
        directions: Sequence[int] = (),
        treatments: Sequence[str] = (),
        given: Sequence[float] = (),
        units: pd.DataFrame | None = None,
    ) -> Columns:
        """Return columns to try a method on: larger is better, no class, no weight given."""
        return cls(
            names,
            tuple(directions) or (1,) * len(names),
            tuple(treatments) or ("",) * len(names),
            tuple(given) or (math.nan,) * len(names),
            units,
            _weigh_nothing,
        )

    def note(self, text: str) -> None:
        """Leave a sentence that the reader of the result should know."""
        self.remarks.append((text, False))

    def warn(self, text: str) -> None:
        """Leave a sentence that may change how the result is read."""
        self.remarks.append((text, True))

    def keep(self, stage: str, weights: Cells) -> None:
        """Keep weights on their way to the final ones, for the audit."""
        self.stages[stage] = weights

    def only(self, chosen: Iterable[Any]) -> Columns:
        """Return some of the columns; remarks go to the same place."""
        marks = list(chosen)
        return replace(
            self,
            names=tuple(compress(self.names, marks)),
            directions=tuple(compress(self.directions, marks)),
            treatments=tuple(compress(self.treatments, marks)),
            given=tuple(compress(self.given, marks)),
            stages={},
        )

    def called(self, chosen: Iterable[Any]) -> str:
        """Return the names of some of the columns as text."""
        return ", ".join(compress(self.names, chosen))


@dataclass(frozen=True, slots=True)
class Method:
    """A named step of scoring.

    Numbers come and go as arrays of float64, units x columns, NaN where nothing was measured:
    `apply` never changes what it is given, and says with `ScoreError` what it cannot take. What it
    takes and returns depends on `kind`; options are keyword arguments with defaults, a recipe sets
    them and an unknown one is an error:

    - imputation, treatment, normalisation: `apply(values, columns, **options) -> values` of the
      same shape. A normalisation returns direction-aligned columns, larger is better.
    - weighting: `apply(values, columns, **options) -> weights`, one a column, non-negative, sum 1.
    - aggregation: `apply(values, columns, weights, **options) -> scores`, one a unit.

    `columns` is a `Columns`: names, directions, treatment classes, given weights, groups; and
    where remarks go. An option whose default is a `Step` names another method of the same kind.
    """

    kind: MethodKind
    name: str
    apply: Callable[..., Any]

    @property
    def definition(self) -> str:
        """The published definition: the docstring of `apply`."""
        return " ".join((self.apply.__doc__ or "").split())


def _weigh_nothing(step: Step, _values: Cells, _columns: Columns) -> Cells:
    """Stand in for `Columns.weigh` where no other weighting is at hand."""
    raise ScoreError(f"weighting {step.method!r} cannot be looked up here: score by a recipe")
