from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ccgcii import indicator
from ccgcii.corpus import covered_channels
from ccgcii.errors import ScoreError
from ccgcii.measuring.matrix import measure
from ccgcii.testing.corpus import make_corpus, sample_corpus, sample_dictionaries, sample_tables

if TYPE_CHECKING:
    from ccgcii import Corpus, Indicator


def gives(values: Any, **options: Any) -> Indicator:
    def answer(corpus: Corpus) -> Any:
        """Give what the test wants."""
        return values

    return indicator("T01", dimension="penetration", **options)(answer)


def column(values: Any, **options: Any) -> pd.Series[Any]:
    return measure(sample_corpus(), [gives(values, **options)]).cells["T01"]


def test_a_city_left_out_gets_what_is_empty_for_the_indicator() -> None:
    assert column(pd.Series({"wuhan": 2.0}), empty=0)["beijing"] == 0
    assert np.isnan(column(pd.Series({"wuhan": 2.0}))["beijing"])


def test_an_unknown_value_stays_unknown_where_others_are_zero() -> None:
    found = column(pd.Series({"wuhan": 2.0, "dezhou": np.nan}), empty=0)
    assert np.isnan(found["dezhou"])
    assert found["silent"] == 0


def test_what_is_unknown_for_every_city_with_documents_is_not_zero_for_the_silent() -> None:
    assert column(pd.Series({"wuhan": np.nan}), empty=0).isna().all()


def test_a_channel_that_was_not_looked_at_is_unknown_not_zero() -> None:
    covered = covered_channels(["beijing", "wuhan", "dezhou", "sanya", "silent"], ["media"])
    corpus = make_corpus(sample_tables(), sample_dictionaries(), covered=covered)
    on_youtube = gives(pd.Series({"wuhan": 1.0}), channels=("youtube",), empty=0)
    anywhere = gives(pd.Series({"wuhan": 1.0}), channels=("youtube", "media"), empty=0)
    assert measure(corpus, [on_youtube]).cells["T01"].isna().all()
    assert measure(corpus, [anywhere]).cells["T01"].tolist() == [0, 1, 0, 0, 0]


def test_minus_zero_becomes_zero() -> None:
    assert not np.signbit(column(pd.Series({"wuhan": -0.0}))["wuhan"])


@pytest.mark.parametrize(
    ("garbage", "reason"),
    [
        (None, "NoneType"),
        ({"wuhan": 1}, "dict"),
        (pd.Series({"atlantis": 1.0}), "atlantis"),
        (pd.Series([1.0, 2.0], index=["wuhan", "wuhan"]), "twice"),
        (pd.Series({"wuhan": np.inf}), "infinite"),
        (pd.Series({"wuhan": "many"}), "many"),
    ],
)
def test_garbage_costs_its_own_column_and_names_indicator_and_plugin(
    garbage: Any, reason: str
) -> None:
    good = indicator("T02", dimension="breadth", empty=0)(documents)
    matrix = measure(sample_corpus(), [gives(garbage), good])
    assert matrix.cells["T01"].isna().all()
    assert matrix.cells["T02"]["beijing"] > 0
    [note] = matrix.notes
    assert note.where == "T01"
    assert "plugin" in note.text
    assert reason in note.text


def test_an_indicator_that_raises_is_isolated() -> None:
    matrix = measure(sample_corpus(), [indicator("T03", dimension="breadth")(broken)])
    assert "ZeroDivisionError" in matrix.notes[0].text
    assert matrix.cells["T03"].isna().all()


def test_an_indicator_that_nobody_can_know_is_noted() -> None:
    matrix = measure(sample_corpus(), [gives(pd.Series({"wuhan": np.nan}))])
    assert "unknown for every city" in matrix.notes[0].text


def test_no_indicators_is_an_error_with_the_next_step() -> None:
    with pytest.raises(ScoreError, match="ccgcii plugins"):
        measure(sample_corpus(), [])


def documents(corpus: Corpus) -> pd.Series[float]:
    """Documents."""
    return corpus.count()


def broken(corpus: Corpus) -> pd.Series[float]:
    """Divide by zero."""
    return pd.Series({"wuhan": 1 / 0})
