"""A city's diagnosis as tables and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii.reporting.findings import percent, table
from ccgcii.reporting.texts import amount, number, safe
from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

MOST = 10
MOST_UNKNOWN = 40


def diagnosis_parts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield what a diagnosis says: who it is compared with, figures, last year, advice."""
    yield _heading(found)
    if not found["profile"]["documents"]:
        return
    yield _figures("Strengths: best third of its peers", found["strengths"])
    yield _figures("Weak spots: last third of its peers", found["weak_spots"])
    yield from _last_year(found["last_year"])
    supported = [row for row in found["recommendations"] if row["verdict"] == "supported"]
    if not supported:
        yield "[bold]The figures support none of the report's recommendations.[/]\n"
    for row in supported:
        yield _recommendation(row)
    yield _others(found["recommendations"])


def _heading(found: Mapping[str, Any]) -> str:
    rank = "not ranked" if found["rank"] is None else f"rank {found['rank']}"
    head = f"{safe(found['label'])} {safe(found['name_zh'])}: {number(found['index'])}, {rank}"
    peers = ", ".join(safe(peer["label"]) for peer in found["peers"])
    lines = [
        f"[bold]{head}, recipe {safe(found['recipe'])}, {found['since']} to {found['until']}[/]"
    ]
    lines.append(f"Peers, {safe(found['peers_by'])}: {peers}")
    profile = found["profile"]
    parts = [f"{safe(name)} {n:,}" for name, n in profile["channels"].items()]
    parts += [f"{safe(row['topic'])} {percent(row['share'], 0)}" for row in profile["topics"]]
    lines.append(
        f"{counted(profile['documents'], 'document', 'name')} it: {', '.join(parts) or 'none'}"
    )
    lines += [f"[yellow]Mind: {safe(caution)}.[/]" for caution in found["cautions"]]
    if found["unknown"]:
        listed = safe(", ".join(found["unknown"]))
        if len(found["unknown"]) > MOST_UNKNOWN:
            listed = f"{len(found['unknown'])} figures, see --json"
        lines.append(f"[dim]cannot be compared (unknown, or too few documents): {listed}[/]")
    return "\n".join(lines) + "\n"


def _figures(title: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    if not rows:
        return f"{title}: none\n"
    made = table(title, "id", "figure", words=2)
    for column in ("value", "median of peers", "place"):
        made.add_column(column, justify="right")
    made.add_column("unit")
    for row in rows[:MOST]:
        unit = safe(row["unit"]) + ("; less is better" if row["less_is_better"] else "")
        values = (amount(row["value"]), amount(row["median"]))
        names = (safe(row["indicator"]), safe(row["name"]))
        made.add_row(*names, *values, f"{row['place']} of {row['of']}", unit)
    if len(rows) > MOST:
        made.caption = f"and {len(rows) - MOST} more in --json"
    return made


def _last_year(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    if found["reason"]:
        yield f"Since last year: {safe(found['reason'])}\n"
        return
    title = f"Since {found['since']} to {found['until']}, by this year's weights and goalposts"
    scores = table(title, "node", "before", "now", "rank before", "rank now")
    for row in found["scores"]:
        ranks = ("–" if row[key] is None else str(row[key]) for key in ("rank_before", "rank_now"))
        scores.add_row(safe(row["node"]), number(row["before"]), number(row["now"]), *ranks)
    if found["left_out"]:
        left_out = safe(", ".join(found["left_out"]))
        scores.caption = f"both without what one of the years does not know: {left_out}"
    yield scores
    moved = table("Figures whose place among all cities moved most", "id", "figure", words=2)
    for column in ("before", "now", "cities passed"):
        moved.add_column(column, justify="right")
    for row in found["figures"]:
        values = (amount(row["before"]), amount(row["now"]))
        passed = f"{row['moved']:+.0%}"
        moved.add_row(safe(row["indicator"]), safe(row["name"]), *values, passed)
    yield moved


def _recommendation(row: Mapping[str, Any]) -> str:
    lines = [f"[bold]{safe(row['recommendation'])}[/]", safe(row["advice"])]
    for figure in row["support"]:
        values = f"{amount(figure['value'])}, its peers {amount(figure['median'])}"
        place = f"place {figure['place']} of {figure['of']}"
        lines.append(f"  {safe(figure['indicator'])} {safe(figure['name'])}: {values}; {place}")
    if row["strong"]:
        lines.append(f"  against it: strong in {safe(', '.join(row['strong']))}")
    for title, part in row["documents"].items():
        lines.append(f"  [dim]{safe(title)} ({part['total']:,}):[/]")
        for document in part["documents"]:
            name = document["title"] or document["url"]
            where = document["outlet"] or document["channel"]
            lines.append(f"    [dim]{document['date']} {safe(where)}: {safe(name)}[/]")
    return "\n".join(lines) + "\n"


def _others(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for verdict in ("not supported", "cannot be judged"):
        keys = [row["key"] for row in rows if row["verdict"] == verdict]
        if keys:
            lines.append(f"[dim]{verdict}: {safe(', '.join(keys))}[/]")
    return "\n".join(lines)
