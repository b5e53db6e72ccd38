"""Steps: a recipe's words turned into calls of methods, checked before anything is computed."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ccgcii.errors import CcgciiError, RecipeError, ScoreError, suggest
from ccgcii.methods import Step
from ccgcii.scoring.rankings import Note

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from ccgcii.methods import Columns, Method, MethodKind
    from ccgcii.scoring.recipes import Recipe

    Cells = NDArray[np.float64]


class Steps:
    """The methods of one scoring and the notes they leave."""

    def __init__(self, recipe: Recipe, methods: Mapping[tuple[str, str], Method]) -> None:
        self.recipe = recipe
        self.notes: list[Note] = []
        self._methods = methods
        for kind, step in recipe.steps():
            self._check(kind, step)

    def run(
        self,
        kind: MethodKind,
        step: Step,
        values: Cells,
        columns: Columns,
        *rest: Cells,
        where: str,
    ) -> Cells:
        """Apply a step; its remarks are kept under `where`, its failure names it."""
        try:
            result = self._apply(kind, step, values, columns, *rest)
        except CcgciiError as error:
            raise type(error)(f"{where}: {error}") from error
        except Exception as error:
            raise ScoreError(
                f"{where}: {kind} {step.method!r} failed with options {dict(step.options)}: "
                f"{type(error).__name__}: {error}"
            ) from error
        for text, warning in columns.remarks:
            self.note(where, text, warning=warning)
        columns.remarks.clear()
        return result

    def weigh(self, step: Step, values: Cells, columns: Columns) -> Cells:
        """Apply a weighting on behalf of another one."""
        return self._apply("weighting", step, values, columns)

    def note(self, where: str, text: str, *, warning: bool = False) -> None:
        """Keep a note, once."""
        note = Note(where, text, warning)
        if note not in self.notes:
            self.notes.append(note)

    def _apply(
        self, kind: MethodKind, step: Step, values: Cells, columns: Columns, *rest: Cells
    ) -> Cells:
        apply = self._methods[kind, step.method].apply
        defaults = _options_of(apply)
        options = {
            name: Step.read(value, name) if isinstance(defaults[name], Step) else value
            for name, value in step.options.items()
        }
        result: Cells = apply(values, columns, *rest, **options)
        return result

    def _check(self, kind: MethodKind, step: Step) -> None:
        """Refuse a method or an option that does not exist; follow steps within options."""
        method = self._methods.get((kind, step.method))
        recipe = f"recipe {self.recipe.name!r}"
        if method is None:
            names = [name for known, name in self._methods if known == kind]
            raise RecipeError(
                f"{recipe}: unknown {kind} {step.method!r}{suggest(step.method, names)}"
            )
        defaults = _options_of(method.apply)
        what = f"{recipe}: {kind} {method.name!r}"
        for name, value in step.options.items():
            if name not in defaults:
                hint = suggest(name, defaults) or "; it has no options"
                raise RecipeError(f"{what}: unknown option {name!r}{hint}")
            _require_finite(value, f"{what}: {name}")
            if isinstance(defaults[name], Step):
                self._check(kind, Step.read(value, f"{what}: {name}"))
            elif not _fits(value, defaults[name]):
                raise RecipeError(
                    f"{what}: {name}={value!r} is not like its default {defaults[name]!r}"
                )


@lru_cache(maxsize=256)
def _options_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the keyword arguments of a method with their defaults."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}


def _require_finite(value: object, where: str) -> None:
    """Refuse what would make a score of every cell that is no number (TOML has nan and inf)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise RecipeError(f"{where}={value} is not a finite number")
    for inner in value.values() if isinstance(value, Mapping) else ():
        _require_finite(inner, where)
    for inner in value if isinstance(value, list | tuple) else ():
        _require_finite(inner, where)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, tuple | list):
        return isinstance(value, tuple | list)
    if isinstance(default, Mapping):
        return isinstance(value, Mapping)
    return not isinstance(default, str) or isinstance(value, str)
