"""An audit as tables: the ten steps first, then what they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.reporting.findings import percent, table
from ccgcii.reporting.texts import number, safe
from ccgcii.wording import counted
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType
    from rich.table import Table
    from sqlalchemy.engine import Connection

STYLES = {"PASS": "green", "WARN": "yellow", "FAIL": "bold red"}
MOST = 10


def audit_parts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield the audit for a reader; everything else stands in `--json`."""
    yield _identity(found["identity"])
    yield _steps(found["steps"])
    yield _weights(found["weights"], found["felt_weights"])
    yield _screened(found["screened"])
    yield _correlations(found)
    yield _without(found)
    yield _silent(found["silent_sources"])


def name_sources(store: Connection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return sources with the domain of an outlet in place of its number."""
    outlet = table_of(tables.Outlet)
    domains = {f"outlet {row.id}": row.domain for row in store.execute(select(outlet))}
    return [{**row, "source": domains.get(row["source"], row["source"])} for row in rows]


def _identity(found: Mapping[str, Any]) -> str:
    lines = [
        f"[bold]Run {found['run']}, {safe(found['finished_at'])}, recipe {safe(found['recipe'])}[/]"
    ]
    lines.append(f"{found['since']} to {found['until']}, {counted(found['documents'], 'document')}")
    for name, value in found["hashes"].items():
        lines.append(f"[dim]{safe(name):<14} {safe(value)}[/]")
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    lines.append(f"[dim]seed {found['seed']}; {safe(versions)}[/]\n")
    return "\n".join(lines)


def _steps(rows: Sequence[Mapping[str, Any]]) -> Table:
    made = table("The ten steps of the OECD/JRC Handbook", "", "step", "verdict", "why", words=4)
    for row in rows:
        verdict = f"[{STYLES[row['verdict']]}]{row['verdict']}[/]"
        made.add_row(str(row["number"]), safe(row["name"]), verdict, safe(row["reason"]))
    return made


def _weights(rows: Sequence[Mapping[str, Any]], felt: Sequence[Mapping[str, Any]]) -> Table:
    title = "Weights: among siblings, in the whole, and as felt (correlation ratio with the ranks)"
    columns = ("raw", "capped", "prior", "final", "overall", "r²", "felt")
    made = table(title, "node", *columns)
    by_node = {row["node"]: row for row in felt}
    for row in sorted(rows, key=lambda row: (row["overall"] is not None, -(row["overall"] or 0))):
        if not row["final"]:
            continue
        known = by_node.get(row["node"], {"squared_correlation": None, "correlation_ratio": None})
        stages = (row[name] for name in ("raw", "capped", "prior", "final", "overall"))
        cells = (*stages, known["squared_correlation"], known["correlation_ratio"])
        made.add_row(safe(row["node"]), *(number(cell, 3) for cell in cells))
    return made


def _screened(found: Mapping[str, str]) -> Table:
    made = table(
        f"Without weight: {counted(len(found), 'indicator')}", "reason", "indicators", words=2
    )
    reasons: dict[str, list[str]] = {}
    for leaf, reason in found.items():
        # A weighting's remark names all that it is about: the names stand beside it here.
        parts = [part.rpartition(": ") for part in reason.split("; ")]
        short = [
            head if set(tail.split(", ")) <= {*found} else head + mid + tail
            for head, mid, tail in parts
        ]
        reasons.setdefault("; ".join(short), []).append(leaf)
    for reason, leaves in reasons.items():
        made.add_row(safe(reason), safe(", ".join(leaves)))
    return made


def _correlations(found: Mapping[str, Any]) -> Table:
    title = "Pillars: Cronbach's alpha, first component, and pairs flagged (r > 0.92 or < 0)"
    made = table(title, "pillar", "indicators", "units", "alpha", "first")
    made.add_column("flagged")
    for row in found["consistency"]:
        flagged = [pair for pair in found["correlations"] if pair["group"] == row["group"]]
        pairs = ", ".join(f"{p['first']}-{p['second']} {p['r']:.2f}" for p in flagged[:3])
        more = f" and {len(flagged) - 3} more" if len(flagged) > 3 else ""
        numbers = (number(row["alpha"]), percent(row["first_component"], 0))
        counts = (str(row["indicators"]), str(row["units"]))
        made.add_row(safe(row["group"]), *counts, *numbers, safe(pairs + more))
    return made


def _without(found: Mapping[str, Any]) -> Table:
    made = table("Left out: how far ranks move", "without", "mean", "most", "Kendall tau")
    made.add_column("most moved")
    # Not the channel's documents: `ccgcii uncertainty` measures anew without those.
    parts = [(f"{row['left_out']}'s own indicators", row) for row in found["without_channel"]]
    parts += [(row["left_out"], row) for row in found["without_indicator"][:MOST]]
    for name, row in parts:
        moved = (number(row["mean_shift"]), number(row["max_shift"], 0), number(row["tau"], 3))
        made.add_row(safe(name), *moved, safe(row["most_moved"] or ""))
    return made


def _silent(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    if not rows:
        return "No source that was steady fell silent."
    made = table("Sources that fell silent", "source", "documents", "a day", "last", "silent days")
    for row in rows[:MOST]:
        rate = number(row["per_day"], 1)
        counts = (f"{row['documents']:,}", rate, row["last"], str(row["silent_days"]))
        made.add_row(safe(row["source"]), *counts)
    return made
