"""What a crawl's summary says in words: what was repeated, what stopped, what waits until when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.crawling.outcomes import Counts


def how_it_stands(counts: Counts) -> Iterator[str]:
    """Say how rounds of a search agree, why a source stopped itself, or when it goes on."""
    overlap = counts.overlap
    if overlap is not None and overlap["mean"] is not None:
        yield (
            f"{overlap['questions']:,} questions asked in rounds named {overlap['seen']:,} pieces, "
            f"{overlap['every_round']:,} of them in every round; overlap of a round with the one "
            f"before (Jaccard): mean {overlap['mean']:.2f}, lowest {overlap['lowest']:.2f}"
        )
    if counts.stopped is not None:
        yield f"stopped: {counts.stopped}"
    elif counts.resumes_at is not None:
        moment = datetime.fromtimestamp(counts.resumes_at, UTC)
        yield (
            f"{counts.slices_deferred:,} slices wait; run the same command "
            f"from {moment:%Y-%m-%d %H:%M} UTC on"
        )
