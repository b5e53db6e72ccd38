"""The sixty indicators: four dimensions, one module each, fifteen functions in a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import Indicator, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ccgcii_indicators() -> Iterable[Indicator]:
    """Give every indicator of the four modules."""
    # Late, so that a command that needs no indicator does not load pandas.
    from ccgcii_indicators import breadth, dynamism, penetration, responsiveness  # noqa: PLC0415

    modules = (penetration, breadth, dynamism, responsiveness)
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, Indicator)
    ]
