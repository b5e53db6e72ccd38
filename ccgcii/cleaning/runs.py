"""`ccgcii clean`: every capture that is not judged yet goes through the five layers."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, text, update
from sqlmodel import SQLModel

from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.storing import OutcomeStore
from ccgcii.cleaning.topics import taxonomy_at
from ccgcii.cleaning.twins import drop_twins
from ccgcii.cleaning.work import CleanerPlan, Task
from ccgcii.cleaning.workers import BATCH, FEW, clean_here, clean_in_processes
from ccgcii_db import tables  # noqa: F401 - fills the metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from ccgcii.cleaning.work import Outcome
    from ccgcii.workspace import Workspace

# Captures read from the store, and outcomes written to it, at once.
READ_AT_ONCE = 1_920
WRITTEN_AT_ONCE = 480
_DERIVED = (
    "document_key", "document_event", "document_topic", "mention_span", "mention", "document_text",
    "document", "drop",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """What one filter did: how many came to it, and how many it dropped."""

    layer: int
    filter: str
    came: int
    dropped: int


@dataclass(slots=True)
class CleanSummary:
    """A finished cleaning: `captures` judged now, and the funnel of the whole store.

    `problems` are the filters that raised: how often, and the first reason.
    """

    captures: int = 0
    kept: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    funnel: tuple[FunnelRow, ...] = ()
    problems: dict[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "captures": self.captures,
            "kept": self.kept,
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
            "funnel": [
                {
                    "layer": row.layer,
                    "filter": row.filter,
                    "in": row.came,
                    "dropped": row.dropped,
                    "kept": row.came - row.dropped,
                }
                for row in self.funnel
            ],
            "problems": {
                name: {"times": times, "first": first}
                for name, (times, first) in self.problems.items()
            },
        }


def clean(
    workspace: Workspace,
    *,
    again: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> CleanSummary:
    """Judge every capture that is not judged yet; `again` judges all, from the archive.

    `progress` hears (done, of how many). After Ctrl-C everything finished is kept, and the next
    call goes on.
    """
    started = time.monotonic()
    plan = plan_of(workspace)
    # Built here once, so that a wrong option is refused before anything is forgotten.
    pipeline = Pipeline.build(plan.study, workspace.plugins, plan.options)
    run_id = workspace.start_run("clean", {"again": again})
    if again:
        forget_results(workspace.engine)
    summary = CleanSummary()
    try:
        _clean_pending(workspace, plan, summary, progress)
    except KeyboardInterrupt:
        summary.interrupted = True
    except BaseException:
        workspace.finish_run(run_id, "failed", summary.to_json())
        raise
    drop_twins(workspace.engine, pipeline.twin_layers())
    _note_followers(workspace.engine)
    summary.funnel, summary.kept = funnel_of(workspace.engine, pipeline)
    summary.seconds = time.monotonic() - started
    state = "stopped" if summary.interrupted else "done"
    workspace.finish_run(run_id, state, summary.to_json())
    return summary


def plan_of(workspace: Workspace) -> CleanerPlan:
    """Return what the study's workers need."""
    return CleanerPlan(
        study=replace(workspace.study, outlets=workspace.outlets),
        events=workspace.events,
        archive=workspace.settings.store.archive,
        plugins=workspace.plugins.arguments(),
        options=workspace.settings.filters,
    )


def forget_results(engine: Engine) -> None:
    """Delete everything that cleaning made; captures and the archive stay."""
    with engine.begin() as connection:
        for name in _DERIVED:
            connection.execute(delete(SQLModel.metadata.tables[name]))
        connection.execute(update(_capture()).values(cleaned=0))


def pending(engine: Engine) -> int:
    """Return how many captures are not judged yet."""
    with engine.connect() as connection:
        query = select(func.count()).select_from(_capture()).where(_capture().c.cleaned == 0)
        return int(connection.execute(query).scalar_one())


def _clean_pending(
    workspace: Workspace,
    plan: CleanerPlan,
    summary: CleanSummary,
    progress: Callable[[int, int], None] | None,
) -> None:
    total = pending(workspace.engine)
    taxonomy = taxonomy_at(workspace.settings.filters.get("topics", {}).get("taxonomy"))
    secret = workspace.settings.secrets.get("account_key")
    store = OutcomeStore(
        workspace.engine,
        {city.key: city.id for city in plan.study.cities},
        taxonomy.powers(),
        secret.get_secret_value() if secret else "",
    )
    workers = workspace.settings.execution.workers
    batches = _batches(workspace.engine)
    here = workers == 1 or total <= FEW
    done = clean_here(plan, batches) if here else clean_in_processes(plan, batches, workers)
    for outcomes in _collected(done):
        store.write(outcomes)
        summary.captures += len(outcomes)
        _note_problems(summary, outcomes)
        if progress is not None:
            progress(summary.captures, total)


def _collected(batches: Iterable[list[Outcome]]) -> Iterator[list[Outcome]]:
    """Gather outcomes for a transaction; what is finished goes on also when interrupted."""
    waiting: list[Outcome] = []
    try:
        for batch in batches:
            waiting.extend(batch)
            if len(waiting) >= WRITTEN_AT_ONCE:
                yield waiting
                waiting = []
    except KeyboardInterrupt:
        if waiting:
            yield waiting
        raise
    if waiting:
        yield waiting


def _batches(engine: Engine) -> Iterator[list[Task]]:
    last = 0
    while True:
        tasks = _tasks_after(engine, last)
        if not tasks:
            return
        last = tasks[-1].capture_id
        for start in range(0, len(tasks), BATCH):
            yield tasks[start : start + BATCH]


def _tasks_after(engine: Engine, last: int) -> list[Task]:
    capture, warc, payload, source, channel = (
        SQLModel.metadata.tables[name]
        for name in ("capture", "warc_file", "capture_record", "source", "channel")
    )
    query = (
        select(
            capture.c.id,
            source.c.name,
            channel.c.name,
            capture.c.kind,
            capture.c.url,
            capture.c.fetched_at,
            capture.c.status,
            capture.c.content_type,
            capture.c.hints,
            warc.c.path,
            capture.c.warc_offset,
            payload.c.payload,
        )
        .join(source, source.c.id == capture.c.source_id)
        .join(channel, channel.c.id == capture.c.channel_id)
        .outerjoin(warc, warc.c.id == capture.c.warc_id)
        .outerjoin(payload, payload.c.capture_id == capture.c.id)
        .where(capture.c.cleaned == 0, capture.c.id > last)
        .order_by(capture.c.id)
        .limit(READ_AT_ONCE)
    )
    with engine.connect() as connection:
        return [Task(*row) for row in connection.execute(query)]


def _note_problems(summary: CleanSummary, outcomes: list[Outcome]) -> None:
    times = Counter(name for outcome in outcomes for name, _ in outcome.problems)
    first = {name: reason for outcome in reversed(outcomes) for name, reason in outcome.problems}
    for name, number in times.items():
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


def funnel_of(engine: Engine, pipeline: Pipeline) -> tuple[tuple[FunnelRow, ...], int]:
    """Return the funnel of all judged captures, filter by filter, and how many are kept."""
    drop = SQLModel.metadata.tables["drop"]
    with engine.connect() as connection:
        judged = select(func.count()).select_from(_capture()).where(_capture().c.cleaned == 1)
        left = int(connection.execute(judged).scalar_one())
        query = select(drop.c.layer, drop.c.filter, func.count()).group_by(
            drop.c.layer, drop.c.filter
        )
        dropped = {(layer, name): number for layer, name, number in connection.execute(query)}
    steps = {(thing.layer, thing.name) for thing in pipeline.filters} | set(dropped)
    rows = []
    for layer, name in sorted(steps):
        number = dropped.get((layer, name), 0)
        rows.append(FunnelRow(layer, name, left, number))
        left -= number
    return tuple(rows), left


def _capture() -> Any:
    return SQLModel.metadata.tables["capture"]
