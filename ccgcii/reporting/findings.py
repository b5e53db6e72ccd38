"""The findings of a study as tables: plain figures, one table a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from ccgcii.reporting.texts import number, safe
from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    Labels = Mapping[str, str]

BAR = 16
NAMED = 5


def findings_tables(found: Mapping[str, Any], labels: Labels, top: int) -> Iterator[RenderableType]:
    """Yield the findings in the order of the published report; `labels` are city names by key."""
    yield _heading(found)
    yield _years(found["years"])
    yield _months(found)
    yield _concentration(found["concentration"], labels)
    yield _channels(found)
    yield ""
    if found["topics"]:
        yield _topics(found["topics"])
    yield _powers(found["powers"], labels, top)
    yield _gdp(found["gdp"])


def table(title: str, *columns: str, words: int = 1) -> Table:
    """Make an empty table; after the first `words` columns all are numbers, to the right."""
    made = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        made.add_column(column, justify="left" if place < words else "right")
    return made


def packed(made: Table) -> Table:
    """Set a wide table close, for a terminal of 80; what must be cut there is headers, no value."""
    made.padding, made.pad_edge, made.show_edge = (0, 1, 0, 0), False, False
    for column in made.columns:
        widest = max((cell_len(str(cell)) for cell in column.cells), default=0)
        column.no_wrap = widest >= cell_len(str(column.header))
    return made


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share in hundredths; a dash for what is unknown."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def times(ratio: float | None) -> str:
    """Write a ratio as `x 3.6`; a dash where there was nothing before."""
    return "–" if ratio is None else f"x {ratio:.2f}"


def _heading(found: Mapping[str, Any]) -> str:
    scope, volume = found["scope"], found["volume"]
    head = (
        f"{scope['since']} to {scope['until']}: {counted(volume['documents'], 'document', 'name')} "
    )
    mentioned = counted(volume["mentions"], "time")
    head += f"{volume['cities_heard']} of {volume['cities']} cities ({mentioned})"
    lines = [f"[bold]{head}[/]"]
    without = [*scope["without_topics"], *scope["without_events"]]
    if without:
        share = percent(volume["left_out_share"])
        more = f" and {len(without) - NAMED} more" if len(without) > NAMED else ""
        what = safe(", ".join(without[:NAMED])) + more
        left_out = counted(volume["left_out"], "document")
        lines.append(f"Without {what}: that leaves out {left_out} ({share}).")
    lines += [f"[yellow]Mind: {safe(caution)}.[/]" for caution in found["cautions"]]
    return "\n".join(lines)


def _years(rows: Sequence[Mapping[str, Any]]) -> Table:
    made = table(
        "Volume by year", "year", "documents", "days", "compared", "before", "now", "growth"
    )
    for row in rows:
        growth = row["growth"]
        cells = ["–", "–", "–", "–"]
        if growth is not None:
            cells = [f"{growth['from']} to {growth['to']}"]
            cells += [f"{growth['before']:,}", f"{growth['now']:,}", times(growth["times"])]
        made.add_row(str(row["year"]), f"{row['documents']:,}", str(row["days"]), *cells)
        for name, part in (growth or {"channels": {}})["channels"].items():
            if part["before"] or part["now"]:
                counts = (f"{part['before']:,}", f"{part['now']:,}", times(part["times"]))
                made.add_row(f"[dim]  {safe(name)}[/]", "", "", "", *counts)
    return made


def _months(found: Mapping[str, Any]) -> Table:
    marks = {row["month"]: row for row in found["watersheds"]}
    most = max((row["per_day"] or 0 for row in found["months"]), default=0)
    made = table("Volume by month; a watershed is a month at which the level changed", "month", "")
    for column in ("documents", "a day", "media", "social"):
        made.add_column(column, justify="right")
    made.add_column("watershed")
    for row in found["months"]:
        bar = "█" * round(BAR * (row["per_day"] or 0) / most) if most else ""
        counts = (number(row["documents"], 0), number(row["per_day"], 1))
        sides = (number(row["media"], 0), number(row["social"], 0))
        made.add_row(
            row["month"], f"[dim]{bar}[/]", *counts, *sides, _mark(marks.get(row["month"]))
        )
    made.columns[1].justify = "left"
    # A bar that is cut is as long as the next one.
    made.columns[1].no_wrap = True
    return made


def _mark(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    change = f"{number(row['before'], 1)} to {number(row['after'], 1)} a day"
    if row["times"] is not None:
        change += f", {times(row['times'])}"
    new = row["from_new_sources"]
    return f"[bold]{change}[/]" + (f"; {percent(new, 0)} by sources new then" if new else "")


def _concentration(row: Mapping[str, Any], labels: Labels) -> Table:
    made = table("Concentration over cities", "measure", "value")
    made.add_row("share of the first ten", percent(row["top10_share"]))
    made.add_row(f"Gini (0-1, of {row['cities']} cities)", number(row["gini"], 3))
    made.add_row("Herfindahl-Hirschman (sum of squared shares)", number(row["hhi"], 4))
    made.add_row("as many as equally large cities", number(row["effective_cities"], 1))
    made.add_row("cities that hold nine tenths", number(row["holding_90"], 0))
    made.add_row("cities without a document", f"{row['silent_cities']:,}")
    made.add_section()
    for city in row["top"]:
        share = f"{city['documents']:,}  {percent(city['share']):>7}"
        made.add_row(safe(labels.get(city["city"], city["city"])), share)
    return made


def _channels(found: Mapping[str, Any]) -> Table:
    sides = found["sides"]
    title = f"Channels: media {percent(sides['media'], 2)}, social {percent(sides['social'], 2)}"
    names = ("documents", "share", "cities", "sources", "interactions", "median", "views")
    made = table(title, "channel", *names)
    for row in found["channels"]:
        if not row["looked_at"]:
            made.add_row(safe(row["channel"]), *["–"] * len(names))
            continue
        counts = (number(row[name], 0) for name in ("cities", "sources", "interactions"))
        seen = (number(row["per_document"], 0), number(row["views"], 0))
        shares = (f"{row['documents']:,}", percent(row["share"], 2))
        made.add_row(safe(row["channel"]), *shares, *counts, *seen)
    return packed(made)


def _topics(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    parts = {name: rows for name, rows in found.items() if rows}
    made = table("Topics: share of the documents that have it", *parts, words=len(parts))
    for place in range(max((len(rows) for rows in parts.values()), default=0)):
        cells = []
        for rows in parts.values():
            row = rows[place] if place < len(rows) else None
            cells.append(f"{safe(row['topic'])} {percent(row['share'])}" if row else "")
        made.add_row(*cells)
    return made


def _powers(rows: Sequence[Mapping[str, Any]], labels: Labels, top: int) -> Table:
    title = f"Hard and soft power: documents on hard and soft topics, {min(top, len(rows))} cities"
    made = table(title, "city", "documents", "hard", "soft", "soft share")
    made.add_column("leading topic")
    for row in rows[:top]:
        counts = (f"{row[name]:,}" for name in ("documents", "hard", "soft"))
        leading = "–"
        if row["leading"]:
            leading = f"{safe(row['leading'])} {percent(row['leading_share'], 0)}"
        label = safe(labels.get(row["city"], row["city"]))
        made.add_row(label, *counts, percent(row["soft_share"]), leading)
    return made


def _gdp(found: Mapping[str, Any]) -> Table:
    made = table("Against GDP in 2019", "ranked by", "cities", "top 10", "top 30", "Spearman")
    for column in ("Kendall", "rank-biased overlap"):
        made.add_column(column, justify="right")
    for name, row in (("documents", found["by_documents"]), ("index", found["by_index"])):
        if row is not None:
            shares = {part["depth"]: str(part["common"]) for part in row["overlap"]}
            depths = (shares.get(depth, "–") for depth in (10, 30))
            fits = (row[key] for key in ("spearman", "kendall", "rank_biased_overlap"))
            made.add_row(name, str(row["common"]), *depths, *(number(fit) for fit in fits))
    if not made.row_count:
        made.add_row("no GDP known", *["–"] * 6)
    return made
