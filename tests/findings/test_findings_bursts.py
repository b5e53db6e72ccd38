from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ccgcii.findings.bursts import find_bursts, threshold
from ccgcii.findings.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., Any]

DAYS = 366
CITIES = 100


def poisson(rate: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, DAYS).astype(float)


def bursts(counts: np.ndarray, exposure: np.ndarray | None = None) -> list[tuple[int, int]]:
    looked = np.ones(len(counts)) if exposure is None else exposure
    found = find_bursts(counts, looked, threshold(CITIES, DAYS))
    return [(burst.first, burst.last) for burst in found]


def test_a_loud_day_is_found() -> None:
    counts = poisson(2)
    counts[200] = 40
    assert bursts(counts) == [(200, 200)]


def test_a_week_of_a_little_more_is_found_over_the_week() -> None:
    counts = poisson(0.2)
    counts[200:207] = 3
    ((first, last),) = bursts(counts)
    assert 197 <= first <= 201
    assert 205 <= last <= 208


@pytest.mark.parametrize("rate", [0.05, 1, 30])
def test_chance_makes_hardly_any(rate: float) -> None:
    assert sum(len(bursts(poisson(rate, seed))) for seed in range(60)) <= 2


def test_a_wild_series_is_judged_by_its_own_wildness() -> None:
    draw = np.random.default_rng(5)
    wild = draw.negative_binomial(2, 2 / 42, (30, DAYS)).astype(float)
    assert sum(len(bursts(row)) for row in wild) <= 6


def test_days_nobody_looked_at_are_no_baseline() -> None:
    counts, looked = poisson(10), np.ones(DAYS)
    counts[100:160], looked[100:160] = 0, 0
    assert bursts(counts, looked) == []


def test_a_word_does_not_burst_because_everything_does() -> None:
    total = np.full(DAYS, 50.0)
    total[200:205] = 500
    assert bursts(total / 5, total) == []
    assert bursts(total / 5) == [(200, 204)]


def test_a_new_level_ends_after_sixty_days() -> None:
    counts = np.concatenate([poisson(5)[:150], poisson(50)[150:]])
    (level,) = bursts(counts)
    assert level[0] == 150
    assert 205 <= level[1] <= 212


def test_a_burst_on_the_first_days_is_found() -> None:
    counts = np.zeros(60)
    counts[:3] = 30
    assert bursts(counts) == [(0, 2)]


def test_too_few_days_tell_nothing() -> None:
    assert bursts(np.array([0.0, 0, 50, 0])) == []


def test_words_are_plain_and_addresses_are_none() -> None:
    found = words_of("Harbour's FAIR opens! https://t.co/abc @someone #Fair 封城之后 a1")
    assert found == {"harbour", "fair", "opens", "someone", "封城", "城之", "之后"}


def test_the_planted_event_is_proposed_with_its_words_city_and_documents(ccgcii: Call) -> None:
    proposals = json.loads(ccgcii("events", "--detect", "--json").stdout)
    (fair,) = [row for row in proposals if "lanterns" in row["words"]]
    assert (fair["first"], fair["peak"][:7]) == ("2020-05-11", "2020-05")
    assert fair["last"] in ("2020-05-16", "2020-05-17")
    assert fair["cities"] == ["cityd"]
    assert {"silk", "harbour", "fair"} <= set(fair["words"])
    assert (fair["known"], fair["known_documents"]) == ("games", 72)
    assert fair["top"][0]["title"].startswith("Silk Harbour Fair")
    assert fair["documents"] >= 72


def test_nothing_else_is_proposed_but_the_new_level(ccgcii: Call) -> None:
    proposals = json.loads(ccgcii("events", "--detect", "--json").stdout)
    others = [row for row in proposals if "lanterns" not in row["words"]]
    assert all(row["first"] < "2020-02-10" for row in others)
    assert len(others) <= 4


def test_the_list_has_documents_and_cities_of_each_event(ccgcii: Call) -> None:
    rows = {row["key"]: row for row in json.loads(ccgcii("events", "--json").stdout)}
    assert rows["games"]["documents"] == 72
    assert rows["games"]["top"] == [{"city": "cityd", "documents": 72}]
    assert rows["later"]["documents"] == 0
    shown = ccgcii("events").stdout
    assert "games" in shown
    assert "Cityd 72" in shown
    assert "Silk Harbour Fair" in ccgcii("events", "--detect").stdout
