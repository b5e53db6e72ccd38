"""One page that needs nothing else: ranking, findings, funnel and coverage as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Row = Mapping[str, Any]

MOST_CITIES = 30


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar in place of a number: this share of the width of its column."""

    share: float


@dataclass(frozen=True, slots=True)
class _City:
    """A city's name, the Chinese one marked as Chinese for whoever hears the page."""

    label: str
    name_zh: str


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
            f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
            f"<h1>{_text(title)}</h1>\n{parts}\n</main>\n</body>\n</html>\n",
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
        f"<p>{len(rows):,} cities by {run['documents']:,} documents{_text(without)}, recipe "
        f"{_text(run['recipe'])}, run {run['id']}. Scores compare cities with one another; "
        "the rank in a dimension stands in brackets.</p>"
    )
    dimensions = list(rows[0]["dimensions"])
    beside = any(row["adjusted"] is not None for row in rows)
    most = max((row["index"] or 0 for row in rows), default=0) or 1
    body: list[list[Any]] = []
    for row in rows:
        cells = [row["rank"], _City(row["label"], row["name_zh"]), _number(row["index"])]
        cells.append("" if row["index"] is None else _Bar(row["index"] / most))
        for name in dimensions:
            place = row["dimensions"][name]
            cells.append(_placed(place["score"], place["rank"]))
        if beside:
            cells.append(_placed(row["adjusted"], row["adjusted_rank"]))
        body.append(cells)
    columns = ["rank", "city", "index", "bar", *dimensions, *(["adjusted"] if beside else [])]
    yield _table("Ranking", columns, body, words=(1, 3), head=1)
    yield from _adjustments(results)
    yield from _profiles(results)
    if run["notes"]:
        notes = "".join(f"<li>{_text(note)}</li>" for note in run["notes"])
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
    yield _table("Experts' adjustments", columns, rows, words=(0, 1, 2, 4, 6, 7))


def _profiles(results: Mapping[str, Any]) -> Iterable[str]:
    found = results["profiles"]
    if not found["recipes"]:
        return
    labels = _labels(results)
    rows = [
        [labels[row["city"]], *(row["ranks"][name] for name in found["recipes"])]
        for row in found["cities"]
    ]
    yield _table("Ranks by every shipped recipe", ["city", *found["recipes"]], rows)


def _findings(results: Mapping[str, Any]) -> Iterable[str]:
    found = results.get("findings")
    if found is None:
        return
    labels = _labels(results)
    yield "<h2>Findings</h2>"
    if found["cautions"]:
        said = "".join(f"<li>{_text(caution)}</li>" for caution in found["cautions"])
        yield f'<ul class="mind">{said}</ul>'
    yield from _volume(found)
    yield from _shape(found, labels)
    rows = [
        [
            labels.get(row["city"], row["city"]),
            *(f"{row[k]:,}" for k in ("documents", "hard", "soft")),
            _percent(row["soft_share"]),
            row["leading"],
        ]
        for row in found["powers"][:MOST_CITIES]
    ]
    columns = ["city", "documents", "hard", "soft", "soft share", "leading topic"]
    yield _table("Hard and soft power", columns, rows, words=(0, 5))


def _volume(found: Row) -> Iterable[str]:
    rows = []
    for row in found["years"]:
        growth = row["growth"] or {"before": None, "times": None}
        rows.append([row["year"], f"{row['documents']:,}", _number(growth["before"], 0)])
        rows[-1].append("–" if growth["times"] is None else f"× {growth['times']:.2f}")
    columns = ["year", "documents", "same days, year before", "growth"]
    yield _table("Volume by year", columns, rows)
    marks = {row["month"]: row for row in found["watersheds"]}
    most = max((row["per_day"] for row in found["months"]), default=0) or 1
    lines = []
    for row in found["months"]:
        mark = marks.get(row["month"])
        said = f"{mark['before']:.1f} to {mark['after']:.1f} a day" if mark else ""
        cells = (row["month"], f"{row['documents']:,}", f"{row['per_day']:.1f}")
        lines.append([*cells, _Bar(row["per_day"] / most), said])
    columns = ["month", "documents", "a day", "bar", "watershed"]
    yield _table("Volume by month", columns, lines, words=(3, 4))


def _shape(found: Row, labels: Mapping[str, _City]) -> Iterable[str]:
    spread = found["concentration"]
    rows: list[list[Any]] = [
        ["share of the first ten", _percent(spread["top10_share"])],
        ["Gini", _number(spread["gini"], 3)],
        ["Herfindahl-Hirschman", _number(spread["hhi"], 4)],
        ["cities that hold nine tenths", _number(spread["holding_90"], 0)],
        ["cities without a document", f"{spread['silent_cities']:,}"],
    ]
    rows += [
        [labels.get(city["city"], city["city"]), _percent(city["share"])] for city in spread["top"]
    ]
    yield _table("Concentration", ["measure", "value"], rows)
    names = ("documents", "cities", "sources", "interactions", "views")
    rows = [
        [row["channel"], _percent(row["share"]), *(_number(row[name], 0) for name in names)]
        for row in found["channels"]
    ]
    yield _table("Channels", ["channel", "share", *names], rows)
    parts = {name: topics for name, topics in found["topics"].items() if topics}
    if parts:
        depth = max(len(topics) for topics in parts.values())
        rows = [[_topic(topics, place) for topics in parts.values()] for place in range(depth)]
        yield _table("Topics", list(parts), rows, words=tuple(range(len(parts))), head=None)


def _data(results: Mapping[str, Any]) -> Iterable[str]:
    funnel = results["funnel"]
    rows = [
        [f"{row['layer']} {row['name']}", *(f"{row[key]:,}" for key in ("in", "dropped", "kept"))]
        for row in funnel["layers"]
    ]
    yield "<h2>Data</h2>"
    yield from (f'<p class="mind">{_text(sentence)}</p>' for sentence in results["terms"])
    title = f"Funnel: {funnel['captures']:,} captures, {funnel['kept']:,} documents kept"
    yield _table(title, ["layer", "in", "dropped", "kept"], rows)
    names = ("documents", "mentions", "cities", "outlets", "accounts", "languages", "countries")
    rows = [
        [row["channel"], *(f"{row[name]:,}" for name in names), row["first"], row["last"]]
        for row in results["coverage"]
    ]
    yield _table("Coverage by channel", ["channel", *names, "first day", "last day"], rows)


def _topic(topics: Sequence[Row], place: int) -> str:
    if place >= len(topics):
        return ""
    return f"{topics[place]['topic']} {_percent(topics[place]['share'])}"


def _table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    words: tuple[int, ...] = (0,),
    head: int | None = 0,
) -> str:
    """Lay rows out; the columns in `words` are text, to the left, the others numbers.

    `head` is the column that says what a row is about, read out before each of its cells.
    """
    lines = []
    for row in rows:
        cells = (
            _cell(cell, "th" if place == head else "td", word=place in words)
            for place, cell in enumerate(row)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return _frame(title, _head(columns, words), "\n".join(lines))


def _cell(cell: Any, tag: str, *, word: bool) -> str:
    if isinstance(cell, _Bar):
        # The number that it shows stands in a cell of its own.
        width = 100 * min(1, max(0, cell.share))
        bar = f'<span class="bar" aria-hidden="true" style="width:{width:.1f}%"></span>'
        return f'<td class="chart">{bar}</td>'
    said = _text(cell)
    if isinstance(cell, _City):
        said = f'{_text(cell.label)} <span lang="zh">{_text(cell.name_zh)}</span>'
    scope = ' scope="row"' if tag == "th" else ""
    kind = ' class="word"' if word else ""
    return f"<{tag}{scope}{kind}>{said}</{tag}>"


def _head(columns: Sequence[str], words: tuple[int, ...]) -> str:
    cells = (
        f'<th scope="col" class="word">{_text(name)}</th>'
        if place in words
        else f'<th scope="col">{_text(name)}</th>'
        for place, name in enumerate(columns)
    )
    return "".join(cells)


def _frame(title: str, head: str, body: str) -> str:
    # Whoever has no mouse scrolls a wide table by keys, once it can have the focus.
    return (
        f'<section class="wide" tabindex="0" aria-label="{_text(title)}"><table>'
        f"<caption>{_text(title)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></section>"
    )


def _labels(results: Mapping[str, Any]) -> dict[str, _City]:
    return {row["city"]: _City(row["label"], row["name_zh"]) for row in results["ranking"]}


def _text(value: Any) -> str:
    """Return foreign text without control or direction characters, its markup escaped."""
    if value is None:
        return "–"
    return escape("".join(c if c.isprintable() else " " for c in str(value)))


def _placed(score: float | None, rank: int | None) -> str:
    return _number(score) + ("" if rank is None else f" ({rank})")


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
