from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.errors import ConfigError, ScoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

CITIES = ["beijing", "wuhan", "dezhou", "sanya", "silent"]


def explain(call: Call, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("explain", *arguments, "--json").stdout)
    return found


@pytest.mark.parametrize("city", CITIES)
def test_contributions_add_up_to_the_index(scored: Call, city: str) -> None:
    found = explain(scored, city)
    total = sum(row["contribution"] or 0 for row in found["indicators"])
    assert total == pytest.approx(found["index"], abs=1e-9)
    shares = sum(row["weight"] or 0 for row in found["indicators"])
    assert shares == pytest.approx(1, abs=1e-9)


def test_values_and_scores_are_those_of_the_run(scored: Call) -> None:
    found = explain(scored, "wuhan")
    ranking = json.loads(scored("report", "--json").stdout)["ranking"]
    [wuhan] = [row for row in ranking if row["city"] == "wuhan"]
    assert found["index"] == wuhan["index"]
    assert found["rank"] == wuhan["rank"]
    assert found["dimensions"] == wuhan["dimensions"]
    assert len(found["indicators"]) == 60


def test_every_official_post_that_is_counted_is_shown(scored: Call) -> None:
    found = explain(scored, "beijing", "D03", "--documents", "100")
    assert found["documents_read"] == found["value"] == len(found["documents"]) > 0
    # Posts that name another city only are the city's own all the same.
    assert any(row["salience"] is None for row in found["documents"])


def test_a_recipe_that_multiplies_shows_no_points(ccgcii: Call) -> None:
    ccgcii("score", "--recipe", "robust")
    found = explain(ccgcii, "wuhan")
    assert found["additive"] is False
    assert all(row["contribution"] is None for row in found["indicators"])
    assert "multiplies" in ccgcii("explain", "wuhan").stdout


@pytest.mark.parametrize("word", ["wuhan", "Wuhan", "武汉"])
def test_a_city_is_found_by_key_english_or_chinese_name(scored: Call, word: str) -> None:
    assert explain(scored, word)["city"] == "wuhan"


def test_a_mistyped_city_or_indicator_gets_a_suggestion(scored: Call) -> None:
    result = scored("explain", "wuhna", fails=True)
    assert isinstance(result.exception, ConfigError)
    assert "did you mean 'wuhan'" in str(result.exception)
    result = scored("explain", "wuhan", "P99", fails=True)
    assert "ccgcii indicators" in str(result.exception)


def test_the_documents_behind_an_indicator_are_listed_with_their_origin(scored: Call) -> None:
    found = explain(scored, "wuhan", "P01", "--documents", "3")
    assert found["documents_read"] == found["value"]
    assert len(found["documents"]) == 3
    first = found["documents"][0]
    assert first["channel"] == "media"
    assert first["outlet"].endswith(".example")
    assert first["url"].startswith("https://")
    assert first["title"].startswith("Title")
    dates = [row["date"] for row in found["documents"]]
    assert dates == sorted(dates, reverse=True)


def test_an_indicator_is_found_by_its_name(scored: Call) -> None:
    assert explain(scored, "wuhan", "media documents")["indicator"] == "P01"


def test_titles_from_the_web_cannot_write_to_the_terminal(scored: Call, config: Path) -> None:
    with sqlite3.connect(config.parent / "ccgcii.db") as store:
        store.execute("UPDATE document_text SET title = ?", ["[red]x\x1b]0;owned\x07[/nonsense]"])
    store.close()
    shown = scored("explain", "wuhan", "P01").stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]x" in shown


def test_without_a_score_there_is_nothing_to_explain(ccgcii: Call) -> None:
    result = ccgcii("explain", "wuhan", fails=True)
    assert isinstance(result.exception, ScoreError)
    assert "ccgcii score" in str(result.exception)
