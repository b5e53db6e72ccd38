"""Steps: a recipe's words turned into calls of methods, checked before anything is computed."""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ccgcii.errors import CcgciiError, RecipeError, ScoreError, suggest
from ccgcii.scoring.rankings import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ccgcii.methods import Method
    from ccgcii.scoring.recipes import Recipe, Step

# What the engine hands to the methods that ask for it by name; a recipe cannot set these.
OFFERED = ("units", "given")


class Steps:
    """The methods of one scoring and the notes they leave."""

    def __init__(self, recipe: Recipe, methods: Mapping[tuple[str, str], Method]) -> None:
        self.recipe = recipe
        self.notes: list[Note] = []
        self._methods = methods
        for kind, step in _all_steps(recipe):
            _check_options(recipe.name, step, self._find(recipe.name, kind, step))

    def run(self, kind: str, step: Step, *arguments: Any, where: str, **offered: Any) -> Any:
        """Apply a step; its notes are kept under `where`, its failure names it."""
        method = self._methods[kind, step.method]
        wanted = {key: offered[key] for key in offered if key in _parameters(method.apply)}
        try:
            result = method.apply(*arguments, **step.options, **wanted)
        except CcgciiError as error:
            raise type(error)(f"{where}: {error}") from error
        except Exception as error:
            raise ScoreError(
                f"{where}: {kind} {step.method!r} failed with options {dict(step.options)}: "
                f"{type(error).__name__}: {error}"
            ) from error
        self._keep_notes(where, getattr(result, "attrs", {}))
        return result

    def note(self, where: str, text: str, *, warning: bool = False) -> None:
        """Keep a note of the engine's own."""
        self.notes.append(Note(where, text, warning))

    def _keep_notes(self, where: str, said: Mapping[Any, Any]) -> None:
        notes = [Note(where, text) for text in said.get("notes", ())]
        notes += [Note(where, text, warning=True) for text in said.get("warnings", ())]
        # pandas hands `attrs` on to derived tables: what an earlier step said is not said again.
        self.notes += [note for note in notes if note not in self.notes]

    def _find(self, recipe: str, kind: str, step: Step) -> Method:
        method = self._methods.get((kind, step.method))
        if method is None:
            names = [name for known, name in self._methods if known == kind]
            raise RecipeError(
                f"recipe {recipe!r}: unknown {kind} {step.method!r}{suggest(step.method, names)}"
            )
        return method


def _all_steps(recipe: Recipe) -> Iterator[tuple[str, Step]]:
    yield "imputation", recipe.imputation
    for step in recipe.treatment:
        yield "treatment", step
    yield "normalisation", recipe.normalisation
    yield "weighting", recipe.weighting
    yield "aggregation", recipe.aggregation
    for rule in (*recipe.levels.values(), *recipe.nodes.values()):
        if rule.weighting is not None:
            yield "weighting", rule.weighting
        if rule.aggregation is not None:
            yield "aggregation", rule.aggregation


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


def _check_options(recipe: str, step: Step, method: Method) -> None:
    options = {
        name: parameter.default
        for name, parameter in _parameters(method.apply).items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name not in OFFERED
    }
    for name, value in step.options.items():
        what = f"recipe {recipe!r}: {method.kind} {method.name!r}"
        if name not in options:
            hint = suggest(name, options) or "; it has no options"
            raise RecipeError(f"{what}: unknown option {name!r}{hint}")
        if not _fits(value, options[name]):
            raise RecipeError(f"{what}: {name}={value!r} is not like its default {options[name]!r}")


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, tuple | list):
        return isinstance(value, tuple | list)
    return not isinstance(default, str) or isinstance(value, str)
