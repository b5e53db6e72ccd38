"""Excel workbooks as tables: which sheet, which header, what a cell is, and what is refused."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from xlsxwriter import Workbook

from ccgcii import ImportFileError, Record, open_table
from ccgcii.importing.runs import expand, import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ccgcii.workspace import Workspace

Sheets = dict[str, list[Any]]


def write(
    path: Path,
    sheets: Sheets,
    *,
    hidden: Sequence[str] = (),
    options: dict[str, bool] | None = None,
) -> Path:
    book = Workbook(str(path), options)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, (datetime, date, time)):
                    sheet.write_datetime(number, place, cell, moment)
                elif isinstance(cell, Formula):
                    sheet.write_formula(number, place, cell.written, None, cell.value)
                elif cell is not None:
                    sheet.write(number, place, cell)
    book.close()
    return path


class Formula:
    def __init__(self, written: str, value: Any) -> None:
        self.written, self.value = written, value


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [dict(row.values) for row in open_table(path).rows()]  # type: ignore[union-attr]  # no bad rows here


def replace_part(path: Path, part: str, change: Callable[[bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            changed = change(content) if name == part else content
            if changed is not None:
                archive.writestr(name, changed)
    return path


SHEET = "xl/worksheets/sheet1.xml"
POSTS = [["Id", "Text", "Created"], [1, "Wuhan today", datetime(2020, 4, 5, 6, 7)]]  # noqa: DTZ001


def test_the_widest_visible_sheet_is_read_below_its_report_data(tmp_path: Path) -> None:
    sheets: Sheets = {
        "Summary": [["Report", "Chengdu"], ["From", "1 January"]],
        "Mentions": [["Project:", "Chengdu"], [], ["Date", "Title", "Url"], ["d", "A", "http://a"]],
        "Secret": [["a", "b", "c", "d", "e"]],
    }
    path = write(tmp_path / "a.xlsx", sheets, hidden=["Secret"])
    table = open_table(path)
    assert table.columns == ("Date", "Title", "Url")
    assert table.layout == "Excel, sheet 'Mentions'; not read: 'Summary'"
    assert [row.line for row in table.rows()] == [4]
    assert table.sample == {"Date": "d", "Title": "A", "Url": "http://a"}


def test_cells_have_their_types_and_empty_ones_are_none(tmp_path: Path) -> None:
    header = ["id", "text", "at", "on", "from", "likes", "seen"]
    cells = [12, "武汉", datetime(2020, 4, 5, 6, 7, 8), date(2020, 4, 5), time(6, 7), None, True]  # noqa: DTZ001
    path = write(tmp_path / "a.xlsx", {"Sheet1": [header, cells]})
    assert rows_of(path) == [dict(zip(header, cells, strict=True))]


@pytest.mark.parametrize("kept", [{"date_1904": True}, {"constant_memory": True}])
def test_workbooks_of_other_programs_say_the_same(tmp_path: Path, kept: dict[str, bool]) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": POSTS}, options=kept)
    assert rows_of(path) == [dict(zip(*POSTS, strict=True))]


def test_a_formula_gives_what_was_saved_with_it_and_a_failed_one_nothing(tmp_path: Path) -> None:
    saved = [Formula('="Wu"&"han"', "Wuhan"), Formula("=1/0", "#DIV/0!"), Formula("=NA()", "#N/A")]
    path = write(tmp_path / "a.xlsx", {"Sheet1": [["text", "likes", "views"], saved]})
    assert rows_of(path) == [{"text": "Wuhan", "likes": None, "views": None}]


def test_ends_of_lines_inside_a_cell_are_what_they_were(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": [["id", "text"], [1, "one\ntwo"]]})
    replace_part(
        path, "xl/sharedStrings.xml", lambda part: part.replace(b"one\ntwo", b"one_x000D_\ntwo")
    )
    assert rows_of(path)[0]["text"] == "one\r\ntwo"


def test_a_wrong_dimension_costs_no_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": [*POSTS, [2, "Chengdu", None]]})
    replace_part(path, SHEET, lambda part: part.replace(b'ref="A1:C3"', b'ref="A1"'))
    assert [row["Text"] for row in rows_of(path)] == ["Wuhan today", "Chengdu"]


def test_a_date_outside_the_calendar_is_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": POSTS})
    replace_part(path, SHEET, lambda part: part.replace(b"<v>43926", b"<v>43926000"))
    assert rows_of(path)[0]["Created"] is None


def test_a_workbook_that_was_saved_again_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": POSTS})
    assert open_table(path) is open_table(path)
    write(path, {"Sheet2": [*POSTS, [2, "Chengdu and its pandas", None]]})
    assert open_table(path).layout == "Excel, sheet 'Sheet2'"


def test_rows_without_anything_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Sheet1": [*POSTS, [], [None, "  "], [3, "Xi'an"]]})
    assert [row.line for row in open_table(path).rows()] == [2, 5]


def test_a_workbook_is_imported_as_the_export_it_is(tmp_path: Path, workspace: Workspace) -> None:
    header = ["Date", "Time", "URL", "Opening Text", "Hit Sentence", "Source", "Likes"]
    row = [
        date(2020, 3, 27),
        time(23, 46),
        "https://x.com/a/status/12",
        "Wuhan reopens",
        None,
        "X",
        7,
    ]
    path = write(tmp_path / "meltwater.xlsx", {"Mentions": [header, row, [None] * 6 + [3]]})
    summary = import_files(workspace, [path], timezone="Asia/Shanghai").files[0]
    assert (summary.format, summary.new, summary.undated) == ("meltwater", 1, 0)
    assert summary.first_refused == ((3, "no text, no title and no url"),)
    reader = workspace.plugins.readers()["meltwater"]
    record = next(record for record in reader.read(path) if isinstance(record, Record))
    assert (record.id, record.likes, record.channel) == ("12", 7, "x")
    assert record.published_at == datetime(2020, 3, 27, 23, 46, tzinfo=UTC)


def test_an_identity_that_excel_rounded_is_none(tmp_path: Path, workspace: Workspace) -> None:
    rows = [["tweet_id", "text"], [1227640465430372352, "Wuhan"], [4503599627370497, "Xi'an"]]
    path = write(tmp_path / "a.xlsx", {"Sheet1": rows})
    reader = workspace.plugins.readers()["generic"]
    ids = [record.id for record in reader.read(path) if isinstance(record, Record)]
    assert ids == ["", "4503599627370497"]


def test_a_folder_gives_its_workbooks_but_no_traces_of_an_open_office(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", {"Sheet1": POSTS})
    (tmp_path / "~$a.xlsx").write_bytes(b"somebody")
    assert expand([tmp_path]) == [book]


def test_a_broken_sheet_gives_its_rows_and_then_an_error_with_sheet_and_row(tmp_path: Path) -> None:
    rows = [["id", "text"], *([number, "Wuhan"] for number in range(200))]
    path = write(tmp_path / "a.xlsx", {"Posts": rows})
    replace_part(path, SHEET, lambda part: part[: part.index(b'<row r="150"')] + b"<row <")
    seen: list[object] = []
    with pytest.raises(ImportFileError, match=r"sheet 'Posts' breaks after row 149 \(") as caught:
        seen.extend(open_table(path).rows())
    assert len(seen) == 148
    assert str(path) in str(caught.value)


def test_entities_of_xml_are_not_followed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Posts": [["id", "text"], [1, "Wuhan"]]})
    bomb = b'<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    replace_part(path, SHEET, lambda part: part.replace(b"<worksheet", bomb + b"<worksheet"))
    with pytest.raises(ImportFileError, match="damaged Excel workbook"):
        open_table(path)


def test_a_row_that_no_sheet_can_have_is_not_waited_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Posts": [["id", "text"], [1, "Wuhan"]]})
    replace_part(path, SHEET, lambda part: part.replace(b'<row r="2"', b'<row r="999999999999"'))
    assert rows_of(path) == []


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("xl/workbook.xml", "damaged Excel workbook"),
        (SHEET, "no visible sheet of the workbook holds anything"),
        ("[Content_Types].xml", "a zip archive: unpack it"),
    ],
)
def test_a_workbook_without_a_part_is_refused_by_name(
    tmp_path: Path, part: str, message: str
) -> None:
    path = write(tmp_path / "a.xlsx", {"Posts": POSTS})
    replace_part(path, part, lambda _: None)
    with pytest.raises(ImportFileError, match=message) as caught:
        open_table(path)
    assert str(path) in str(caught.value)


def test_what_is_no_workbook_of_ours_is_refused_with_what_to_do(tmp_path: Path) -> None:
    archive, binary, empty = tmp_path / "a.zip", tmp_path / "a.xlsb", tmp_path / "empty.xlsx"
    for path, part in ((archive, "posts.csv"), (binary, "xl/workbook.bin")):
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(part, "x")
    write(empty, {"Sheet1": [], "Secret": POSTS}, hidden=["Secret"])
    said = {archive: "a zip archive", binary: "save it as .xlsx", empty: "no visible sheet"}
    for path, message in said.items():
        with pytest.raises(ImportFileError, match=message):
            open_table(path)


def test_the_bar_comes_to_the_end_of_the_file(tmp_path: Path) -> None:
    rows = [["id", "text"], *([number, "Wuhan"] for number in range(500))]
    path = write(tmp_path / "a.xlsx", {"Posts": rows})
    read: list[int] = []
    assert len(list(open_table(path).rows(read.append))) == 500
    assert sum(read) == path.stat().st_size
