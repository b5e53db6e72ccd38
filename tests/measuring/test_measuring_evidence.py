from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import ccgcii_indicators
from ccgcii import indicator
from ccgcii.measuring.evidence import find_evidence
from ccgcii.testing.corpus import make_corpus, sample_corpus, sample_dictionaries, sample_tables

if TYPE_CHECKING:
    from ccgcii import Corpus

INDICATORS = {thing.id: thing for thing in ccgcii_indicators.ccgcii_indicators()}


@pytest.mark.parametrize("key", ["P01", "P03", "P15", "B01", "B02", "D03", "D12"])
def test_a_count_is_the_number_of_documents_behind_it(key: str) -> None:
    corpus = sample_corpus()
    counted = INDICATORS[key].compute(corpus)["beijing"]
    assert find_evidence(corpus, INDICATORS[key], "beijing", 0).total == counted


def test_a_corpus_that_has_answered_before_leads_to_the_same_documents() -> None:
    corpus = sample_corpus()
    for key in ("P12", "B03", "D03", "R01", "R10"):
        each = INDICATORS[key]
        first = find_evidence(sample_corpus(), each, "beijing", 3)
        assert find_evidence(corpus, each, "beijing", 3) == first, key
        each.compute(corpus)
        assert find_evidence(corpus, each, "beijing", 3) == first, key


def test_responsiveness_leads_to_event_documents_only() -> None:
    corpus = sample_corpus()
    evidence = find_evidence(corpus, INDICATORS["R03"], "wuhan", 1000)
    events = corpus.query("SELECT DISTINCT document FROM event_fact WHERE city = 'wuhan'")
    assert set(evidence.documents) == set(events["document"])


def test_a_headline_share_leads_to_documents_that_have_a_headline() -> None:
    tables = sample_tables()
    media = tables["raw_document"].query("channel_id in (1, 5)")["id"]
    untitled = pd.DataFrame({"document_id": media[::2]})
    mentions = tables["raw_mention"].assign(in_title=False)
    own = {"raw_untitled": untitled, "raw_mention": mentions}
    corpus = make_corpus(tables | own, sample_dictionaries())
    shown = find_evidence(corpus, INDICATORS["P07"], "beijing", 1000).documents
    assert shown
    assert not set(shown) & set(untitled["document_id"])


def test_the_newest_come_first_and_no_more_than_asked() -> None:
    corpus = sample_corpus()
    evidence = find_evidence(corpus, INDICATORS["P06"], "beijing", 5)
    times = corpus.query("SELECT document, published_at FROM fact WHERE city = 'beijing'")
    by_document = times.set_index("document")["published_at"]
    shown = [by_document[number] for number in evidence.documents]
    assert len(shown) == 5
    assert shown == sorted(by_document, reverse=True)[:5]


def test_an_indicator_of_anyone_leads_to_its_documents_without_further_code() -> None:
    def french_voices(corpus: Corpus) -> pd.Series[float]:
        """Count documents in French."""
        return corpus.count("language = 'fr'")

    own = indicator("X01", dimension="breadth")(french_voices)
    corpus = sample_corpus()
    assert find_evidence(corpus, own, "wuhan", 0).total == corpus.count("language = 'fr'")["wuhan"]


def test_an_indicator_with_queries_of_its_own_is_taken_to_read_everything() -> None:
    def own_query(corpus: Corpus) -> pd.Series[float]:
        """Query by hand."""
        frame = corpus.query("SELECT city, max(day) AS day FROM fact GROUP BY city")
        return frame.set_index("city")["day"].astype(float)

    corpus = sample_corpus()
    evidence = find_evidence(corpus, indicator("X02", dimension="breadth")(own_query), "wuhan", 0)
    assert evidence.total == corpus.count()["wuhan"]
