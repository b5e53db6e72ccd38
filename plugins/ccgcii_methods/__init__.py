"""The built-in steps of scoring: each function's docstring is its published definition.

In the order of the method: imputations; treatments, powers (Box-Cox); normalisations, yardsticks
(reference, goalposts); weightings, entropy, blending, expertise (AHP, budgets); aggregations,
comparisons (Copeland, TOPSIS). They are found by (kind, name) in a recipe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from types import ModuleType

    from ccgcii import Method


@hookimpl
def ccgcii_methods() -> list[Method]:
    """Give every built-in method."""
    # Here, not above: loading the plugin for a crawl must not load pandas.
    from ccgcii_methods import (  # noqa: PLC0415
        aggregations,
        blending,
        comparisons,
        entropy,
        expertise,
        imputations,
        normalisations,
        powers,
        treatments,
        weightings,
        yardsticks,
    )

    modules: tuple[ModuleType, ...] = (
        imputations,
        treatments,
        powers,
        normalisations,
        yardsticks,
        weightings,
        entropy,
        blending,
        expertise,
        aggregations,
        comparisons,
    )
    return [method for module in modules for method in module.METHODS]
