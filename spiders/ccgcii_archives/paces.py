"""How long a search takes that may be asked only so often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Slice

DAY = 86_400  # seconds


def paced_estimate(slices: Iterable[Slice], pace: float) -> Estimate:
    """Return the most that slices may ask, at one request in `pace` seconds, and the least."""
    pieces = list(slices)
    most = sum(piece.requests_estimated or 1 for piece in pieces)
    least = f"{len(pieces):,} requests ({len(pieces) * pace / DAY:.1f} days)"
    note = f"{least} if no answer is full; one request in {pace:g} seconds"
    return Estimate(most, days=round(most * pace / DAY, 1), notes=(note,))
