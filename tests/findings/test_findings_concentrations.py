from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii.findings.channels import channels
from ccgcii.findings.concentrations import gini, hhi
from ccgcii.findings.scopes import Scope
from ccgcii.testing.corpus import WINDOW, make_corpus, sample_dictionaries

if TYPE_CHECKING:
    from collections.abc import Callable


def test_equal_cities_have_gini_zero_and_hhi_one_over_n() -> None:
    assert gini(np.full(8, 3.0)) == pytest.approx(0)
    assert hhi(np.full(8, 3.0)) == pytest.approx(1 / 8)


def test_one_city_with_everything() -> None:
    numbers = np.array([0.0, 0.0, 0.0, 9.0])
    assert gini(numbers) == pytest.approx(3 / 4)
    assert hhi(numbers) == 1


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    numbers = np.random.default_rng(0).lognormal(size=50)
    difference = np.abs(numbers[:, None] - numbers).mean()
    assert gini(numbers) == pytest.approx(difference / 2 / numbers.mean())


def test_an_outlet_and_an_account_of_one_number_are_two_sources() -> None:
    by = {"outlet_id": [5, None, 5, None], "account_id": [None, 5, None, 6]}
    documents = pd.DataFrame(by, dtype="Int64").assign(
        id=range(1, 5), channel_id=2, published_at=WINDOW.start
    )
    mentions = pd.DataFrame({"document_id": range(1, 5), "city_id": 1, "count": 1})
    tables = {"raw_document": documents, "raw_mention": mentions.assign(salience=1000)}
    corpus = make_corpus(tables, sample_dictionaries())
    facebook = channels(Scope(corpus, WINDOW.since, WINDOW.until))[1]
    assert (facebook["documents"], facebook["sources"]) == (4, 3)


def test_the_study_is_concentrated_as_planted(ccgcii: Callable[..., Any]) -> None:
    found = json.loads(ccgcii("findings", "--json").stdout)["concentration"]
    counts = [row["documents"] for row in found["top"]]
    assert counts == sorted(counts, reverse=True)
    assert found["top10_share"] == pytest.approx(sum(counts) / found["mentions"])
    assert found["effective_cities"] == pytest.approx(1 / found["hhi"])
    assert 1 < found["holding_90"] <= 10
