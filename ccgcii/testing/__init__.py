"""The testing kit, part of the product: a loopback server, a synthetic world, conformance suites.

Names load when they are first asked for, so a plugin's tests pay only for what they use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccgcii.testing.loopback import Answer, Ask, LoopbackServer, Reply
    from ccgcii.testing.orders import compare_orders
    from ccgcii.testing.postgres import PostgresServer
    from ccgcii.testing.sourcesuite import SourceSuite
    from ccgcii.testing.suites import FilterSuite, IndicatorSuite, ReaderSuite
    from ccgcii.testing.world import ServedWorld, World

_HOMES = {
    "ccgcii.testing.loopback": ("Answer", "Ask", "LoopbackServer", "Reply"),
    "ccgcii.testing.orders": ("compare_orders",),
    "ccgcii.testing.postgres": ("PostgresServer",),
    "ccgcii.testing.sourcesuite": ("SourceSuite",),
    "ccgcii.testing.suites": ("FilterSuite", "IndicatorSuite", "ReaderSuite"),
    "ccgcii.testing.world": ("ServedWorld", "World"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Ask",
    "FilterSuite",
    "IndicatorSuite",
    "LoopbackServer",
    "PostgresServer",
    "ReaderSuite",
    "Reply",
    "ServedWorld",
    "SourceSuite",
    "World",
    "compare_orders",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first asked for."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'ccgcii.testing' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
