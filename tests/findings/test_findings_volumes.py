from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]


def findings(call: Call, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("findings", "--json", *arguments).stdout)
    return found


def count(folder: Path, sql: str) -> int:
    store = sqlite3.connect(folder / "ccgcii.db")
    (found,) = store.execute(sql).fetchone()
    store.close()
    return int(found)


def test_every_document_is_counted_once(ccgcii: Call, planted: Path) -> None:
    found = findings(ccgcii)
    documents = count(planted, "SELECT count(*) FROM document")
    assert found["volume"]["documents"] == documents
    assert sum(row["documents"] for row in found["months"]) == documents
    assert sum(row["documents"] for row in found["years"]) == documents
    assert sum(row["documents"] or 0 for row in found["channels"]) == documents


def test_growth_compares_the_two_years(ccgcii: Call, planted: Path) -> None:
    first, second = findings(ccgcii)["years"]
    assert first["growth"] is None
    assert second["growth"]["before"] == first["documents"]
    # The year before has no 29 February to compare with.
    leap_day = "SELECT count(*) FROM document WHERE published_at / 86400 = 18321"
    assert count(planted, leap_day) > 0
    assert second["growth"]["now"] == second["documents"] - count(planted, leap_day)
    assert 6 < second["growth"]["times"] < 8.5
    parts = second["growth"]["channels"].values()
    assert sum(part["now"] for part in parts) == second["growth"]["now"]


def test_half_a_year_is_compared_with_the_same_half(ccgcii: Call) -> None:
    _, second = findings(ccgcii, "--until", "2020-06-30")["years"]
    assert (second["growth"]["from"], second["growth"]["to"]) == ("01-01", "06-30")
    assert 6 < second["growth"]["times"] < 9


def test_january_2020_is_the_watershed(ccgcii: Call) -> None:
    (row,) = findings(ccgcii)["watersheds"]
    assert row["month"] == "2020-01"
    assert 0.8 < row["before"] < 1.2
    assert 6 < row["times"] < 8.5
    assert row["from_new_sources"] < 0.05


def test_sources_that_begin_with_the_watershed_are_told(ccgcii: Call, copied: Path) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute("DELETE FROM document WHERE channel_id = 2 AND published_at < 1577836800")
    store.execute(
        "UPDATE document SET outlet_id = NULL, account_id = 5 WHERE published_at >= 1577836800"
    )
    store.execute("DELETE FROM document WHERE account_id = 5 AND published_at < 1577836800")
    store.commit()
    store.close()
    found = json.loads(ccgcii("findings", "--json", folder=copied).stdout)
    assert found["watersheds"][0]["from_new_sources"] == 1.0
    assert any("2020: nothing of facebook" in said for said in found["cautions"])


def test_months_that_nobody_looked_at_are_unknown_and_no_watershed(
    ccgcii: Call, copied: Path
) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute("DELETE FROM document WHERE published_at < 1551398400")  # 2019-03-01
    store.execute("DELETE FROM document WHERE published_at BETWEEN 1590969600 AND 1593561599")
    store.commit()
    store.close()
    found = json.loads(ccgcii("findings", "--json", folder=copied).stdout)
    unseen = [row for row in found["months"] if row["documents"] is None]
    assert [row["month"] for row in unseen] == ["2019-01", "2019-02", "2020-06"]
    assert {row["per_day"] for row in unseen} == {None}
    assert {row["seen_days"] for row in unseen} == {0}
    march = found["months"][2]
    assert march["per_day"] == march["documents"] / march["seen_days"]
    growth = found["years"][1]["growth"]
    # Without January and February of 2019 and June of 2020, but for the weeks at their edges.
    assert 365 - 31 - 28 - 30 <= growth["days"] < 365 - 31 - 28 - 30 + 14
    assert 6 < growth["times"] < 8.5
    assert [row["month"] for row in found["watersheds"]] == ["2020-01"]
    assert any("nobody looked in 2019-01, 2019-02, 2020-06" in s for s in found["cautions"])
    shown = ccgcii("findings", folder=copied).stdout
    assert "2019-02" in shown


def test_any_figure_can_do_without_a_topic(ccgcii: Call, planted: Path) -> None:
    found = findings(ccgcii, "--without-topic", "economy")
    economy = count(planted, "SELECT count(*) FROM document_topic WHERE topic_id = 1")
    assert found["volume"]["left_out"] == economy
    assert "economy" not in [row["topic"] for row in found["topics"]["all"]]
    assert sum(row["documents"] for row in found["months"]) == found["volume"]["documents"]
    assert found["gdp"]["by_index"] is None


@pytest.mark.parametrize("name", ["games", "sport"])
def test_any_figure_can_do_without_an_event_or_a_category(ccgcii: Call, name: str) -> None:
    whole, found = findings(ccgcii), findings(ccgcii, "--without-event", name)
    assert found["scope"]["without_events"] == ["games"]
    assert found["volume"]["left_out"] == 72
    may = [row["documents"] for row in found["months"]][16]
    assert whole["months"][16]["documents"] - may == 72


@pytest.mark.parametrize(
    ("option", "word", "hint"),
    [
        ("--without-topic", "econmy", "'economy'"),
        ("--without-event", "gmaes", "'games'"),
        ("--without-event", "zzz", "ccgcii events"),
    ],
)
def test_a_mistyped_topic_or_event_is_named(
    ccgcii: Call, option: str, word: str, hint: str
) -> None:
    result = ccgcii("findings", option, word, fails=True)
    assert isinstance(result.exception, ConfigError)
    assert hint in str(result.exception)


def test_a_channel_nobody_looked_at_is_unknown(ccgcii: Call) -> None:
    found = findings(ccgcii)
    youtube = found["channels"][-1]
    assert youtube["looked_at"] is False
    assert youtube["documents"] is None
    assert found["sides"]["not_looked_at"] == ["youtube"]
    assert found["sides"]["media"] + found["sides"]["social"] == pytest.approx(1)


def test_power_and_topics_add_up(ccgcii: Call) -> None:
    found = findings(ccgcii)
    assert found["powers"][0]["city"] == "citya"
    for row in found["powers"]:
        assert row["hard"] + row["soft"] == row["documents"]
    shares = {row["topic"]: row["share"] for row in found["topics"]["all"]}
    assert 0.27 < shares["economy"] < 0.33
    assert 0.6 < shares["culture"] < 0.75


def test_ranks_by_volume_and_index_are_compared_with_gdp(ccgcii: Call) -> None:
    gdp = findings(ccgcii, "--since", "2020-01-01")["gdp"]
    assert gdp["cities_with_gdp"] == 16
    assert gdp["by_documents"]["spearman"] > 0.95
    assert gdp["by_index"]["common"] == 16


def test_the_terminal_shows_each_finding(ccgcii: Call) -> None:
    shown = ccgcii("findings").stdout
    for words in ("Volume by year", "x 7.", "2020-01", "Gini", "Channels", "Topics", "GDP"):
        assert words in shown


def test_an_empty_window_is_no_crash(ccgcii: Call, copied: Path) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute("UPDATE document SET dropped = 1")
    store.commit()
    store.close()
    assert ccgcii("findings", folder=copied).stdout
    found = json.loads(ccgcii("findings", "--json", folder=copied).stdout)
    assert found["concentration"]["gini"] is None
    assert found["watersheds"] == []
