"""The results of the newest score as one piece of plain data: what every report is made from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ccgcii.reporting.coverage import read_coverage
from ccgcii.reporting.funnels import read_funnel
from ccgcii.reporting.rankings import read_ranking
from ccgcii.reporting.runs import find_latest_score

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ccgcii.cities import Study


def read_results(engine: Engine, study: Study) -> dict[str, Any]:
    """Return `run`, `ranking`, `funnel` and `coverage`.

    Before the first score `run` is None, the ranking is empty, and the coverage is the study's.
    """
    with engine.connect() as store:
        run = find_latest_score(store)
        since, until = study.since, study.until
        if run is not None:
            since, until = run.arguments["since"], run.arguments["until"]
        days = (date.fromisoformat(since), date.fromisoformat(until))
        return {
            "run": None if run is None else run.to_dict(),
            "ranking": [] if run is None else read_ranking(store, run),
            "funnel": read_funnel(store),
            "coverage": read_coverage(store, *days),
        }
