from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.catalogues import default_cities
from ccgcii.errors import ConfigError
from ccgcii.findings.comparisons import (
    compare_rankings,
    overlap,
    rank_biased_overlap,
    rank_cities,
)
from ccgcii.reporting.comparisons import read_other_ranking

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]


def order(letters: str) -> dict[str, int]:
    return {letter: place for place, letter in enumerate(letters, start=1)}


def test_the_same_ranking_agrees_wholly() -> None:
    ours = order("abcdefghijkl")
    found = compare_rankings(ours, ours)
    assert (found["spearman"], found["kendall"]) == pytest.approx((1, 1))
    assert found["rank_biased_overlap"] == pytest.approx(1)
    assert found["overlap"][0]["common"] == 10
    assert {row["moved"] for row in found["cities"]} == {0}


def test_the_reverse_disagrees_wholly() -> None:
    found = compare_rankings(order("abcdef"), order("fedcba"))
    assert (found["spearman"], found["kendall"]) == pytest.approx((-1, -1))


def test_rank_biased_overlap_of_disjoint_rankings_is_zero() -> None:
    assert rank_biased_overlap(order("abc"), order("xyz")) == 0


def test_rank_biased_overlap_worked_by_hand() -> None:
    # A = 0, 1/2 at depths 1, 2 of (a, b) and (b, c): 0.1 (0 + 0.9 / 2) + 0.81 / 2.
    assert rank_biased_overlap(order("ab"), order("bc")) == pytest.approx(0.045 + 0.405)


def test_the_top_weighs_more_than_the_tail() -> None:
    ours = order("abcdefghij")
    at_top, at_tail = order("bacdefghij"), order("abcdefghji")
    first, second = (rank_biased_overlap(ours, other) for other in (at_top, at_tail))
    assert first is not None
    assert second is not None
    assert first < second


def test_ties_count_whole_and_in_any_order() -> None:
    tied = {"a": 1, "b": 1, "c": 3}
    assert rank_biased_overlap(tied, {"b": 1, "a": 1, "c": 3}) == pytest.approx(1)
    assert overlap({"a": 1, "b": 2, "c": 2}, order("abc"), 2)["share"] == pytest.approx(2 / 3)


def test_equal_values_share_the_better_rank() -> None:
    assert rank_cities({"a": 5.0, "b": 7.0, "c": 5.0}) == {"a": 2, "b": 1, "c": 2}


def test_places_are_compared_among_common_cities() -> None:
    found = compare_rankings(order("xyab"), order("ba"))
    assert [(row["city"], row["moved"]) for row in found["cities"]] == [("b", -1), ("a", 1)]
    assert found["spearman"] is None


def test_a_file_by_key_english_or_chinese_name(ccgcii: Call, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("city,score\ncitya,9\nCityb,8\n城3,7\n", encoding="utf-8")
    found = json.loads(ccgcii("compare", str(file), "--json").stdout)
    assert [row["city"] for row in found["cities"]] == ["citya", "cityb", "cityc"]
    assert found["ours"] == 16
    assert "Spearman" in ccgcii("compare", str(file)).stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("city,rank\nciyta,1\n", ("line 2", "'citya'", "--skip-unknown")),
        ("city,rank\ncitya,1\ncitya,2\n", ("line 3", "twice")),
        ("city,rank\ncitya,\n", ("line 2", "'rank' nor 'score'")),
        ("city,rank,score\ncitya,1,\ncityb,,90\n", ("line 3", "'rank' is empty")),
        ("city,rnk\ncitya,1\n", ("'rnk'", "'rank'")),
    ],
)
def test_a_bad_file_is_named_by_line(
    ccgcii: Call, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    file = tmp_path / "other.csv"
    file.write_text(text, encoding="utf-8")
    error = ccgcii("compare", str(file), fails=True).exception
    assert isinstance(error, ConfigError)
    assert all(word in str(error) for word in words)


def test_other_columns_of_somebodys_table_are_left_alone_and_named(
    ccgcii: Call, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text("rank,city,ccgcii,note\n1,citya,28582,x\n2,cityb,17481,y\n", encoding="utf-8")
    result = ccgcii("compare", str(file))
    assert "columns that are not read: ccgcii, note" in result.stderr
    assert "cities in ours, theirs, both" in result.stdout


def test_unknown_cities_can_be_skipped_and_are_named(ccgcii: Call, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("city,rank\nAtlantis,1\ncitya,2\ncityb,3\n", encoding="utf-8")
    result = ccgcii("compare", str(file), "--skip-unknown")
    assert "Atlantis is no city" in result.stderr


def test_the_published_ranking_reads_texas_as_dezhou() -> None:
    theirs, notes = read_other_ranking("published-2020", default_cities(), "dynamism")
    assert theirs["dezhou"] == 25
    assert any("'Texas'" in note and "Dezhou" in note for note in notes)
    assert any("Chengde" in note for note in notes)


def test_the_published_index_has_thirty_cities() -> None:
    theirs, notes = read_other_ranking("published-2020", default_cities(), "index")
    assert (len(theirs), theirs["beijing"], theirs["wuhan"], notes) == (30, 1, 2, [])


def test_an_unknown_ranking_or_node_is_named_with_the_nearest(ccgcii: Call) -> None:
    error = ccgcii("compare", "published-2021", fails=True).exception
    assert "'published-2020'" in str(error)
    error = ccgcii("compare", "published-2020", "--node", "bredth", fails=True).exception
    assert "'breadth'" in str(error)
