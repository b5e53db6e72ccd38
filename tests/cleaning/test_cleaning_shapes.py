"""Noise told by its shape: tables in words, notices in fragments, phrases put in for searches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ccgcii import Document, Drop, Study, default_cities
from ccgcii_cleaning import ccgcii_filters
from ccgcii_cleaning.shapes import said_again, shape_of

MOMENT = datetime(2020, 5, 1, 12, tzinfo=UTC)
STUDY = Study("t", "2020-01-01", "2020-12-31", default_cities())
BY_NAME: dict[str, Any] = {
    thing.name: thing
    for thing in ccgcii_filters(STUDY)
    if thing.layer == 4 and hasattr(thing, "clean")
}


def dropped_by(text: str) -> list[str]:
    document = Document("t", "x", "https://a.test/1", MOMENT, text=text)
    return [name for name, it in BY_NAME.items() if isinstance(it.clean(document), Drop)]


def test_a_comma_in_a_figure_parts_no_fragments() -> None:
    shape = shape_of("Copper 43,510, zinc 16,480: up. See https://a.test/1,2 and #Zinc")
    assert (shape.fragments, shape.figures) == (4, 2)
    assert shape_of("") == shape_of(" \n") == shape_of("#Wuhan")


def test_who_tells_what_somebody_said_writes_no_fragments() -> None:
    notice = "两室，一厅，朝南，近地铁，月租两千，随时看房"
    told = "“两室，一厅，朝南，近地铁，月租两千，随时看房”，房东说完就走了"
    assert shape_of(notice).mean < 10
    assert shape_of(told).mean > 40
    assert shape_of("2 rooms, sunny, near metro, she said, and cheap").mean == 39


def test_in_chinese_a_space_parts_cells() -> None:
    assert shape_of("黄瓜1.8 茄子2.2 青椒2.6").fragments == 3
    assert shape_of("cucumbers 1.8 and peppers 2.6").fragments == 1


TABLES = """
Tides in Qingdao
Monday 05:10 3.9 m
Tuesday 05:52 4.1 m
Wednesday 06:31 4.2 m
Thursday 07:12 4.1 m
Friday 07:50 3.8 m

青岛码头今日到货：带鱼12箱，黄鱼30箱，对虾45箱，扇贝80箱，海带120捆，紫菜60捆，鲅鱼25箱，海蜇90桶。

Pékin : essence 6,12 yuans, gazole 5,71 yuans, gaz 3,25 yuans, eau 4,80 yuans, courant 1 yuan
"""


@pytest.mark.parametrize("text", TABLES.split("\n\n"))
def test_short_cells_with_figures_are_a_table_in_any_language(text: str) -> None:
    assert "number-table" in dropped_by(text)


def test_a_post_with_some_figures_is_no_table() -> None:
    said = (
        "Half a year in Wuhan: 2 flats, 3 jobs, 1 broken bike, 40 bowls of noodles a month, and "
        "not a single day on which I wished that I had stayed where I was before I came here."
    )
    assert dropped_by(said) == []


def test_results_in_one_sentence_are_a_list_and_a_report_is_none() -> None:
    results = (
        "昨日赛果：北京101:95广州，辽宁88:90上海，深圳110:107青岛，天津79:99济南，"
        "南京92:85长春，成都81:96杭州。"
    )
    assert dropped_by(results) == ["score-list"]
    report = (
        "Li beat Park 6-4 6-3 in Wuhan on a night so humid that both changed shirts four times."
    )
    assert (
        dropped_by(f"{report} She meets Kova, who got past Lind 7-6 6-2, or Dahl, 6-1 6-1.") == []
    )


def test_a_phrase_put_in_for_searches_is_filler_and_a_chant_is_none() -> None:
    bait = (
        "Looking for cheap river cruises Wuhan? Our cheap river cruises Wuhan are the best cheap "
        "river cruises Wuhan has. Book cheap river cruises Wuhan now. Cheap river cruises Wuhan!"
    )
    assert dropped_by(bait) == ["filler"]
    assert dropped_by("Wuhan will rise again! " * 5 + "That is what they sang on the bridge.") == []
    assert dropped_by("no " * 30 + "Not Wuhan again, not this winter, please not this winter") == []
    assert said_again("Wuhan", 5) == ("", 0, 0.0)


def test_a_gap_that_nobody_filled_is_filler() -> None:
    assert dropped_by("Here is your text about Wuhan: [title] [first part] [keyword]") == ["filler"]
    assert dropped_by("“We [the people of Wuhan] thank you [doctors],” she said.") == []


def test_a_notice_in_fragments_needs_fewer_phrases_than_a_report() -> None:
    notice = (
        "Welders, Dalian, 5 places, night shift, pay weekly, full-time, send your CV, start now"
    )
    assert dropped_by(notice) == ["job-listing"]
    report = (
        "Welders in Dalian who had asked for full-time contracts were told by a manager on Friday "
        "to send your CV like everybody else, one of them said outside the gate of the yard."
    )
    assert dropped_by(report) == []
