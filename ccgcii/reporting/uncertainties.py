"""The layers of uncertainty of a stored score, and the tables that show them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import select

from ccgcii.auditing.coverages import silent_sources
from ccgcii.conduct.health import source_health
from ccgcii.documents import CHANNELS
from ccgcii.errors import ScoreError
from ccgcii.measuring.bootstrap import resample
from ccgcii.measuring.leaving import leave_documents_out
from ccgcii.measuring.leftout import Absent
from ccgcii.measuring.loading import corpus_without
from ccgcii.reporting.texts import safe
from ccgcii.scoring.panels import DRAWS, NOBODY, has_panel, vary_experts
from ccgcii.scoring.uncertainty import resample as rank_resamples
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator
    from ccgcii.methods import Method
    from ccgcii.scoring import Ranking
    from ccgcii.scoring.opinions import Opinion
    from ccgcii.workspace import Workspace

SHOWN = 10
RANKS = ("median", "low", "high", "max_shift")
LAYER = ("rank", "median", "low", "high", "top10", "top30", "above_next")
# A source whose key is not set today may have brought good documents before.
UNWELL = ("thin", "stale", "blocked", "broken", "quota")


def experts_layer(
    ranking: Ranking,
    opinions: Sequence[Opinion],
    methods: Mapping[tuple[str, str], Method],
    seed: int,
) -> dict[str, Any]:
    """Return the ranks over panels drawn from the experts; `reason` says why there are none."""
    if not has_panel(ranking.recipe, opinions):
        return {"reason": NOBODY, "draws": 0, "units": []}
    found = vary_experts(ranking, opinions, seed=seed, methods=methods)
    return {"reason": "", "draws": DRAWS, "units": found.to_dict()}


def sampling_layer(
    workspace: Workspace, corpus: Corpus, ranking: Ranking, draws: int, seed: int
) -> dict[str, Any]:
    """Return the ranks over resampled documents, every indicator computed anew in each draw.

    `fixed` are indicators that could not be: they have their value in every draw.
    """
    drawn = resample(corpus, _used(workspace, ranking), draws=draws, seed=seed)
    found = rank_resamples(
        ranking.matrix,
        drawn.by_leaves(ranking.tree.leaves),
        ranking.tree,
        ranking.recipe,
        methods=workspace.plugins.methods(),
    )
    notes = [str(note) for note in drawn.notes]
    fixed = [note.where for note in drawn.notes if note.warning]
    layer = {"reason": "", "draws": draws, "units": found.to_dict()}
    return layer | {"notes": notes, "fixed": fixed}


def without_documents(
    workspace: Workspace, corpus: Corpus, ranking: Ranking, *, every: bool
) -> dict[str, Any]:
    """Return how far ranks move without each channel, and without sources that do not do well.

    Those are the sources whose health is not ok, each alone and all together, and the outlets and
    accounts that fell silent inside the window; `every` leaves out each source that brought
    anything. `sources` says which were left out, and why.
    """
    sources, why = _sources(workspace, corpus, every=every)
    channels = {name: Absent(channels=(name,)) for name in CHANNELS if corpus.covered[name].any()}
    open_without = partial(corpus_without, workspace.engine, corpus)
    used, methods = _used(workspace, ranking), workspace.plugins.methods()
    return {
        "without_channel": leave_documents_out(ranking, channels, open_without, used, methods),
        "without_source": leave_documents_out(ranking, sources, open_without, used, methods),
        "sources": why,
    }


def _sources(workspace: Workspace, corpus: Corpus, *, every: bool) -> tuple[dict[str, Absent], str]:
    source = table_of(tables.Source)
    with workspace.engine.connect() as store:
        rows = store.execute(select(source.c.name, source.c.id))
        numbers = {str(row.name): int(row.id) for row in rows}
    health = [row for row in source_health(workspace) if row.documents and row.source in numbers]
    asked = [row for row in health if every or row.verdict in UNWELL]
    groups = {
        f"{row.source} ({row.verdict})": Absent(sources=(numbers[row.source],)) for row in asked
    }
    unwell = tuple(numbers[row.source] for row in asked if row.verdict in UNWELL)
    if len(unwell) > 1:
        groups["all sources that are not ok"] = Absent(sources=unwell)
    silent = [row["source"].split() for row in silent_sources(corpus, corpus.window.since)]
    outlets, accounts = (
        tuple(int(words[1]) for words in silent if words[0] == kind)
        for kind in ("outlet", "account")
    )
    if outlets or accounts:
        size = len(outlets) + len(accounts)
        name = "1 outlet or account" if size == 1 else f"{size} outlets and accounts"
        name += " that fell silent"
        groups[name] = Absent(outlets=outlets, accounts=accounts)
    why = (
        ""
        if groups
        else f"none of the {len(health)} sources with documents fares badly or fell silent"
    )
    return groups, why


def _used(workspace: Workspace, ranking: Ranking) -> list[Indicator]:
    known = {thing.id: thing for thing in workspace.plugins.indicators()}
    missing = [leaf for leaf in ranking.tree.leaves if leaf not in known]
    if missing:
        raise ScoreError(
            f"the score used {', '.join(missing)}, which no plugin here gives: name its file with "
            "--plugin, or run `ccgcii score` again"
        )
    return [known[leaf] for leaf in ranking.tree.leaves]


def uncertainty_parts(result: Mapping[str, Any], top: int | None) -> Iterator[RenderableType]:
    """Yield a table a layer, then what moves the ranks."""
    layers = {
        "sampling": ("other documents, the same method", result["sampling"]),
        "method": (f"other methods than {result['recipe']}", {"reason": "", **result}),
        "experts": ("other experts of the same panel", result["experts"]),
    }
    for name, (what, layer) in layers.items():
        if layer["reason"]:
            yield f"{name.capitalize()}: {safe(layer['reason'])}\n"
            continue
        title = f"{name.capitalize()}: {what}, {layer['draws']:,} draws, 90 % from low to high"
        yield _table(title, "unit", LAYER, layer["units"][:top])
        if layer.get("fixed"):
            names = safe(", ".join(layer["fixed"]))
            yield f"[yellow]not resampled, so that the intervals are too narrow: {names}[/]\n"
    columns = ("mean_shift", "max_shift", "most_moved", "tau")
    for what in ("source", "channel", "indicator"):
        rows = result[f"without_{what}"][:SHOWN]
        if rows:
            counted = "documents" if "documents" in rows[0] else "indicators"
            title = f"Ranks moved without one {what}"
            if what == "channel" and counted == "indicators":
                title = "Ranks moved without the indicators of one channel alone"
            yield _table(title, "left_out", (counted, *columns), rows)
    if result["sources"]:
        yield f"Sources: {safe(result['sources'])}\n"
    if result["sensitivity"]:
        title = "Share of the rank changes that a choice explains (Sobol)"
        columns = ("first", "total", "total_low", "total_high")
        yield _table(title, "factor", columns, result["sensitivity"])


def _table(title: str, head: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    table = Table(title=safe(title), title_justify="left", box=SIMPLE_HEAD)
    table.add_column(head.replace("_", " "))
    for name in columns:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(safe(row[head]), *(_cell(name, row[name]) for name in columns))
    return table


def _cell(name: str, value: object) -> str:
    if value is None:
        return "–"
    if not isinstance(value, float):
        return safe(value)
    return f"{value:,g}" if name in RANKS else f"{value:,.2f}"
