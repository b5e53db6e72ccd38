"""How each source fares against its own history, by rules that are written down.

Of the runs of a source only those count that had something to do. The first rule that holds
gives the verdict:

1. unavailable: its plugin is not there, or a key that it needs is not set.
2. untried: no run of it is in the store.
3. quota: slices wait for a quota to be there again, or at least half of the troubles of the last
   run were of a quota and it brought nothing new.
4. blocked, broken, unavailable: the last run's troubles of that kind were at least half as many
   as its requests, or it brought nothing and most of its troubles were of that kind
   (`ccgcii.conduct.reasons` sorts them), or that is why it stopped itself.
5. stale: the last two runs brought nothing new, an earlier one did; where most feeds had not
   changed or were not due, only if the newest piece is two days old.
6. thin: the last run brought less than half of the median of at least three earlier runs; of
   feeds, by feed that was read.
7. ok: none of these.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from ccgcii.conduct.history import History, SourceRun, Usage, read_histories
from ccgcii.conduct.reasons import count_kinds, kind_of
from ccgcii.wording import counted

if TYPE_CHECKING:
    from ccgcii.workspace import Workspace

VERDICTS = ("ok", "thin", "stale", "blocked", "broken", "quota", "unavailable", "untried")
HALF = 0.5
# Below so many earlier runs a median says nothing.
ENOUGH_RUNS = 3
TWO_DAYS = 2 * 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares: its verdict, why, and the figures behind it.

    `last_new` is in seconds since 1970; rates are 0 to 1; None is unknown, never zero.
    `usual_captures` is the median of the runs before the last; `listings` are the feeds, sitemaps
    and sections that it reads again, `quotas` how much of each was used when it was last.
    """

    source: str
    verdict: str
    why: str
    last_new: int | None
    runs: int
    requests: int | None
    failure_rate: float | None
    captures: int
    last_captures: int | None
    usual_captures: float | None
    documents: int
    date_rate: float | None
    author_rate: float | None
    text_rate: float | None
    listings: int = 0
    listings_failing: int = 0
    quotas: list[Usage] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def source_health(workspace: Workspace) -> list[Health]:
    """Return the health of every source that is installed or has rows in the store, by name."""
    kinds = workspace.plugins.sources()
    installed = {*kinds, *workspace.plugins.readers()}
    with workspace.engine.connect() as connection:
        histories = read_histories(connection, kinds)
    return [
        judge(history, _what_is_missing(workspace, name, installed))
        for name, history in sorted(histories.items())
    ]


def judge(history: History, missing: str = "") -> Health:
    """Return the health that a history shows; `missing` is what keeps a source from running."""
    runs = [run for run in history.runs if run.worked]
    verdict, why = ("unavailable", missing) if missing else _verdict(history, runs)
    last = runs[-1] if runs else None
    asked = [run.requests for run in runs if run.requests is not None]
    return Health(
        source=history.source,
        verdict=verdict,
        why=why,
        last_new=history.last_new,
        runs=len(history.runs),
        requests=sum(asked) if asked else None,
        failure_rate=last.failed / last.requests if last and last.requests else None,
        captures=history.captures,
        last_captures=last.captures if last else None,
        usual_captures=_usual(runs),
        documents=history.documents,
        date_rate=history.dated,
        author_rate=history.signed,
        text_rate=history.worded,
        listings=history.listings,
        listings_failing=history.failing,
        quotas=history.quotas,
    )


def _verdict(history: History, runs: list[SourceRun]) -> tuple[str, str]:
    if not runs:
        why = "its runs had nothing to do" if history.runs else "it has not run yet"
        return "untried", why
    last = runs[-1]
    trouble = _trouble(last)
    # Slices are put off by a spent quota, and by feeds that fail as well.
    failing = trouble is not None and trouble[1] == last.stopped
    if history.waits_until is not None and not failing:
        return "quota", "slices wait for its quota; the same crawl goes on by itself"
    if trouble is not None:
        return trouble
    return _against_history(runs, history.last_new) or ("ok", "")


def _trouble(run: SourceRun) -> tuple[str, str] | None:
    if run.stopped and kind_of(run.stopped) != "other":
        return kind_of(run.stopped), run.stopped
    kinds = count_kinds(run.reasons)
    kinds.pop("other", None)
    if not kinds:
        return None
    kind, number = kinds.most_common(1)[0]
    # Half of few requests is a lot; where nothing came, most of the troubles are the cause.
    nothing = run.captures == 0 and number >= HALF * sum(run.reasons.values())
    # Where feeds have not changed, or are not due, that nothing came is no trouble's doing.
    nothing = nothing and not run.quiet
    many = kind != "quota" and number >= HALF * ((run.requests or 0) + run.resting)
    if not nothing and not many:
        return None
    reason = max((r for r in run.reasons if kind_of(r) == kind), key=run.reasons.__getitem__)
    return kind, f"{number:,} of {counted(run.requests or 0, 'request')}: {reason}"


def _against_history(runs: list[SourceRun], last_new: int | None) -> tuple[str, str] | None:
    *earlier, last = runs
    nothing = len(earlier) > 1 and not (last.captures or earlier[-1].captures) and _any_new(earlier)
    if nothing and (not last.quiet or time.time() - (last_new or 0) > TWO_DAYS):
        return "stale", "the last two runs brought nothing new"
    if len(earlier) >= ENOUGH_RUNS and not last.quiet:
        usual = float(median(run.yields for run in earlier))
        if last.yields < HALF * usual:
            a_feed = " a feed that was read" if last.listings else ""
            return "thin", f"{last.yields:,.3g} new{a_feed} where {usual:,.3g} are usual"
    return None


def _any_new(runs: list[SourceRun]) -> bool:
    return any(run.captures for run in runs)


def _usual(runs: list[SourceRun]) -> float | None:
    return float(median(run.captures for run in runs[:-1])) if len(runs) > 1 else None


def _what_is_missing(workspace: Workspace, name: str, installed: set[str]) -> str:
    if name not in installed:
        return "its plugin is not installed"
    kind = workspace.plugins.sources().get(name)
    for need in getattr(kind, "needs", ()):
        secret = workspace.settings.secrets.get(need)
        if secret is None or not secret.get_secret_value().strip():
            return f"it needs CCGCII__SECRETS__{need.upper()}"
    return ""
