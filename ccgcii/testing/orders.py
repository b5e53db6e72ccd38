"""How near two rankings are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.errors import ScoreError

if TYPE_CHECKING:
    from collections.abc import Sequence


def compare_orders(found: Sequence[str], planted: Sequence[str]) -> float:
    """Return Kendall's tau-b of two orders of the same things: 1 the same, -1 the reverse.

    What one of them leaves out is taken as tied behind all that it has. Raises `ScoreError` for
    fewer than two things, or if they have none in common.
    """
    from scipy.stats import kendalltau  # noqa: PLC0415 - takes half a second to import

    things = sorted({*found, *planted})
    if len(things) < 2 or not {*found} & {*planted}:
        raise ScoreError("two orders of the same things are needed; these have nothing in common")
    ranks = [
        [place.get(thing, len(place)) for thing in things]
        for place in (
            {thing: rank for rank, thing in enumerate(order)} for order in (found, planted)
        )
    ]
    return float(kendalltau(*ranks).statistic)
