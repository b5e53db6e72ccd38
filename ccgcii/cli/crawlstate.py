"""What a crawl's summary says in words: what was repeated, what stopped, what waits until when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.crawling.outcomes import Counts


def how_it_stands(counts: Counts) -> Iterator[str]:
    """Say what had not changed, how rounds agree, why a source stopped, or when it goes on."""
    if counts.not_modified or counts.same_body:
        yield (
            f"of {counts.listings:,} feeds, sitemaps and sections read, "
            f"{counts.not_modified + counts.same_body:,} had not changed "
            f"({counts.not_modified:,} answered HTTP 304, {counts.same_body:,} gave the same bytes)"
        )
    if counts.listings_resting:
        when = _moment(counts.listings_due_at)
        yield (
            f"feeds, sitemaps and sections not due yet and left alone: {counts.listings_resting:,} "
            f"(the first is due {when}); --now reads them all the same"
        )
    overlap = counts.overlap
    if overlap is not None and overlap["mean"] is not None:
        yield (
            f"{counted(overlap['questions'], 'question')} asked in rounds named "
            f"{counted(overlap['seen'], 'piece')}, "
            f"{overlap['every_round']:,} of them in every round; overlap of a round with the one "
            f"before (Jaccard): mean {overlap['mean']:.2f}, lowest {overlap['lowest']:.2f}"
        )
    if counts.stopped is not None:
        yield f"stopped: {counts.stopped}"
    elif counts.budget is not None:
        waiting = counted(counts.queued, "request", "wait")
        yield f"{counts.budget}; {waiting}, the same command goes on"
    elif counts.resumes_at is not None:
        yield (
            f"{counted(counts.slices_deferred, 'slice', 'wait')}; run the same command "
            f"from {_moment(counts.resumes_at)} on"
        )


def _moment(seconds: float | None) -> str:
    return f"{datetime.fromtimestamp(seconds or 0, UTC):%Y-%m-%d %H:%M} UTC"
