from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import ccgcii_indicators
from ccgcii.catalogues import default_cities, find_city
from ccgcii.findings.diagnoses import diagnose
from ccgcii.findings.peers import Standing, nearest_by_gdp, stand
from ccgcii.findings.recommendations import recommend, rules
from ccgcii.scoring import Node, Recipe, Tree, score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., Any]

INDICATORS = {thing.id: thing for thing in ccgcii_indicators.ccgcii_indicators()}
PEERS = list("bcdefg")


def standing(leaf: str, own: float, others: list[float]) -> Standing:
    matrix = pd.DataFrame({leaf: [own, *others]}, index=["a", *PEERS[: len(others)]])
    (found,) = stand(matrix, "a", PEERS[: len(others)], INDICATORS)
    return found


def supported(verdicts: dict[str, str]) -> list[str]:
    standings = {
        leaf: Standing(leaf, 1.0, 1.0, 0, 0, 10, verdict)  # type: ignore[arg-type] # given as text
        for leaf, verdict in verdicts.items()
    }
    return [row["key"] for row in recommend(standings) if row["verdict"] == "supported"]


def test_peers_are_the_nearest_by_gdp_on_both_sides() -> None:
    cities = default_cities()
    peers = nearest_by_gdp(find_city("wuhan", cities), cities)
    ranks = [cities.index(peer) + 1 for peer in peers]
    assert ranks == [3, 4, 5, 6, 7, 9, 10, 11, 12, 13]


def test_the_largest_city_has_peers_below_only() -> None:
    cities = default_cities()
    assert nearest_by_gdp(cities[0], cities)[0] == cities[1]
    assert len(nearest_by_gdp(cities[0], cities)) == len(nearest_by_gdp(cities[-1], cities)) == 10


def test_the_best_third_is_strong_and_the_last_is_weak() -> None:
    others = [100.0, 200, 300, 400, 500, 600]
    assert standing("P01", 900, others).verdict == "strong"
    assert standing("P01", 20, others).verdict == "weak"
    assert standing("P01", 360, others).verdict == "usual"


def test_less_is_better_where_the_indicator_says_so() -> None:
    others = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert standing("P11", 0.01, others).verdict == "strong"
    assert standing("P11", 0.9, others).verdict == "weak"


def test_one_document_more_than_none_is_no_strength() -> None:
    assert standing("P01", 1, [0.0] * 6).verdict == "usual"
    assert standing("P01", 9, [0.0] * 6).verdict == "strong"


def test_a_difference_of_a_few_hundredths_is_none() -> None:
    assert standing("B10", 3.6, [3.75] * 6).verdict == "usual"
    assert standing("B10", 2.1, [3.75] * 6).verdict == "weak"
    assert standing("P08", 0.0, [0.04] * 6).verdict == "usual"
    assert standing("P08", -0.1, [0.04] * 6).verdict == "weak"


def test_unknown_values_and_too_few_peers_are_not_judged() -> None:
    assert standing("P01", float("nan"), [1.0] * 6).verdict == "unknown"
    assert standing("P01", 1, [9.0, 9, 9, 9]).verdict == "unknown"


def test_every_rule_names_indicators_that_there_are() -> None:
    for rule in rules():
        assert set(rule.figures) <= set(INDICATORS), rule.key
        assert 1 <= rule.needs <= len(rule.figures)


def test_no_figure_no_recommendation() -> None:
    assert supported({}) == []
    assert supported(dict.fromkeys(INDICATORS, "usual")) == []
    assert supported(dict.fromkeys(INDICATORS, "strong")) == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.key)
def test_a_rule_follows_from_its_own_figures_and_not_from_one_less(rule: Any) -> None:
    usual = dict.fromkeys(INDICATORS, "usual")
    weak = usual | dict.fromkeys(rule.figures[: rule.needs], "weak")
    assert rule.key in supported(weak)
    less = usual | dict.fromkeys(rule.figures[: rule.needs - 1], "weak")
    assert rule.key not in supported(less)


def test_strong_figures_speak_against_a_rule() -> None:
    usual = dict.fromkeys(INDICATORS, "usual")
    mixed = usual | {"B12": "weak", "B13": "weak", "B15": "strong", "B11": "strong"}
    assert "voices" not in supported(mixed)


def test_a_peer_of_which_nothing_is_known_is_no_peer_without_anything() -> None:
    peers = list("bcdefghijk")
    # Five peers worse in either; in P01 the others are unknown and those close behind.
    columns = {"P01": [1000.0, *[900] * 5, *[float("nan")] * 5, 0, 0]}
    columns |= {"P02": [1000.0, *[400] * 5, *[1000] * 5, 0, 0]}
    matrix = pd.DataFrame(columns, index=["a", *peers, "y", "z"])
    tree = Tree((Node("index"), Node("p", "index"), *(Node(leaf, "p") for leaf in columns)))
    recipe = Recipe.load("equal").with_overrides({"treatment": "none", "minimum_cover": 0})
    ranking = score(matrix, tree, recipe)
    heard = pd.Series(100.0, index=matrix.index)
    found = diagnose(ranking, "a", peers, INDICATORS, heard)["strengths"]
    assert [row["indicator"] for row in found] == ["P02", "P01"]


def diagnosis(call: Call, city: str, **where: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("diagnose", city, "--json", **where).stdout)
    return found


def test_a_recommendation_shows_the_figures_and_documents_it_stands_on(
    ccgcii: Call, copied: Path
) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute(
        "DELETE FROM mention WHERE city_id = 2 AND document_id IN "
        "(SELECT id FROM document WHERE channel_id = 1)"
    )
    store.commit()
    store.close()
    ccgcii("score", "--since", "2020-01-01", folder=copied)
    found = diagnosis(ccgcii, "cityb", folder=copied)
    rows = {row["key"]: row for row in found["recommendations"]}
    media = rows["media"]
    assert media["verdict"] == "supported"
    assert {"P01", "P15", "B11"} == set(media["weak"])
    assert media["support"][0]["value"] == 0
    assert media["support"][0]["median"] > 10
    own, best = media["documents"].values()
    assert own["total"] == 0
    assert len(best["documents"]) == 3
    shown = " ".join(ccgcii("diagnose", "cityb", folder=copied).stdout.split())
    assert "Bring the international media in" in shown
    assert "P01 media documents: 0, its peers" in shown


def test_what_the_figures_do_not_say_is_not_recommended(ccgcii: Call) -> None:
    found = diagnosis(ccgcii, "citya")
    for row in found["recommendations"]:
        if row["verdict"] == "supported":
            assert len(row["weak"]) >= row["needs"]
            assert [figure["indicator"] for figure in row["support"]] == row["weak"]
        else:
            assert row["documents"] == {}
    keys = {row["key"]: row["verdict"] for row in found["recommendations"]}
    assert keys["volume"] == "not supported"
    assert keys["official-output"] == "cannot be judged"


def test_the_year_before_is_scored_by_this_years_weights(ccgcii: Call) -> None:
    found = diagnosis(ccgcii, "citya")["last_year"]
    assert (found["since"], found["until"], found["reason"]) == ("2019-01-01", "2019-12-31", "")
    index = found["scores"][0]
    assert index["node"] == "index"
    # A seventh of the documents, on the scale of the year after: far less, not the same again.
    penetration = found["scores"][1]
    assert penetration["before"] < penetration["now"] / 3
    assert index["before"] < index["now"]
    assert "R01" in found["left_out"]
    assert {"indicator", "before", "now", "moved"} <= set(found["figures"][0])


def test_without_a_year_before_it_says_so(ccgcii: Call, copied: Path) -> None:
    ccgcii("score", "--since", "2019-06-01", "--until", "2020-05-31", folder=copied)
    found = diagnosis(ccgcii, "citya", folder=copied)
    assert "the study begins after 2018-06-01" in found["last_year"]["reason"]


def test_a_mistyped_city_is_named(ccgcii: Call) -> None:
    assert "'citya'" in str(ccgcii("diagnose", "ctya", fails=True).exception)


def test_a_silent_city_is_not_flattered(ccgcii: Call, copied: Path) -> None:
    store = sqlite3.connect(copied / "ccgcii.db")
    store.execute("DELETE FROM mention WHERE city_id = 3")
    store.commit()
    store.close()
    ccgcii("score", "--since", "2020-01-01", folder=copied)
    found = diagnosis(ccgcii, "cityc", folder=copied)
    assert found["profile"] == {"documents": 0, "channels": {}, "topics": []}
    assert found["strengths"] == []
    keys = [r["key"] for r in found["recommendations"] if r["verdict"] == "supported"]
    assert "volume" in keys
    assert "tone" not in keys


def test_what_must_be_minded_of_the_places_is_said(ccgcii: Call, copied: Path) -> None:
    with sqlite3.connect(copied / "ccgcii.db") as store:
        store.execute("UPDATE document_topic SET topic_id = 1")
        store.execute("DELETE FROM mention WHERE city_id IN (3, 4)")
    store.close()
    ccgcii("score", "--since", "2020-01-01", folder=copied)
    said = diagnosis(ccgcii, "cityb", folder=copied)["cautions"]
    assert said[0] == "2 of its 10 peers are named by no document"
    assert said[1].endswith("documents speak of the topic economy")
    silent = diagnosis(ccgcii, "cityc", folder=copied)["cautions"]
    assert silent[0] == "no document names it: there is nothing to diagnose"
    shown = ccgcii("diagnose", "cityc", folder=copied).stdout
    assert "Strengths" not in shown
