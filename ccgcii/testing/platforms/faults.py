"""Failures that a fake platform can be told to show, once or a few times, now or later."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(slots=True)
class _Order:
    kind: str
    times: int
    after: int


class Faults:
    """The failures still to be shown, in the order asked for, and how often each was `shown`."""

    def __init__(self, kinds: Collection[str]) -> None:
        """Know these kinds of failure."""
        self._kinds = frozenset(kinds)
        self._orders: deque[_Order] = deque()
        self._later: deque[_Order] = deque()
        self.shown: Counter[str] = Counter()

    def add(self, kind: str, times: int = 1, after: int = 0, *, later: bool = False) -> None:
        """Show a failure `times` times, once `after` requests have been answered well.

        With `later` only requests for a later page of a listing count: of a first page nobody can
        say that it repeats, or that its cursor has expired.
        """
        if kind not in self._kinds:
            raise ValueError(f"no failure {kind!r}{suggest(kind, self._kinds)}")
        (self._later if later else self._orders).append(_Order(kind, times, after))

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return sum(order.times for order in (*self._orders, *self._later))

    def next(self, *, later: bool = False) -> str | None:
        """Return the failure that the request at hand gets, None for a good answer.

        `later` says that the request is for a later page of a listing.
        """
        orders = self._later if later and self._later else self._orders
        if not orders:
            return None
        order = orders[0]
        if order.after > 0:
            order.after -= 1
            return None
        order.times -= 1
        self.shown[order.kind] += 1
        if order.times <= 0:
            orders.popleft()
        return order.kind
