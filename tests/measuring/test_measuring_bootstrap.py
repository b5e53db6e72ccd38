from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import ccgcii_indicators
from ccgcii import indicator
from ccgcii.measuring.bootstrap import RANGES, resample
from ccgcii.measuring.drawing import multinomial
from ccgcii.measuring.matrix import measure
from ccgcii.measuring.questions import Question
from ccgcii.measuring.replays import replay
from ccgcii.testing.corpus import (
    make_corpus,
    sample_corpus,
    sample_dictionaries,
    sample_tables,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii import Corpus

INDICATORS = [*ccgcii_indicators.ccgcii_indicators()]
SIZE = 3000


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return sample_corpus(seed=3, documents=SIZE)


def clusters_of(corpus: Corpus) -> pd.Series[int]:
    """Give the cluster of each document."""
    frame = corpus.query("SELECT DISTINCT document, cluster FROM fact")
    return frame.set_index("document")["cluster"]


def resampled_by_hand(clusters: pd.Series[int], weights: NDArray[np.float64]) -> Corpus:
    """Build a corpus in which each document stands as often as its cluster was drawn."""
    tables = sample_tables(seed=3, documents=SIZE)
    times = weights[clusters.to_numpy()].astype(int)
    copies = pd.DataFrame({"was": np.repeat(clusters.index.to_numpy(), times)})
    copies["id"] = np.arange(1, len(copies) + 1)

    def again(table: pd.DataFrame, column: str) -> pd.DataFrame:
        found = copies.merge(table, left_on="was", right_on=column, suffixes=("", "_old"))
        return found.assign(**{column: found["id"]})

    drawn: dict[str, Any] = {
        name: again(tables[name], "id" if name == "raw_document" else "document_id")
        for name in ("raw_document", "raw_mention", "raw_topic", "raw_event")
    }
    return make_corpus(drawn | {"raw_account": tables["raw_account"]}, sample_dictionaries())


def test_every_indicator_of_a_draw_is_what_it_is_on_documents_drawn_by_hand(
    corpus: Corpus,
) -> None:
    clusters = clusters_of(corpus)
    weights = multinomial(clusters, draws=3, seed=5)
    drawn = replay(corpus, INDICATORS, weights)
    # The facts know the window before (D14) by cluster, but not by document.
    compared = [each for each in INDICATORS if each.id != "D14"]
    for draw in range(3):
        by_hand = measure(resampled_by_hand(clusters, weights[draw]), compared).cells
        for each in compared:
            np.testing.assert_allclose(
                drawn[each.id][draw], by_hand[each.id], rtol=1e-9, err_msg=each.id
            )


def test_weights_of_one_give_the_values_that_were_measured(corpus: Corpus) -> None:
    drawn = replay(corpus, INDICATORS, np.ones((2, 1024)))
    point = measure(corpus, INDICATORS).cells
    assert set(drawn) == set(point.columns)
    for key, values in drawn.items():
        np.testing.assert_allclose(values, np.vstack([point[key]] * 2), rtol=1e-9, err_msg=key)


def test_a_draw_takes_as_many_clusters_as_there_are() -> None:
    weights = multinomial([3, 5, 900], draws=50, seed=1)
    assert (weights.sum(axis=1) == 3).all()
    assert weights[:, [3, 5, 900]].sum() == 150


def test_the_same_seed_gives_the_same_digits(corpus: Corpus) -> None:
    first, second, other = (resample(corpus, INDICATORS, draws=6, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.cells, second.cells)
    assert not np.array_equal(first.cells, other.cells, equal_nan=True)
    assert first.cells.shape == (6, 5, 60)
    assert first.indicators[0] == "P01"
    assert first.cities == tuple(corpus.cities)


def test_draws_lie_around_the_value_and_what_was_set_back_is_said(corpus: Corpus) -> None:
    found = resample(corpus, INDICATORS, draws=100, seed=1)
    point = measure(corpus, INDICATORS).cells
    mean = np.ma.masked_invalid(found.cells).mean(axis=0).filled(np.nan)
    # What is zero cannot be less: some draws are above it. So it is where a share or tone ends.
    ends = [RANGES.get(each.unit, (0.0, 0.0)) for each in INDICATORS]
    cut = np.stack([np.isin(found.cells[:, :, n], end) for n, end in enumerate(ends)], axis=2)
    some = ~cut.any(axis=0) & (point.to_numpy() != 0)
    assert some.sum() > 150
    np.testing.assert_allclose(mean[some], point.to_numpy()[some], rtol=1e-6, atol=1e-9)
    notes = {note.where: note.text for note in found.notes}
    # An author with one document is drawn, or not: on average two thirds of them are.
    assert "set back" in notes["B11"]
    assert "P01" not in notes


def test_unknown_stays_unknown_and_silence_stays_zero(corpus: Corpus) -> None:
    found = resample(corpus, INDICATORS, draws=5, seed=1)
    silent = found.cities.index("silent")
    assert (found.cells[:, silent, found.indicators.index("P01")] == 0).all()
    assert np.isnan(found.cells[:, silent, found.indicators.index("P07")]).all()


def test_a_small_city_is_less_certain_than_a_large_one(corpus: Corpus) -> None:
    found = resample(corpus, INDICATORS, draws=100, seed=1)
    documents = found.cells[:, :, found.indicators.index("P06")]
    errors = documents.std(axis=0) / np.maximum(documents.mean(axis=0), 1)
    assert errors[found.cities.index("sanya")] > errors[found.cities.index("beijing")]


def test_an_indicator_of_anyone_is_resampled_without_further_code(corpus: Corpus) -> None:
    def loud(corpus: Corpus) -> pd.Series[float]:
        """Give the share of documents with many likes, against the best city."""
        share = corpus.share("likes > 100")
        return share / share.max()

    own = indicator("X01", dimension="breadth")(loud)
    clusters = clusters_of(corpus)
    weights = multinomial(clusters, draws=3, seed=5)
    drawn = replay(corpus, [own], weights)["X01"]
    for draw in range(3):
        by_hand = measure(resampled_by_hand(clusters, weights[draw]), [own]).cells["X01"]
        np.testing.assert_allclose(drawn[draw], by_hand, rtol=1e-9)


def test_a_key_may_be_an_expression(corpus: Corpus) -> None:
    def steady(corpus: Corpus) -> pd.Series[float]:
        """Give the mean over weeks of the week's median likes."""
        columns = (("typical", "median(likes)"), ("documents", "count(*)"))
        weeks = corpus.ask(Question(("city", "day // 7"), columns))
        found = weeks.groupby("city", observed=True)["typical"].mean()
        return found.set_axis(found.index.astype(str))

    own = indicator("X04", dimension="breadth")(steady)
    clusters = clusters_of(corpus)
    weights = multinomial(clusters, draws=2, seed=5)
    drawn = replay(corpus, [own], weights)["X04"]
    for draw in range(2):
        by_hand = measure(resampled_by_hand(clusters, weights[draw]), [own]).cells["X04"]
        np.testing.assert_allclose(drawn[draw], by_hand, rtol=1e-9)


def test_what_cannot_be_drawn_keeps_its_value_and_is_noted(corpus: Corpus) -> None:
    def by_hand(corpus: Corpus) -> pd.Series[float]:
        """Query by hand."""
        frame = corpus.query("SELECT city, max(day) AS day FROM fact GROUP BY city")
        return frame.set_index(frame["city"].astype(str))["day"].astype(float)

    def distinct(corpus: Corpus) -> pd.Series[float]:
        """Count distinct days."""
        return corpus.total("count(DISTINCT day)")

    own = [
        indicator("X02", dimension="breadth")(by_hand),
        indicator("X03", dimension="breadth")(distinct),
    ]
    found = resample(corpus, own, draws=4)
    assert {note.where for note in found.notes if note.warning} == {"X02", "X03"}
    point = measure(corpus, own).cells.to_numpy()
    np.testing.assert_array_equal(found.cells, np.stack([point] * 4))


def test_a_corpus_without_documents_is_resampled_too() -> None:
    found = resample(make_corpus({}, sample_dictionaries()), INDICATORS, draws=2)
    assert found.cells.shape == (2, 5, 60)


def test_no_draw_of_a_share_or_a_tone_is_set_back_beyond_its_range(corpus: Corpus) -> None:
    found = resample(corpus, INDICATORS, draws=100, seed=1)
    for place, each in enumerate(INDICATORS):
        known = found.cells[:, :, place][~np.isnan(found.cells[:, :, place])]
        if each.unit in ("share", "0-1"):
            assert ((known >= 0) & (known <= 1)).all(), each.id
        elif each.unit == "-1..1":
            assert (np.abs(known) <= 1).all(), each.id
        assert each.treatment not in ("ratio", "tone") or each.unit in RANGES
