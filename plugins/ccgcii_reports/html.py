"""One page that needs nothing else: ranking, findings, funnel and coverage as HTML."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar

from ccgcii_reports.markup import Bar, City, number, percent, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Row = Mapping[str, Any]

MOST_CITIES = 30
# Whatever got into the page, a browser may neither run it nor fetch anything for it.
NOTHING_ELSE = "default-src 'none'; style-src 'unsafe-inline'"


class HtmlReport:
    """A page without scripts, fonts or images from elsewhere; foreign text is escaped."""

    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".html"

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the page in UTF-8."""
        style = (resources.files("ccgcii_reports") / "page.css").read_text("utf-8")
        title = _title(results["run"])
        parts = "\n".join([*_ranking(results), *_findings(results), *_data(results)])
        path.write_text(
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_ELSE}">\n'
            f"<title>{text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
            f"<h1>{text(title)}</h1>\n{parts}\n</main>\n</body>\n</html>\n",
            encoding="utf-8",
        )


def _title(run: Row | None) -> str:
    if run is None:
        return "Before the first score"
    return f"Global communications impact of cities, {run['since']} to {run['until']}"


def _ranking(results: Mapping[str, Any]) -> Iterable[str]:
    run, rows = results["run"], results["ranking"]
    if run is None or not rows:
        return
    without = f", without {', '.join(run['without'])}" if run["without"] else ""
    yield (
        f"<p>{len(rows):,} cities by {run['documents']:,} documents{text(without)}, recipe "
        f"{text(run['recipe'])}, run {run['id']}. Scores compare cities with one another; "
        "the rank in a dimension stands in brackets.</p>"
    )
    dimensions = list(rows[0]["dimensions"])
    beside = any(row["adjusted"] is not None for row in rows)
    most = max(0, *(row["index"] or 0 for row in rows)) or 1
    body: list[list[Any]] = []
    for row in rows:
        cells = [row["rank"], City(row["label"], row["name_zh"]), number(row["index"])]
        cells.append("" if row["index"] is None else Bar(row["index"] / most))
        for name in dimensions:
            place = row["dimensions"][name]
            cells.append(_placed(place["score"], place["rank"]))
        if beside:
            cells.append(_placed(row["adjusted"], row["adjusted_rank"]))
        body.append(cells)
    columns = ["rank", "city", "index", "bar", *dimensions, *(["adjusted"] if beside else [])]
    yield table("Ranking", columns, body, words=(1, 3), head=1)
    yield from _adjustments(results)
    yield from _profiles(results)
    if run["notes"]:
        notes = "".join(f"<li>{text(note)}</li>" for note in run["notes"])
        yield f"<details><summary>Notes on this score</summary><ul>{notes}</ul></details>"


def _adjustments(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["adjustments"]
    if found is None:
        return
    agreed = found["agreement"]
    yield (
        f"<p>Adjusted by {agreed['experts']} experts in {agreed['cases']} cases, Kendall's W "
        f"{agreed['w']:.2f} (p {agreed['p']:.3f}).</p>"
    )
    rows = [
        [
            *(factor[name] for name in ("city", "level", "target")),
            f"{factor['factor']:.3f}",
            opinion["expert"],
            f"{opinion['factor']:.2f}",
            opinion["reason"],
            "; ".join(opinion["evidence"]),
        ]
        for factor in found["factors"]
        for opinion in factor["opinions"]
    ]
    columns = ["city", "level", "target", "median", "expert", "factor", "reason", "evidence"]
    yield table("Experts' adjustments", columns, rows, words=(0, 1, 2, 4, 6, 7))


def _profiles(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["profiles"]
    if not found["recipes"]:
        return
    labels = _labels(results)
    rows = [
        [labels[row["city"]], *(row["ranks"][name] for name in found["recipes"])]
        for row in found["cities"]
    ]
    yield table("Ranks by every shipped recipe", ["city", *found["recipes"]], rows)
    pairs = (
        f"{row['first']} and {row['second']} {number(row['kendall'])}" for row in found["agreement"]
    )
    yield f"<p>Kendall's tau: {text(', '.join(pairs))}</p>"


def _findings(results: Mapping[str, Any]) -> Iterable[str]:
    found = results.get("findings")
    if found is None:
        return
    labels = _labels(results)
    yield "<h2>Findings</h2>"
    if found["cautions"]:
        said = "".join(f"<li>{text(caution)}</li>" for caution in found["cautions"])
        yield f'<ul class="mind">{said}</ul>'
    yield from _volume(found)
    yield from _shape(found, labels)
    rows = [
        [
            labels.get(row["city"], row["city"]),
            *(f"{row[k]:,}" for k in ("documents", "hard", "soft")),
            percent(row["soft_share"]),
            row["leading"],
        ]
        for row in found["powers"][:MOST_CITIES]
    ]
    columns = ["city", "documents", "hard", "soft", "soft share", "leading topic"]
    yield table("Hard and soft power", columns, rows, words=(0, 5))


def _volume(found: Row) -> Iterable[str]:
    rows = []
    for row in found["years"]:
        growth = row["growth"] or {"before": None, "times": None}
        rows.append([row["year"], f"{row['documents']:,}", number(growth["before"], 0)])
        rows[-1].append("–" if growth["times"] is None else f"× {growth['times']:.2f}")
    columns = ["year", "documents", "same days, year before", "growth"]
    yield table("Volume by year", columns, rows)
    marks = {row["month"]: row for row in found["watersheds"]}
    most = max((row["per_day"] or 0 for row in found["months"]), default=0) or 1
    lines = []
    for row in found["months"]:
        mark = marks.get(row["month"])
        said = f"{mark['before']:.1f} to {mark['after']:.1f} a day" if mark else ""
        cells = (row["month"], number(row["documents"], 0), number(row["per_day"], 1))
        lines.append([*cells, Bar((row["per_day"] or 0) / most), said])
    columns = ["month", "documents", "a day", "bar", "watershed"]
    yield table("Volume by month", columns, lines, words=(3, 4))


def _shape(found: Row, labels: Mapping[str, City]) -> Iterable[str]:
    spread = found["concentration"]
    rows: list[list[Any]] = [
        ["share of the first ten", percent(spread["top10_share"])],
        ["Gini", number(spread["gini"], 3)],
        ["Herfindahl-Hirschman", number(spread["hhi"], 4)],
        ["cities that hold nine tenths", number(spread["holding_90"], 0)],
        ["cities without a document", f"{spread['silent_cities']:,}"],
    ]
    rows += [
        [labels.get(city["city"], city["city"]), percent(city["share"])] for city in spread["top"]
    ]
    yield table("Concentration", ["measure", "value"], rows)
    names = ("documents", "cities", "sources", "interactions", "views")
    rows = [
        [row["channel"], percent(row["share"]), *(number(row[name], 0) for name in names)]
        for row in found["channels"]
    ]
    yield table("Channels", ["channel", "share", *names], rows)
    parts = {name: topics for name, topics in found["topics"].items() if topics}
    if parts:
        depth = max(len(topics) for topics in parts.values())
        rows = [[_topic(topics, place) for topics in parts.values()] for place in range(depth)]
        yield table("Topics", list(parts), rows, words=tuple(range(len(parts))), head=None)


def _data(results: Mapping[str, Any]) -> Iterable[str]:
    funnel = results["funnel"]
    rows = [
        [f"{row['layer']} {row['name']}", *(f"{row[key]:,}" for key in ("in", "dropped", "kept"))]
        for row in funnel["layers"]
    ]
    yield "<h2>Data</h2>"
    yield from (f'<p class="mind">{text(sentence)}</p>' for sentence in results["terms"])
    title = f"Funnel: {funnel['captures']:,} captures, {funnel['kept']:,} documents kept"
    yield table(title, ["layer", "in", "dropped", "kept"], rows)
    names = ("documents", "mentions", "cities", "outlets", "accounts", "languages", "countries")
    rows = [
        [row["channel"], *(f"{row[name]:,}" for name in names), row["first"], row["last"]]
        for row in results["coverage"]
    ]
    yield table("Coverage by channel", ["channel", *names, "first day", "last day"], rows)


def _topic(topics: Sequence[Row], place: int) -> str:
    if place >= len(topics):
        return ""
    return f"{topics[place]['topic']} {percent(topics[place]['share'])}"


def _labels(results: Mapping[str, Any]) -> dict[str, City]:
    return {row["city"]: City(row["label"], row["name_zh"]) for row in results["ranking"]}


def _placed(score: float | None, rank: int | None) -> str:
    return number(score) + ("" if rank is None else f" ({rank})")
