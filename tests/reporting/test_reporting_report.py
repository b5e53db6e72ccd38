from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import TYPE_CHECKING, Any

from ccgcii.errors import ConfigError, ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]


def report(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("report", "--json").stdout)
    return found


BESIDE = ("adjusted", "adjusted_rank")


def drop(config: Path, layer: int, name: str, documents: range) -> None:
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        store.executemany(
            "INSERT INTO 'drop' VALUES (?, ?, ?, 'because')",
            [(number, layer, name) for number in documents],
        )
        store.executemany(
            "UPDATE document SET dropped = ? WHERE id = ?", [(layer, n) for n in documents]
        )
    store.close()


def test_the_ranking_carries_dimensions_with_ranks(scored: Call) -> None:
    first = report(scored)["ranking"][0]
    assert [*first] == ["rank", "city", "label", "name_zh", "index", *BESIDE, "dimensions"]
    assert [*first["dimensions"]] == ["penetration", "breadth", "dynamism", "responsiveness"]
    assert first["rank"] == 1
    assert {*first["dimensions"]["breadth"]} == {"score", "rank"}


def test_the_report_is_about_the_newest_score(scored: Call) -> None:
    scored("score", "--since", "2020-02-01")
    run = report(scored)["run"]
    assert run["id"] == 2
    assert run["since"] == "2020-02-01"


def test_the_funnel_adds_up(scored: Call, config: Path) -> None:
    drop(config, 1, "too-short", range(1, 11))
    drop(config, 3, "same-text", range(11, 16))
    funnel = report(scored)["funnel"]
    assert funnel["captures"] == 600
    assert [layer["in"] for layer in funnel["layers"]] == [600, 590, 590, 585, 585]
    assert funnel["layers"][2]["filters"] == [{"filter": "same-text", "dropped": 5}]
    assert funnel["kept"] == 585


def test_the_volume_is_told_by_pieces_and_by_stories(scored: Call, config: Path) -> None:
    assert report(scored)["funnel"]["stories"] is None
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        # Three copies of each piece, one after the other.
        store.execute("UPDATE document SET story_id = id - (id - 1) % 3")
        (pieces,) = store.execute("SELECT count(*) FROM document").fetchone()
    store.close()
    funnel = report(scored)["funnel"]
    assert funnel["stories"] == -(-pieces // 3)
    assert all(0 < city["stories"] <= city["pieces"] for city in funnel["by_city"].values())
    assert any(city["stories"] < city["pieces"] for city in funnel["by_city"].values())
    assert "stories" in scored("report").output


def test_captures_that_wait_are_not_in_the_funnel(scored: Call, config: Path) -> None:
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        store.execute("UPDATE capture SET cleaned = 0 WHERE id <= 100")
    store.close()
    funnel = report(scored)["funnel"]
    assert (funnel["waiting"], funnel["layers"][0]["in"]) == (100, 500)


def test_coverage_counts_each_channel_once(scored: Call, config: Path) -> None:
    rows = {row["channel"]: row for row in report(scored)["coverage"]}
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        documents, outlets = store.execute(
            "SELECT count(*), count(DISTINCT outlet_id) FROM document WHERE channel_id = 1"
        ).fetchone()
        mentions = store.execute(
            "SELECT count(*) FROM mention JOIN document ON id = document_id WHERE channel_id = 1"
        ).fetchone()[0]
    store.close()
    assert rows["media"]["documents"] == documents
    assert rows["media"]["mentions"] == mentions
    assert rows["media"]["outlets"] == outlets
    assert rows["media"]["languages"] == 3
    assert rows["media"]["accounts"] == 0
    assert rows["media"]["first"] < rows["media"]["last"]


def test_a_channel_that_brought_nothing_has_zeros_and_no_days(scored: Call, config: Path) -> None:
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        store.execute("UPDATE document SET dropped = 1 WHERE channel_id = 5")
    store.close()
    youtube = report(scored)["coverage"][-1]
    assert youtube["channel"] == "youtube"
    assert (youtube["documents"], youtube["first"]) == (0, None)


def test_the_terminal_shows_ranking_funnel_and_coverage(scored: Call) -> None:
    shown = scored("report", "--top", "2", "--points").stdout
    assert "Beijing 北京" in shown
    assert "Silent" not in shown
    assert "Funnel" in shown
    assert "Coverage" in shown
    points = report(scored)["ranking"][0]["index"] * 1000
    assert f"{points:,.0f}" in shown


def test_before_the_first_score_the_funnel_is_shown(ccgcii: Call) -> None:
    result = ccgcii("report")
    assert "Funnel" in result.stdout
    assert "ccgcii score" in result.stderr
    assert report(ccgcii)["run"] is None


def test_files_hold_what_the_report_says(scored: Call, tmp_path: Path) -> None:
    as_json, as_csv = tmp_path / "r.json", tmp_path / "r.csv"
    scored("report", "--write", "json", str(as_json), "--write", "csv", str(as_csv))
    assert json.loads(as_json.read_text(encoding="utf-8")) == report(scored)
    text = as_csv.read_text(encoding="utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text))]
    assert rows[0]["rank"] == "1"
    assert float(rows[0]["index"]) == report(scored)["ranking"][0]["index"]
    assert rows[0]["penetration_rank"]


def test_an_unknown_writer_is_named_with_the_nearest(scored: Call, tmp_path: Path) -> None:
    result = scored("report", "--write", "jsno", str(tmp_path / "x"), fails=True)
    assert isinstance(result.exception, ConfigError)
    assert "'json'" in str(result.exception)


def test_a_folder_that_is_not_there_is_named(scored: Call, tmp_path: Path) -> None:
    result = scored("report", "--write", "csv", str(tmp_path / "no" / "x.csv"), fails=True)
    assert isinstance(result.exception, ConfigError)
    assert "x.csv" in str(result.exception)


def test_no_ranking_is_no_csv(ccgcii: Call, tmp_path: Path) -> None:
    result = ccgcii("report", "--write", "csv", str(tmp_path / "x.csv"), fails=True)
    assert isinstance(result.exception, ScoreError)


def test_cells_of_the_csv_are_no_formulas(tmp_path: Path) -> None:
    from ccgcii_reports.data import CsvReport

    place = {"score": -1.5, "rank": 1}
    city = {"rank": 1, "city": "\n=1", "label": "=1+1", "name_zh": "＝x", "index": -1.5}
    city |= dict.fromkeys(BESIDE)
    path = tmp_path / "x.csv"
    CsvReport().write({"ranking": [city | {"dimensions": {"breadth": place}}]}, path)
    [row] = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert row["label"] == "'=1+1"
    assert row["name_zh"] == "'＝x"
    assert row["city"] == "'\n'=1"
    assert row["index"] == "-1.5"
