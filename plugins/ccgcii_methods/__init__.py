"""The built-in steps of scoring: each function's docstring is its published definition.

Five modules, one a kind, in the order of the method: imputations, treatments, normalisations,
weightings, aggregations. They are found by (kind, name) in a recipe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from ccgcii import Method


@hookimpl
def ccgcii_methods() -> list[Method]:
    """Give every built-in method."""
    # Here, not above: loading the plugin for a crawl must not load pandas.
    from ccgcii_methods import (  # noqa: PLC0415
        aggregations,
        imputations,
        normalisations,
        treatments,
        weightings,
    )

    modules = (imputations, treatments, normalisations, weightings, aggregations)
    return [method for module in modules for method in module.METHODS]
