"""Python's garbage collector, asked less often where millions of small objects come and go.

Reference counts free what cleaning makes; the collector looks for cycles, of which it makes few. At
its own pace (every 700 new objects) the look takes a twelfth of the time of many short posts.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# New objects before the youngest are looked at, and such looks before the older ones are.
_RARELY = (100_000, 50, 50)


def collect_rarely() -> None:
    """Let this process look for cycles rarely, for good: a worker has no other work."""
    gc.set_threshold(*_RARELY)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for cycles rarely, and then as before; a process that never looks goes on so."""
    before = gc.get_threshold()
    if before[0]:
        collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
