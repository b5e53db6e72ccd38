"""What the source of an API tells the engine, as plain values: troubles, quotas, terms, prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccgcii.documents import Record
    from ccgcii.planning.slices import Slice


# The key of a request's `meta` under which stands what it spends of which bucket.
SPENDS = "ccgcii_spends"


@dataclass(frozen=True, slots=True)
class Retry:
    """Send this request again after `after` seconds.

    None is what the answer's Retry-After says, and where it says nothing a wait that grows.
    """

    after: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Send this request again when the API said (seconds since 1970); it counts as no failure.

    The buckets that the request spends count as empty until then. A wait that is longer than the
    source's `patience` ends the crawl; the same command goes on when the time has come.
    """

    until: float
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave this one thing out: it is not there, or not for us."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The request itself is refused and would be again: it fails, and its slice with it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Abort:
    """Stop this source now: nothing would work (a key that is wrong); all its work stays queued."""

    reason: str


Trouble = Retry | Defer | Skip | Fault | Abort


class ApiTroubleError(Exception):
    """A `Trouble` on its way from a callback to the engine."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.reason)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Spend:
    """So many units of a bucket are used up."""

    bucket: str
    units: int = 1


@dataclass(frozen=True, slots=True)
class Sighting:
    """A slice's search named these pieces (the platform's ids), known already or not."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """A record that was asked for again: it takes the place of the one that is kept."""

    record: Record


@dataclass(frozen=True, slots=True)
class Quota:
    """A bucket of `limit` units that fills again at midnight of `zone`, daily or monthly.

    With a `span` of more than one, so many days up to today share the limit: a rolling week.
    """

    bucket: str
    limit: int
    zone: str = "UTC"
    period: Literal["day", "month"] = "day"
    span: int = 1

    def day(self, now: float) -> str:
        """Return the API's own day (2026-11-23) or month (2026-11) at a moment."""
        return self._name(self._start(now))

    def window(self, now: float) -> tuple[str, ...]:
        """Return the days whose use counts at a moment: today's (or this month's), and before."""
        # By the calendar: the days on which clocks change have no 86,400 seconds.
        days = (self._start(now) - timedelta(days=before) for before in range(self.span))
        return tuple(self._name(day) for day in days)

    def resets_at(self, now: float) -> float:
        """Return when the bucket's next day or month begins (seconds since 1970)."""
        start = self._start(now)
        if self.period == "day":
            following = start + timedelta(days=1)
        else:
            following = (start + timedelta(days=31)).replace(day=1)
        return datetime.combine(following, time.min, ZoneInfo(self.zone)).timestamp()

    def _name(self, day: date) -> str:
        return day.isoformat()[: 10 if self.period == "day" else 7]

    def _start(self, now: float) -> date:
        today = datetime.fromtimestamp(now, ZoneInfo(self.zone)).date()
        return today if self.period == "day" else today.replace(day=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms rows are held.

    `keep_days` is how long they may be (None: no limit). If figures may not be derived from them
    (`may_derive`), scores leave them out unless `[sources.NAME] may_derive_metrics` gives leave.
    """

    name: str
    version: str
    keep_days: int | None = None
    may_derive: bool = True

    def label(self) -> str:
        """Return the terms as rows name them."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan would take at most; None is unknown, and of `dollars` that nothing is charged."""

    requests: int | None
    days: float | None = None
    dollars: float | None = None
    notes: tuple[str, ...] = ()


def plain_estimate(slices: Iterable[Slice]) -> Estimate:
    """Return the sum of what slices may send, unknown if it is of one of them."""
    known = [piece.requests_estimated for piece in slices]
    return Estimate(None if None in known else sum(number or 0 for number in known))


def days_for(units: Mapping[str, int], quotas: Mapping[str, Quota]) -> int:
    """Return on how many days so many units of each bucket can be spent, 0 for nothing."""
    return max((-(-number // quotas[name].limit) for name, number in units.items()), default=0)
