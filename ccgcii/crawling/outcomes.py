"""What became of a request: one value for all that its response gave, stored in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccgcii.crawling.archive import RawResponse
    from ccgcii.crawling.sources import Page
    from ccgcii.documents import Record


@dataclass(slots=True, eq=False)
class Lease:
    """A request that is in flight: its row, and the response as received once it is there.

    One that `polls` asks for a listing: `asked` if it was sent with conditions; of the requests
    `named` in it, `added` were new and `dropped` found no room.
    """

    row: int
    slice_id: int
    fingerprint: bytes
    url: str
    host: str
    payload: str
    priority: int
    depth: int
    turn: int
    attempts: int
    polls: bool = False
    asked: bool = False
    named: int = 0
    added: int = 0
    dropped: int = 0
    raw: RawResponse | None = None
    # What it spends of which bucket of an API.
    spends: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to be queued."""

    fingerprint: bytes
    url: str
    host: str
    payload: str
    priority: int
    depth: int
    polls: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a listing answered: what to send back the next time, and the hash of its body.

    `unchanged` says how it was known that nothing is new: by "HTTP 304" or by the same "body".
    """

    etag: str | None = None
    last_modified: str | None = None
    body: bytes | None = None
    unchanged: str | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a leased request.

    `state` is done, failed, or queued again (not before `not_before`, seconds since 1970);
    `error` is why it failed, or what was amiss though it is done. A request that was put off
    (`put_off`) has not been tried in vain; one that was not even `sent` has cost nothing.
    `spent` is what the answer cost beyond what its lease spends, `seen` the ids it named,
    `reading` how it answered if it was a listing; `renews` says that its records take the place of
    those that are kept.
    """

    lease: Lease
    state: str = "done"
    status: int | None = None
    error: str | None = None
    not_before: int = 0
    page: Page | None = None
    records: list[Record] = field(default_factory=list)
    requests: list[NewRequest] = field(default_factory=list)
    sent: bool = True
    put_off: bool = False
    spent: dict[str, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    reading: Reading | None = None
    renews: bool = False


@dataclass(slots=True)
class Counts:
    """How a source's crawl stands; `reasons` counts why requests failed or were amiss.

    `slices_deferred` wait until `resumes_at` (seconds since 1970) or the next crawl; `stopped` is
    why the source stopped itself, `budget` which limit it has spent with work left; `overlap`
    compares the rounds of a repeated search. Of the `listings` that were read, `not_modified`
    answered so and `same_body` gave the bytes of the last time; `listings_resting` are not due
    before `listings_due_at` and were left alone.
    """

    source: str
    slices: int = 0
    slices_done: int = 0
    slices_failed: int = 0
    slices_deferred: int = 0
    requests: int = 0
    queued: int = 0
    captures: int = 0
    failed: int = 0
    notes: int = 0
    retried: int = 0
    dropped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    resumes_at: float | None = None
    stopped: str | None = None
    budget: str | None = None
    overlap: dict[str, Any] | None = None
    listings: int = 0
    not_modified: int = 0
    same_body: int = 0
    listings_resting: int = 0
    listings_due_at: int | None = None

    def count_reason(self, reason: str) -> None:
        """Count a reason once more."""
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def top_reasons(self, number: int = 5) -> list[tuple[str, int]]:
        """Return the most frequent reasons with their counts."""
        ordered = sorted(self.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        return ordered[:number]
