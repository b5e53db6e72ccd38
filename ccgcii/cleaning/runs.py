"""`ccgcii clean`: every capture that is not judged yet goes through the five layers."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.cleaning.checks import check_archive
from ccgcii.cleaning.copies.sets import judge_sets
from ccgcii.cleaning.copies.waiting import pending, repeat_from, waiting_work
from ccgcii.cleaning.digests import layer_digests
from ccgcii.cleaning.enriching.topiclist import forget_topics, list_topics
from ccgcii.cleaning.enriching.topics import topic_powers
from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.reviewing.funnels import FunnelRow, funnel_of
from ccgcii.cleaning.rows import Rows
from ccgcii.cleaning.staleness import StaleLayer, stale_layers
from ccgcii.cleaning.storing import OutcomeStore
from ccgcii.cleaning.work import CleanerPlan
from ccgcii.cleaning.workers import FEW, clean_here, clean_in_crew
from ccgcii.collecting import collecting_rarely
from ccgcii.errors import CleaningError
from ccgcii.execution import Crews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from ccgcii.workspace import Workspace

# Captures written to the store at once, or what came in this many seconds.
WRITTEN_AT_ONCE = 1_920
WRITTEN_AFTER = 3.0


@dataclass(slots=True)
class CleanSummary:
    """A finished cleaning: `captures` judged now, and the funnel of the whole store.

    `kept` counts pieces, `stories` copies of one piece once (None: no filter compares them).
    `problems` are the filters that raised: how often, and the first reason. `stale` are the layers
    that judged a part of the store when their filters were others.
    """

    captures: int = 0
    kept: int = 0
    stories: int | None = None
    seconds: float = 0.0
    interrupted: bool = False
    funnel: tuple[FunnelRow, ...] = ()
    problems: dict[str, tuple[int, str]] = field(default_factory=dict)
    stale: tuple[StaleLayer, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "captures": self.captures,
            "kept": self.kept,
            "stories": self.stories,
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
            "funnel": [row.to_json() for row in self.funnel],
            "problems": {
                name: {"times": times, "first": first}
                for name, (times, first) in self.problems.items()
            },
            "stale": [layer.to_json() for layer in self.stale],
        }


@collecting_rarely()
def clean(
    workspace: Workspace,
    *,
    again: bool = False,
    since: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CleanSummary:
    """Judge every capture that is not judged yet; `again` judges all, from the archive.

    `since` (2-5) repeats the layers from that one on for everything that came to it, on the
    documents in the store: pages are not extracted again. `progress` hears (done, of how many).
    After Ctrl-C everything finished is kept, and the next call goes on. Raises `CleaningError`,
    before anything is judged, if pages are to be read from an archive that cannot be.
    """
    started = time.monotonic()
    if since is not None and since not in (1, 2, 3, 4, 5):
        raise CleaningError(f"there is no layer {since}; they are 1 to 5")
    again = again or since == 1
    first = 1 if again else since
    check_archive(workspace, first)
    crews = Crews.of(workspace)
    if not crews.is_single and pending(workspace.engine, first) > FEW:
        crews.prepare()
    plan = plan_of(workspace)
    # Built here once: a wrong option is refused before anything has to be judged again, and so is a
    # cluster that is not there.
    pipeline = Pipeline.build(plan.study, workspace.plugins, plan.options)
    digests = layer_digests(pipeline.filters, plan.events)
    crews.check()
    run_id = workspace.start_run("clean", {"again": again, "from": first, "layers": digests})
    if first is not None:
        repeat_from(workspace.engine, first)
    summary = CleanSummary()
    try:
        _clean_pending(workspace, plan, summary, progress)
    except KeyboardInterrupt:
        summary.interrupted = True
    except BaseException:
        workspace.finish_run(run_id, "failed", summary.to_json())
        raise
    try:
        # After Ctrl-C in here the run stays "running", as after a kill: a cursor that nobody has
        # closed yet may lock the store, and then to write its end would hang.
        _finish(workspace, pipeline, summary)
    except Exception:
        workspace.finish_run(run_id, "failed", summary.to_json())
        raise
    summary.seconds = time.monotonic() - started
    state = "stopped" if summary.interrupted else "done"
    workspace.finish_run(run_id, state, summary.to_json())
    summary.stale = stale_layers(workspace.engine, digests)
    return summary


def _finish(workspace: Workspace, pipeline: Pipeline, summary: CleanSummary) -> None:
    """Judge what needs all documents, and count."""
    for name, reason in judge_sets(workspace.engine, pipeline):
        times, first = summary.problems.get(name, (0, reason))
        summary.problems[name] = (times + 1, first)
    _note_followers(workspace.engine)
    forget_topics(workspace.engine, _powers(workspace))
    funnel = funnel_of(workspace.engine, pipeline)
    summary.funnel, summary.kept, summary.stories = funnel.rows, funnel.kept, funnel.stories


def _powers(workspace: Workspace) -> dict[str, str]:
    """Return the topics of the study's taxonomy with their power."""
    return topic_powers(workspace.settings.filters.get("topics", {}).get("taxonomy") or None)


def plan_of(workspace: Workspace) -> CleanerPlan:
    """Return what the study's workers need."""
    return CleanerPlan(
        study=replace(workspace.study, outlets=workspace.outlets),
        events=workspace.events,
        archive=workspace.settings.store.archive,
        plugins=workspace.plugins.arguments(),
        options=workspace.settings.filters,
    )


def _clean_pending(
    workspace: Workspace,
    plan: CleanerPlan,
    summary: CleanSummary,
    progress: Callable[[int, int], None] | None,
) -> None:
    total = pending(workspace.engine)
    powers = _powers(workspace)
    list_topics(workspace.engine, powers)
    secret = workspace.settings.secrets.get("account_key")
    store = OutcomeStore(workspace.engine, powers, secret.get_secret_value() if secret else "")
    crews = Crews.of(workspace)
    batches = waiting_work(workspace.engine, plan.study.cities)
    here = crews.is_single or total <= FEW
    done = clean_here(plan, batches) if here else clean_in_crew(plan, batches, crews)
    # Closed here, whatever fails: left to the collector, it may run in the thread of the workers,
    # which cannot wait for itself.
    with closing(done):
        for rows in _collected(done):
            store.write(rows)
            summary.captures += len(rows.captures)
            _note_problems(summary, rows)
            if progress is not None:
                progress(summary.captures, total)


def _collected(batches: Iterable[Rows]) -> Iterator[Rows]:
    """Gather rows for a transaction; what is finished goes on also when interrupted."""
    waiting, began = Rows(), time.monotonic()
    try:
        for batch in batches:
            waiting.extend(batch)
            late = time.monotonic() - began > WRITTEN_AFTER
            if late or len(waiting.captures) >= WRITTEN_AT_ONCE:
                yield waiting
                waiting, began = Rows(), time.monotonic()
    except KeyboardInterrupt:
        if waiting.captures:
            yield waiting
        raise
    if waiting.captures:
        yield waiting


def _note_problems(summary: CleanSummary, rows: Rows) -> None:
    first = dict(reversed(rows.problems))
    for name, number in Counter(name for name, _ in rows.problems).items():
        before, reason = summary.problems.get(name, (0, first[name]))
        summary.problems[name] = (before + number, reason)


def _note_followers(engine: Engine) -> None:
    """Give each account the followers of its newest document, whatever came in last."""
    newest = text(
        "UPDATE account SET followers = newest.followers FROM (SELECT account_id, followers, "
        "ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY published_at DESC, followers DESC) "
        "AS place FROM document WHERE account_id IS NOT NULL AND followers IS NOT NULL) AS newest "
        "WHERE newest.place = 1 AND newest.account_id = account.id"
    )
    with engine.begin() as connection:
        connection.execute(newest)
