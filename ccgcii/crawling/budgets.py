"""The budget of one source and crawl: requests, bytes, minutes, failures in a row.

A source that has spent one ends in order: what is left stays queued, and the same command goes on
with a budget of its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ccgcii.config import CrawlSettings

MEGABYTE = 1_000_000
# After so many failures in a row, of whatever hosts, the fault is likely ours: no network at all.
FAILURES = 100


@dataclass(slots=True)
class Budget:
    """What a crawl of a source may spend (None: no limit), and what it has.

    `bytes` are those of bodies as they came over the wire; `failures` are those in a row.
    """

    max_requests: int | None = None
    max_minutes: float | None = None
    max_megabytes: float | None = None
    max_failures: int = FAILURES
    requests: int = 0
    bytes: int = 0
    failures: int = 0
    last_failure: str = ""
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, options: Any, crawl: CrawlSettings) -> Self:
        """Return the budget that `[sources.NAME]` sets, and `[crawl]` for what it leaves open."""
        return cls(
            limit_of("max_requests", options, crawl),
            limit_of("max_minutes", options, crawl),
            limit_of("max_megabytes", options, crawl),
            limit_of("max_failures", options, crawl) or FAILURES,
        )

    def failed(self, reason: str) -> None:
        """Count a failure."""
        self.failures += 1
        self.last_failure = reason

    def succeeded(self) -> None:
        """Note that something works."""
        self.failures = 0

    @property
    def broken(self) -> str | None:
        """Why the source is given up for now, None if it is not."""
        if self.failures < self.max_failures:
            return None
        return (
            f"it failed {self.failures} times in a row (max_failures; last: {self.last_failure}); "
            "run it again later"
        )

    @property
    def spent(self) -> str | None:
        """Which limit is used up, None if there is room."""
        minutes = (time.monotonic() - self.began) / 60
        limits = (
            (self.max_requests, self.requests, "max_requests = {} is used up"),
            (self.max_megabytes, self.bytes / MEGABYTE, "max_megabytes = {} are used up"),
            (self.max_minutes, minutes, "max_minutes = {} are over"),
        )
        for most, now, words in limits:
            if most is not None and now >= most:
                return words.format(f"{most:,g}")
        return None


def limit_of(name: str, options: Any, crawl: CrawlSettings, default: str = "") -> Any:
    """Return a limit: the source's own, else that of `[crawl]` (there called `default`)."""
    own = getattr(options, name, None)
    return getattr(crawl, default or name, None) if own is None else own
