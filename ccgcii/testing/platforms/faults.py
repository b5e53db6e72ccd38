"""Failures that a fake platform can be told to show, once or a few times, now or later."""

from __future__ import annotations

from collections import deque
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
    """The failures still to be shown, in the order in which they were asked for."""

    def __init__(self, kinds: Collection[str]) -> None:
        """Know these kinds of failure."""
        self._kinds = frozenset(kinds)
        self._orders: deque[_Order] = deque()

    def add(self, kind: str, times: int = 1, after: int = 0) -> None:
        """Show a failure `times` times, once `after` requests have been answered well."""
        if kind not in self._kinds:
            raise ValueError(f"no failure {kind!r}{suggest(kind, self._kinds)}")
        self._orders.append(_Order(kind, times, after))

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return sum(order.times for order in self._orders)

    def next(self) -> str | None:
        """Return the failure that the request at hand gets, None for a good answer."""
        if not self._orders:
            return None
        order = self._orders[0]
        if order.after > 0:
            order.after -= 1
            return None
        order.times -= 1
        if order.times <= 0:
            self._orders.popleft()
        return order.kind
