"""A workbook for spreadsheets: ranking, findings, funnel and coverage, a sheet each."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Cells = Sequence[Any]

# Whatever a text looks like, it is written as text: no formula, no link.
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
WIDEST = 60


class XlsxReport:
    """The results as numbers, not as they are printed; what is unknown is an empty cell."""

    name: ClassVar[str] = "xlsx"
    suffix: ClassVar[str] = ".xlsx"

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the workbook; its first row stands still when the others are scrolled."""
        # Late, so that a report in another format does not load it.
        from xlsxwriter import Workbook  # noqa: PLC0415

        # Made in memory: on a full disk a zip that is written in pieces fails a second time.
        made = BytesIO()
        with Workbook(made, OPTIONS) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            for name, rows in _sheets(results):
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                lines = [[_plain(cell) for cell in row] for row in rows]
                for number, row in enumerate(lines):
                    for column, cell in enumerate(row):
                        _write(sheet, (number, column), cell, None if number else bold)
                for column, width in enumerate(_widths(lines)):
                    sheet.set_column(column, column, width)
        path.write_bytes(made.getbuffer())


def _sheets(results: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[Cells]]]:
    if results["run"] is not None:
        yield "Ranking", _ranking(results)
        yield "Run", _pairs(results["run"])
        yield "Recipes", _profiles(results["profiles"])
        yield "Agreement", _rows(results["profiles"]["agreement"])
    if results["adjustments"] is not None:
        yield "Adjustments", _adjustments(results["adjustments"])
    found = results.get("findings")
    if found is not None:
        yield "Cautions", [["caution"], *([caution] for caution in found["cautions"])]
        yield "Months", _months(found)
        yield "Years", _years(found)
        yield "Channels", _rows(found["channels"])
        yield "Topics", _topics(found)
        yield "Power", _rows(found["powers"])
        spread = found["concentration"]
        yield "Concentration", _pairs({k: v for k, v in spread.items() if k != "top"})
    if results["terms"]:
        yield "Terms", [["terms of sources"], *([sentence] for sentence in results["terms"])]
    yield "Funnel", _funnel(results["funnel"])
    yield "Coverage", _rows(results["coverage"])


def _ranking(results: Mapping[str, Any]) -> Iterator[Cells]:
    dimensions = list(results["ranking"][0]["dimensions"])
    places = [name for dimension in dimensions for name in (dimension, f"{dimension} rank")]
    names = ["rank", "city", "label", "name_zh", "index"]
    if any(row["adjusted"] is not None for row in results["ranking"]):
        names += ["adjusted", "adjusted_rank"]
    yield [*(name.replace("adjusted_", "adjusted ") for name in names), *places]
    for row in results["ranking"]:
        cells = [row[key] for key in names]
        for dimension in dimensions:
            place = row["dimensions"][dimension]
            cells += [place["score"], place["rank"]]
        yield cells


def _profiles(found: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["city", *found["recipes"]]
    for row in found["cities"]:
        yield [row["city"], *(row["ranks"][name] for name in found["recipes"])]


def _adjustments(found: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["city", "level", "target", "median", "expert", "round", "factor", "reason", "evidence"]
    for factor in found["factors"]:
        cells = [factor[name] for name in ("city", "level", "target", "factor")]
        for opinion in factor["opinions"]:
            said = [opinion[name] for name in ("expert", "round", "factor", "reason")]
            yield [*cells, *said, "\n".join(opinion["evidence"])]


def _months(found: Mapping[str, Any]) -> Iterator[Cells]:
    marks = {row["month"]: row for row in found["watersheds"]}
    names = ("month", "days", "seen_days", "documents", "media", "social", "per_day")
    yield [*names, "watershed: a day before", "a day after"]
    for row in found["months"]:
        mark = marks.get(row["month"], {"before": None, "after": None})
        yield [*(row[name] for name in names), mark["before"], mark["after"]]


def _years(found: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["year", "documents", "days", "compared from", "to", "before", "now", "times"]
    for row in found["years"]:
        growth = row["growth"] or {}
        compared = (growth.get(name) for name in ("from", "to", "before", "now", "times"))
        yield [row["year"], row["documents"], row["days"], *compared]


def _topics(found: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["channel", "topic", "documents", "share"]
    for channel, rows in found["topics"].items():
        for row in rows:
            yield [channel, row["topic"], row["documents"], row["share"]]


def _funnel(funnel: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["layer", "name", "filter", "in", "dropped", "kept"]
    for row in funnel["layers"]:
        yield [row["layer"], row["name"], None, row["in"], row["dropped"], row["kept"]]
        for part in row["filters"]:
            yield [row["layer"], row["name"], part["filter"], None, part["dropped"], None]


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[Cells]:
    if rows:
        yield list(rows[0])
    for row in rows:
        yield list(row.values())


def _pairs(values: Mapping[str, Any]) -> Iterator[Cells]:
    yield ["what", "value"]
    for name, value in values.items():
        # A row for each of several: a cell holds 32,767 characters, and is cut without a word.
        for each in value if isinstance(value, list) and value else [value]:
            yield [name, None if each == [] else each]


def _plain(cell: Any) -> Any:
    """Return a number as it is, and text without control or direction characters."""
    if cell is None or isinstance(cell, bool | int | float):
        return cell
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(cell))


def _write(sheet: Any, place: tuple[int, int], cell: Any, style: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell, style)
    elif cell is not None:
        sheet.write_string(*place, cell, style)


def _widths(lines: Sequence[Cells]) -> list[int]:
    size = max((len(row) for row in lines), default=0)
    return [
        min(WIDEST, 2 + max(len(str(row[column])) for row in lines if column < len(row)))
        for column in range(size)
    ]
