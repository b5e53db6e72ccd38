"""Years side by side, and a score without a topic or an event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.reporting.years import years_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]


@pytest.fixture(scope="module")
def years(planted: Path) -> Any:
    from click.testing import CliRunner

    from ccgcii.cli import cli

    result = CliRunner().invoke(cli, ["-c", str(planted), "years", "--json"])
    assert result.exit_code == 0, result.stderr or result.exception
    return json.loads(result.stdout)


def test_the_second_year_is_scored_by_the_first(years: Any) -> None:
    assert years["base"] == 2019
    assert [row["days"] for row in years["years"]] == [365, 366]
    assert years["years"][1]["documents"] > 6 * years["years"][0]["documents"]
    first = years["cities"][0]
    assert first["city"] == "citya"
    # Seven times as much, on the scale of the year before: far beyond its best.
    before, now = (first["years"][year]["dimensions"]["penetration"] for year in ("2019", "2020"))
    assert before <= 100
    assert now > 3 * before


def test_what_one_year_does_not_know_counts_in_none(years: Any) -> None:
    assert "D14" in years["left_out_indicators"]  # there is no year before the first


def test_years_are_shown_as_a_table(ccgcii: Call) -> None:
    shown = ccgcii("years", "--recipe", "equal").stdout
    assert "Recipe equal, weights and goalposts of 2019" in shown
    assert "unknown in one of the years, so in none: " in shown


@pytest.mark.parametrize(
    ("days", "warned"), [((365, 366), False), ((200, 300), True), ((365, 90), True)]
)
def test_years_of_different_length_are_warned_of(days: tuple[int, int], *, warned: bool) -> None:
    years = [
        {"year": 2019 + number, "days": length, "documents": 9}
        for number, length in enumerate(days)
    ]
    found = {"recipe": "equal", "base": 2019, "years": years, "cities": []}
    parts = [*years_parts(found | {"left_out_indicators": []}, {}, None)]
    assert any("different length" in str(part) for part in parts) == warned


def test_a_year_without_documents_is_no_base(ccgcii: Call) -> None:
    refused = ccgcii("years", "--base", "2018", fails=True)
    assert "no document of 2018; there are: 2019, 2020" in str(refused.exception)


def test_an_event_is_left_out_of_every_indicator(ccgcii: Call, copied: Path) -> None:
    whole = json.loads(ccgcii("report", "--json").stdout)
    ccgcii("score", "--since", "2020-01-01", "--without-event", "games", folder=copied)
    without = json.loads(ccgcii("report", "--json", folder=copied).stdout)
    assert without["run"]["without"] == ["games"]
    # Seventy-two documents of the fair were all that spoke of it.
    assert whole["run"]["documents"] - without["run"]["documents"] == 72
    cell = json.loads(ccgcii("explain", "cityd", "R03", "--json", folder=copied).stdout)
    assert cell["value"] == 0
    audit = json.loads(ccgcii("audit", "--json", folder=copied).stdout)
    assert audit["again"]["cells_off"] == 0
    assert "without games" in " ".join(ccgcii("report", folder=copied).stdout.split())


def test_a_report_has_the_findings_of_the_documents_that_were_scored(
    ccgcii: Call, copied: Path
) -> None:
    window = ("--since", "2020-01-01")
    ccgcii(
        "score", *window, "--without-topic", "economy", "--without-event", "games", folder=copied
    )
    report = json.loads(ccgcii("report", "--findings", "--json", folder=copied).stdout)
    assert report["findings"]["volume"]["documents"] == report["run"]["documents"]
    assert report["findings"]["scope"]["without_topics"] == ["economy"]
    assert report["findings"]["gdp"]["by_index"] is not None


def test_a_topic_is_left_out_and_an_unknown_one_is_named(ccgcii: Call, copied: Path) -> None:
    call = ("score", "--since", "2020-01-01", "--without-topic")
    ccgcii(*call, "economy", folder=copied)
    without = json.loads(ccgcii("findings", "--json", folder=copied).stdout)
    shares = {row["topic"]: row["documents"] for row in without["topics"]["all"]}
    scored = json.loads(ccgcii("report", "--json", folder=copied).stdout)["run"]["documents"]
    assert scored < sum(shares.values())
    refused = ccgcii(*call, "econmy", folder=copied, fails=True)
    assert "did you mean 'economy'" in str(refused.exception)
    refused = ccgcii("score", "--without-event", "gamse", folder=copied, fails=True)
    assert "did you mean 'games'" in str(refused.exception)
