"""How each feed, sitemap and section fares over the crawls that read it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.conduct.reasons import kind_of
from ccgcii.wording import counted

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ccgcii.workspace import Workspace

FORTNIGHT = 14 * 86_400  # seconds without anything new
# A listing that has never named anything new is no surprise before it was read so often.
ENOUGH_READS = 3
_STANDING = """
SELECT s.name AS source, r.url, r.state, r.error, r.status, p.* FROM poll p
JOIN request r ON r.id = p.request_id JOIN source s ON s.id = r.source_id
ORDER BY p.failures DESC, s.name, r.url
"""


@dataclass(frozen=True, slots=True)
class ListingHealth:
    """How a listing fares; moments are in seconds since 1970, None is never or unknown.

    `verdict` is ok, stale (nothing new for a fortnight, or never), blocked, broken, unavailable or
    failing (for another reason). `interval` (seconds) is how often it is read; of what it `named`
    when it was last read whole, `fresh` was new; `unchanged` of its readings were not whole.
    `failures` is the weight of those in a row; from 4 on it `rests` until it is due.
    """

    source: str
    url: str
    verdict: str
    why: str
    last_new: int | None
    checked_at: int
    due_at: int
    interval: int
    reads: int
    unchanged: int
    named: int | None
    fresh: int | None
    failures: float

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def listing_health(workspace: Workspace) -> list[ListingHealth]:
    """Return how each listing that was ever read fares, those that fail first."""
    with workspace.engine.connect() as connection:
        return read_listings(connection)


def read_listings(connection: Connection) -> list[ListingHealth]:
    """Return how each listing in the store fares."""
    return [_judged(row) for row in connection.execute(text(_STANDING))]


def _judged(row: Any) -> ListingHealth:
    verdict, why = _verdict(row)
    return ListingHealth(
        source=row.source,
        url=row.url,
        verdict=verdict,
        why=why,
        last_new=row.fresh_at,
        checked_at=row.checked_at,
        due_at=row.due_at,
        interval=row.interval,
        reads=row.reads,
        unchanged=row.unchanged,
        named=row.named,
        fresh=row.fresh,
        failures=row.failures,
    )


def _verdict(row: Any) -> tuple[str, str]:
    if row.failures:
        reason = row.error or f"HTTP {row.status}"
        kind = kind_of(reason)
        return ("failing" if kind == "other" else kind), reason
    if row.fresh_at is None:
        often = row.reads + row.unchanged >= ENOUGH_READS
        return ("stale", "it has never named anything inside the window") if often else ("ok", "")
    if row.checked_at - row.fresh_at > FORTNIGHT:
        return (
            "stale",
            f"nothing new for {counted((row.checked_at - row.fresh_at) // 86_400, 'day')}",
        )
    return "ok", (row.state == "done" and row.error) or ""
