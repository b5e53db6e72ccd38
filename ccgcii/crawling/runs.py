"""A crawl: plan the slices of some sources, run them until nothing is left, and sum up."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner
from sqlalchemy.exc import SQLAlchemyError

from ccgcii.cleaning.checks import check_cleaning
from ccgcii.crawling import reactor
from ccgcii.crawling.addresses import install_resolver
from ccgcii.crawling.apis.overlaps import compare_rounds
from ccgcii.crawling.budgets import Budget
from ccgcii.crawling.bulk.runs import BulkCrawl, is_bulk
from ccgcii.crawling.desk import Desk
from ccgcii.crawling.listings import PollBook, reading_of
from ccgcii.crawling.locks import source_lock
from ccgcii.crawling.scrapysettings import scrapy_settings
from ccgcii.errors import CcgciiError, SourceError, suggest
from ccgcii.leave import mark_withheld, restrict
from ccgcii.planning.plans import make_plan, write_slices
from ccgcii_db import Dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ccgcii.crawling.bulk.sources import BulkSource
    from ccgcii.crawling.outcomes import Counts
    from ccgcii.crawling.sources import Source
    from ccgcii.planning.slices import Plan, Slice
    from ccgcii.workspace import Workspace

A_MONTH = 32 * 86_400.0  # seconds
HEARTBEAT = 0.5  # seconds between two calls of `progress`


@dataclass(frozen=True, slots=True)
class SourceEstimate:
    """What a source would do: its slices, and the most requests they may send (None: unknown).

    `days` and `dollars` are None where nothing limits and nothing is charged.
    """

    source: str
    slices: int
    requests: int | None
    days: float | None = None
    dollars: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How a crawl ended: one `Counts` a source.

    `state` is done, stopped (by Ctrl-C) or failed (a source stopped itself).
    """

    run_id: int
    state: str
    sources: tuple[Counts, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "run": self.run_id,
            "state": self.state,
            "sources": [asdict(counts) for counts in self.sources],
        }


@dataclass(slots=True)
class _Job:
    kind: type[Source]
    plan: Plan
    desk: Desk


def estimate(
    workspace: Workspace,
    sources: Sequence[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    cities: Sequence[str] = (),
    limit: int | None = None,
) -> list[SourceEstimate]:
    """Return what a crawl would do, without a request and without a row.

    Refuses what `crawl` refuses, but for keys that are missing.
    """
    check_cleaning(workspace)
    estimates = []
    for name, kind in choose_sources(workspace, sources).items():
        plan = make_plan(workspace, name, since=since, until=until, cities=cities, limit=limit)
        slices = planned_slices(kind, plan)
        whole = kind(plan).estimate(plan)
        notes = (*whole.notes, *_notes_on_budget(kind, plan, workspace, whole.requests))
        told = (whole.requests, whole.days, whole.dollars, notes)
        estimates.append(SourceEstimate(name, len(slices), *told))
    return estimates


def _notes_on_budget(
    kind: type[Source | BulkSource], plan: Plan, workspace: Workspace, requests: int | None
) -> Iterator[str]:
    """Say how many crawls a plan takes if each may send so many requests."""
    if is_bulk(kind):
        return
    most = Budget.of(kind(plan).options, workspace.settings.crawl).max_requests
    if most is not None and requests is not None and requests > most:
        yield f"max_requests = {most:,} a crawl: {-(-requests // most):,} crawls at most"


def crawl(
    workspace: Workspace,
    sources: Sequence[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    cities: Sequence[str] = (),
    limit: int | None = None,
    now: bool = False,
    wait: bool = False,
    progress: Callable[[list[Counts]], None] | None = None,
) -> CrawlSummary:
    """Crawl sources (all that are configured if none is named) until nothing is left.

    An earlier crawl that was stopped or killed is taken up first. `limit` ends a source's crawl
    after so many documents; those in flight are kept as well. `wait` sits out quotas and limits,
    up to a month, where it would else end and say when to come back. Ctrl-C ends it in order
    (`state` is stopped), a second one raises `KeyboardInterrupt`. Raises `SourceError` for an
    unknown source or one that another process crawls, `StoreError` if something cannot be written,
    and before the first request `ConfigError` for filters or events that `clean` would refuse.
    """
    check_cleaning(workspace)
    chosen = choose_sources(workspace, sources)
    window = {"since": since, "until": until, "cities": cities, "limit": limit}
    plans = {name: make_plan(workspace, name, **window) for name in chosen}  # type: ignore[arg-type]
    slices = {name: planned_slices(kind, plans[name]) for name, kind in chosen.items()}
    for name, kind in chosen.items():
        check_secrets(kind, plans[name])
    if wait:
        plans = {name: replace(plan, patience=A_MONTH) for name, plan in plans.items()}
    with ExitStack() as stack:
        for name in chosen:
            archive = workspace.settings.store.archive
            stack.enter_context(source_lock(archive, name, workspace.engine))
        run_id = workspace.start_run("crawl", {"sources": list(chosen), **window})
        jobs = [
            _Job(
                kind,
                plans[name],
                _desk(workspace, kind, slices[name], run_id, plans[name], now=now),
            )
            for name, kind in chosen.items()
            if not is_bulk(kind)
        ]
        bulk = [
            BulkCrawl(workspace, kind, plans[name], slices[name], run_id)
            for name, kind in chosen.items()
            if is_bulk(kind)
        ]
        return _run(workspace, run_id, jobs, bulk, progress)


def choose_sources(
    workspace: Workspace, names: Sequence[str]
) -> dict[str, type[Source | BulkSource]]:
    """Return the named sources; if none is named, those with a table in ccgcii.toml, else all."""
    known = workspace.plugins.sources()
    for name in (*names, *workspace.settings.sources):
        if name not in known:
            where = "" if name in names else f"[sources.{name}]: "
            raise SourceError(f"{where}no source {name!r}{suggest(name, known)}")
    free = [name for name in known if not getattr(known[name], "only_when_named", False)]
    wanted = names or [name for name in known if name in workspace.settings.sources] or free
    if not wanted:
        raise SourceError("no plugin gives a source; `ccgcii plugins` shows what is wrong")
    return {name: known[name] for name in dict.fromkeys(wanted)}


def check_secrets(kind: type[Source | BulkSource], plan: Plan) -> None:
    """Raise `ConfigError` naming the first key that a source needs and does not have."""
    if not is_bulk(kind):
        for name in kind.needs:
            kind(plan).secret(name)


def planned_slices(kind: type[Source | BulkSource], plan: Plan) -> list[Slice]:
    """Return the slices of a plan; a fault of the source becomes a `SourceError` naming it."""
    try:
        return list(kind(plan).slices(plan))
    except CcgciiError:
        raise
    except Exception as error:
        raise SourceError(
            f"source {kind.name!r} cannot plan: {type(error).__name__}: {error}"
        ) from error


def _desk(
    workspace: Workspace,
    kind: type[Source],
    slices: Iterable[Slice],
    run_id: int,
    plan: Plan,
    *,
    now: bool,
) -> Desk:
    source, settings = kind(plan), workspace.settings
    polls = PollBook(reading_of(source, settings.crawl.depth), settings.crawl)
    cities = {city.key: city.id for city in workspace.study.cities}
    with workspace.engine.begin() as connection:
        source_id = Dictionary(connection, tables.Source).id(kind.name)
        if source_id is None:
            raise SourceError(f"{kind!r} has no name")
        forbids = kind.terms is not None and not kind.terms.may_derive
        restrict(connection, source_id, restricted=forbids)
        resting = write_slices(connection, source_id, slices, cities, polls.due(now=now))
    mark_withheld(workspace.engine, settings.sources)
    desk = Desk(
        workspace.engine,
        settings.store.archive,
        source=source,
        source_id=source_id,
        run_id=run_id,
        prefetch=2 * settings.crawl.concurrency,
        polls=polls,
        budget=Budget.of(source.options, settings.crawl),
    )
    desk.counts.listings_resting, desk.counts.listings_due_at = resting.listings, resting.until
    return desk


def _run(
    workspace: Workspace,
    run_id: int,
    jobs: list[_Job],
    bulk: list[BulkCrawl],
    progress: Callable[[list[Counts]], None] | None,
) -> CrawlSummary:
    runner = AsyncCrawlerRunner(scrapy_settings(workspace.settings.crawl))
    counts = [job.desk.counts for job in jobs] + [each.counts for each in bulk]
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        for job in jobs:
            job.desk.leave()
        stopping.append(asyncio.ensure_future(runner.stop()))

    stopping: list[asyncio.Future[None]] = []

    def finish(state: str) -> CrawlSummary:
        summary = CrawlSummary(run_id, state, tuple(counts))
        workspace.finish_run(run_id, state, summary.as_json())
        return summary

    try:
        with reactor.rare_collections():
            if jobs:
                reactor.run(_crawl_all(workspace, runner, jobs, progress), stop)
            for each in bulk:
                stopped = stopped or each.run(progress)
        for job in jobs:
            job.desk.counts.overlap = compare_rounds(workspace.engine, job.kind.name)
    except BaseException as error:
        # The disk that failed the crawl may fail this as well: what is told is the first error.
        with suppress(SQLAlchemyError):
            finish("stopped" if isinstance(error, KeyboardInterrupt) else "failed")
        raise
    failed = any(each.stopped for each in counts)
    return finish("stopped" if stopped else "failed" if failed else "done")


async def _crawl_all(
    workspace: Workspace,
    runner: AsyncCrawlerRunner,
    jobs: list[_Job],
    progress: Callable[[list[Counts]], None] | None,
) -> None:
    install_resolver(workspace.settings.crawl.hosts)
    crawls = [runner.crawl(job.kind, plan=job.plan, desk=job.desk) for job in jobs]
    watch = asyncio.ensure_future(_report(progress, [job.desk.counts for job in jobs]))
    try:
        # A source that cannot begin must not leave the others running with nobody to wait for them.
        ended = await asyncio.gather(*crawls, return_exceptions=True)
    finally:
        watch.cancel()
    if progress is not None:
        progress([job.desk.counts for job in jobs])
    for job, error in zip(jobs, ended, strict=True):
        if error is not None:
            raise _named(job.kind.name, error)
        if job.desk.failure is not None:
            raise job.desk.failure


def _named(source: str, error: BaseException) -> BaseException:
    """Return an error of a crawl so that it names its source; those of a disk are told as such."""
    if not isinstance(error, Exception) or isinstance(
        error, CcgciiError | SQLAlchemyError | OSError
    ):
        return error
    named = SourceError(f"source {source!r} cannot be crawled: {type(error).__name__}: {error}")
    named.__cause__ = error
    return named


async def _report(progress: Callable[[list[Counts]], None] | None, counts: list[Counts]) -> None:
    while progress is not None:
        progress(counts)
        await asyncio.sleep(HEARTBEAT)
