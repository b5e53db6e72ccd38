"""What a crawl's summary says in words: what was repeated, what stopped, what waits until when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

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
            f"{counts.listings_resting:,} feeds, sitemaps and sections are not due yet (the first "
            f"{when}) and were left alone; --now reads them all the same"
        )
    overlap = counts.overlap
    if overlap is not None and overlap["mean"] is not None:
        yield (
            f"{overlap['questions']:,} questions asked in rounds named {overlap['seen']:,} pieces, "
            f"{overlap['every_round']:,} of them in every round; overlap of a round with the one "
            f"before (Jaccard): mean {overlap['mean']:.2f}, lowest {overlap['lowest']:.2f}"
        )
    if counts.stopped is not None:
        yield f"stopped: {counts.stopped}"
    elif counts.budget is not None:
        yield f"{counts.budget}; {counts.queued:,} requests wait, the same command goes on"
    elif counts.resumes_at is not None:
        yield (
            f"{counts.slices_deferred:,} slices wait; run the same command "
            f"from {_moment(counts.resumes_at)} on"
        )


def _moment(seconds: float | None) -> str:
    return f"{datetime.fromtimestamp(seconds or 0, UTC):%Y-%m-%d %H:%M} UTC"
