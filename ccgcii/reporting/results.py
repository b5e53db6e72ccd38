"""The results of the newest score as one piece of plain data: what every report is made from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ccgcii.findings.scopes import make_scope
from ccgcii.findings.studies import find
from ccgcii.leave import restricted_sources
from ccgcii.measuring.loading import make_window, open_corpus
from ccgcii.reporting.corpora import left_out_of
from ccgcii.reporting.coverage import read_coverage
from ccgcii.reporting.funnels import read_funnel
from ccgcii.reporting.profiles import read_profiles
from ccgcii.reporting.rankings import read_ranking, read_ranks
from ccgcii.reporting.runs import find_latest_score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from ccgcii.cities import Study
    from ccgcii.reporting.runs import ScoreRun

NO_PROFILES: dict[str, Any] = {"recipes": [], "cities": [], "agreement": []}


def read_results(engine: Engine, study: Study, *, findings: bool = False) -> dict[str, Any]:
    """Return `run`, `ranking`, `profiles`, `adjustments`, `funnel`, `coverage` and `terms`.

    `terms` says of each source whose terms restrict metrics whether its documents are measured.
    Before the first score `run` is None, the ranking is empty, and the coverage is the study's.
    With `findings` also those of the documents that the score was made from.
    """
    with engine.connect() as store:
        run = find_latest_score(store)
        since, until = study.since, study.until
        if run is not None:
            since, until = run.arguments["since"], run.arguments["until"]
        days = (date.fromisoformat(since), date.fromisoformat(until))
        found = {
            "run": None if run is None else run.to_dict(),
            "ranking": [] if run is None else read_ranking(store, run),
            "profiles": NO_PROFILES if run is None else read_profiles(store, run),
            "adjustments": None if run is None else run.summary.get("adjustments"),
            "funnel": read_funnel(store),
            "coverage": read_coverage(store, *days),
            "terms": [source.sentence() for source in restricted_sources(engine)],
        }
    return found | ({"findings": _findings_of(engine, study, run)} if findings else {})


def read_findings(
    engine: Engine,
    study: Study,
    *,
    since: date | None = None,
    until: date | None = None,
    without_topics: Iterable[str] = (),
    without_events: Iterable[str] = (),
) -> dict[str, Any]:
    """Read the documents of a window (default: the study's) and return its findings.

    The index is compared with GDP only where nothing is left out: it was computed with every
    document, beside a part of them it would mislead.
    """
    days = make_window(study, since, until)
    corpus = open_corpus(engine, study, since=days.since, until=days.until)
    topics, events = tuple(without_topics), tuple(without_events)
    scope = make_scope(corpus, days.since, days.until, without_topics=topics, without_events=events)
    with engine.connect() as store:
        ranks = None if topics or events else read_ranks(store)
    return find(scope, study.cities, ranks)


def _findings_of(engine: Engine, study: Study, run: ScoreRun | None) -> dict[str, Any]:
    """Return the findings of a run's documents, without what it left out; of the study's if None.

    What it left out and no document speaks of is not asked for again: it would be refused.
    """
    if run is None:
        return read_findings(engine, study)
    since, until = (date.fromisoformat(run.arguments[name]) for name in ("since", "until"))
    corpus, own = open_corpus(engine, study, since=since, until=until), left_out_of(run.arguments)
    topics = {*corpus.city_topic["topic"].astype(str)}
    events = {*corpus.events.index, *corpus.events["category"]}
    scope = make_scope(
        corpus,
        since,
        until,
        without_topics=[topic for topic in own.topics if topic in topics],
        without_events=[event for event in own.events if event in events],
    )
    with engine.connect() as store:
        return find(scope, study.cities, read_ranks(store))
