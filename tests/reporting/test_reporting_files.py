from __future__ import annotations

import gc
import json
import resource
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree, html

from ccgcii_reports.html import HtmlReport
from ccgcii_reports.xlsx import XlsxReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

NASTY = '=HYPERLINK("http://x")<script>alert(1)</script>\x1b[31m\u202e'


def written(call: Call, path: Path, *options: str) -> dict[str, Any]:
    name = path.suffix[1:]
    call("report", "--findings", "--write", name, str(path), *options)
    found: dict[str, Any] = json.loads(call("report", "--findings", "--json").stdout)
    return found


def nasty(call: Call) -> dict[str, Any]:
    """Give results in which every text from outside is hostile."""
    results: dict[str, Any] = json.loads(call("report", "--findings", "--json").stdout)
    for row in results["ranking"]:
        row |= {"label": NASTY, "name_zh": NASTY}
    results["run"] |= {"recipe": NASTY, "notes": [NASTY]}
    results["findings"]["topics"]["all"][0]["topic"] = NASTY
    results["findings"]["cautions"] = [NASTY]
    return results


def test_the_page_holds_ranking_findings_funnel_and_coverage(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    results = written(scored, path)
    page = html.parse(str(path)).getroot()
    captions = [caption.text for caption in page.iter("caption")]
    for words in ("Ranking", "Volume by month", "Concentration", "Channels", "Funnel", "Coverage"):
        assert any(caption.startswith(words) for caption in captions), words
    first = page.xpath("//table[caption='Ranking']/tbody/tr[1]/td/text()")
    assert first[0] == "1"
    assert first[1] == f"{results['ranking'][0]['index']:.2f}"


def test_page_and_workbook_say_how_far_the_recipes_agree(scored: Call, tmp_path: Path) -> None:
    path, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    results = written(scored, path)
    pair = results["profiles"]["agreement"][0]
    said = f"Kendall's tau: {pair['first']} and {pair['second']} {pair['kendall']:.2f}"
    assert said in " ".join(html.parse(str(path)).getroot().itertext())
    written(scored, book)
    assert f"{pair['kendall']:.10g}" in sheets(book)["Agreement"]


def test_the_page_stands_alone(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    written(scored, path)
    text = path.read_text(encoding="utf-8")
    for outside in ("<script", "src=", "href=", "url(", "@import", "http:", "https:"):
        assert outside not in text
    policy = html.parse(str(path)).getroot().xpath("//meta[@http-equiv]/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_an_index_below_zero_has_no_bar(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    results: dict[str, Any] = json.loads(scored("report", "--json").stdout)
    for number, row in enumerate(results["ranking"]):
        row["index"] = -1.0 - number
    HtmlReport().write(results, path)
    widths = html.parse(str(path)).getroot().xpath("//span[@class='bar']/@style")
    assert {*widths} == {"width:0.0%"}


def test_the_page_says_what_was_left_out_and_whose_terms_restrict_it(
    scored: Call, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    results: dict[str, Any] = json.loads(scored("report", "--json").stdout)
    results["run"]["without"] = ["healthcare", NASTY]
    results["terms"] = ["youtube: its documents are measured (leave of 2020-01-01)"]
    HtmlReport().write(results, path)
    text = " ".join(html.parse(str(path)).getroot().itertext())
    assert "documents, without healthcare, =HYPERLINK" in text
    assert results["terms"][0] in text


def test_a_city_without_a_rank_has_a_dash_and_no_brackets(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    results: dict[str, Any] = json.loads(scored("report", "--json").stdout)
    for row in results["ranking"]:
        row |= {"adjusted": row["index"], "adjusted_rank": row["rank"]}
    nowhere: dict[str, Any] = dict.fromkeys(("rank", "index", "adjusted", "adjusted_rank"))
    nowhere["dimensions"] = {key: {"score": None, "rank": None} for key in row["dimensions"]}
    results["ranking"].append(row | nowhere)
    HtmlReport().write(results, path)
    last = html.parse(str(path)).getroot().xpath("//table[caption='Ranking']/tbody/tr[last()]/*")
    said = ["".join(cell.itertext()) for cell in last]
    assert [said[0], said[2], *said[4:]] == ["–"] * (len(said) - 2)


def test_every_row_of_the_page_is_as_wide_as_its_head(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    written(scored, path)
    for table in html.parse(str(path)).getroot().iter("table"):
        head = len(table.xpath("./thead/tr/th"))
        assert {len(row.xpath("./td|./th")) for row in table.xpath("./tbody/tr")} <= {head}


def test_the_page_can_be_heard_and_moved_through_by_keys(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    results = written(scored, path)
    page = html.parse(str(path)).getroot()
    assert all("".join(head.itertext()).strip() for head in page.iter("th"))
    for table in page.iter("table"):
        if table.findtext("caption") != "Topics":
            assert {len(row.xpath("./th[@scope='row']")) for row in table.xpath("tbody/tr")} <= {1}
            assert table.xpath("tbody/tr/th[@scope='row']")
        region = table.getparent()
        assert (region.get("tabindex"), region.get("aria-label")) == ("0", table[0].text)
    assert all(bar.get("aria-hidden") == "true" for bar in page.xpath("//*[@class='bar']"))
    chinese = page.xpath("//table[caption='Ranking']/tbody/tr[1]/th/span[@lang='zh']")
    assert chinese[0].text == results["ranking"][0]["name_zh"]


def test_hostile_text_is_text_on_the_page(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    HtmlReport().write(nasty(scored), path)
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_before_the_first_score_there_is_a_page_too(ccgcii: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    ccgcii("report", "--write", "html", str(path))
    assert "Before the first score" in path.read_text(encoding="utf-8")
    ccgcii("report", "--write", "xlsx", str(tmp_path / "report.xlsx"))


def sheets(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        names = etree.fromstring(book.read("xl/workbook.xml"))
        titles = [node.get("name") for node in names.iter("{*}sheet")]
        return {
            str(title): book.read(f"xl/worksheets/sheet{number}.xml").decode()
            for number, title in enumerate(titles, start=1)
        }


def test_the_workbook_has_a_sheet_for_each_part(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    results = written(scored, path)
    found = sheets(path)
    assert {"Ranking", "Run", "Months", "Channels", "Topics", "Funnel", "Coverage"} <= set(found)
    assert repr(results["ranking"][0]["index"])[:12] in found["Ranking"]


def test_no_note_is_cut_off_however_many_there_are(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    results: dict[str, Any] = json.loads(scored("report", "--json").stdout)
    results["run"]["notes"] = [f"P{number}: 93 of 100 cells treated" for number in range(1500)]
    results["terms"] = ["youtube: not measured"]
    XlsxReport().write(results, path)
    with zipfile.ZipFile(path) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert results["run"]["notes"][-1] in texts
    assert "youtube: not measured" in texts


def test_hostile_text_is_no_formula_in_the_workbook(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    XlsxReport().write(nasty(scored), path)
    assert not any("<f>" in text or "hyperlink" in text for text in sheets(path).values())
    with zipfile.ZipFile(path) as book:
        assert "\x1b" not in book.read("xl/sharedStrings.xml").decode()


def test_findings_stand_in_the_terminal_when_asked_for(scored: Call) -> None:
    assert "Concentration" not in scored("report").stdout
    assert "Concentration" in scored("report", "--findings").stdout


@pytest.mark.parametrize("kind", [HtmlReport, XlsxReport])
def test_a_full_disk_is_one_error_and_nothing_is_said_after_it(
    scored: Call, tmp_path: Path, kind: type[Any]
) -> None:
    results: dict[str, Any] = json.loads(scored("report", "--findings", "--json").stdout)
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As on a full disk, no file may grow; Python is told by an error, and not ended by a signal.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, allowed[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            kind().write(results, tmp_path / f"report{kind.suffix}")
        # What is collected now and fails would warn, which is an error here.
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)


def test_a_report_takes_the_place_of_the_one_before_it(scored: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("of last week")
    path.chmod(0o640)
    scored("report", "--write", "json", str(path))
    assert json.loads(path.read_text(encoding="utf-8"))["ranking"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.glob(".*.json"))
