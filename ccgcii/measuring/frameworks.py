"""The framework of the index: index, dimensions, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.indicators import DIMENSIONS
from ccgcii.scoring import Node, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.indicators import Indicator

ROOT = "index"


def make_tree(indicators: Sequence[Indicator]) -> Tree:
    """Hang the indicators on their dimensions, and those on the index.

    The report's four dimensions come first; a plugin may bring others. Pillars group indicators
    for readers, they are not aggregated.
    """
    given = {indicator.dimension for indicator in indicators}
    dimensions = [*(name for name in DIMENSIONS if name in given), *sorted(given - {*DIMENSIONS})]
    nodes = [Node(ROOT, name=ROOT)]
    nodes += [Node(name, ROOT, name=name) for name in dimensions]
    leaves = [
        Node(
            indicator.id,
            indicator.dimension,
            indicator.direction,
            treatment=indicator.treatment,
            name=indicator.name,
        )
        for name in dimensions
        for indicator in indicators
        if indicator.dimension == name
    ]
    return Tree((*nodes, *leaves))
