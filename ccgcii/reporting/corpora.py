"""The documents that a score was made from, read again for a report on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ccgcii.measuring.leftout import LeftOut
from ccgcii.measuring.loading import open_corpus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Engine

    from ccgcii.cities import Study
    from ccgcii.corpus import Corpus
    from ccgcii.reporting.runs import ScoreRun


def left_out_of(arguments: Mapping[str, Any]) -> LeftOut:
    """Return what a score was asked to leave out."""
    topics, events = (
        tuple(arguments.get(name, ())) for name in ("without_topics", "without_events")
    )
    return LeftOut(topics, events)


def corpus_of(
    engine: Engine,
    study: Study,
    run: ScoreRun,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Corpus:
    """Open the corpus of a run: its days unless others are asked for, without what it left out."""
    return open_corpus(
        engine,
        study,
        since=since or date.fromisoformat(run.arguments["since"]),
        until=until or date.fromisoformat(run.arguments["until"]),
        left_out=left_out_of(run.arguments),
    )
