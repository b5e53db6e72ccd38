"""Languages are told as well as they were, and a confidence is a share of right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.quality.languages import calibration, calibration_error, measure, sets
from ccgcii import detect_language

if TYPE_CHECKING:
    from pathlib import Path


def test_invented_headlines_and_sentences_are_told_in_fourteen_languages() -> None:
    ours = measure(None)["ccgcii"]
    assert ours["invented headlines"].f1.value >= 0.95
    assert ours["invented sentences"].f1.value >= 0.98
    assert len({language for _, language in sets(None)["invented headlines"]}) == 14


def test_a_longer_text_is_surer_than_its_beginning() -> None:
    whole = "The city opened a new museum of bridges on Monday, and many people came."
    short, long = detect_language(whole[:14]), detect_language(whole)
    assert short is not None
    assert long is not None
    assert 0 <= short.confidence < long.confidence <= 1


def test_confidences_rise_with_the_share_that_is_right() -> None:
    labelled = sets(None)["invented headlines"]
    assert calibration_error(labelled) < 0.1
    assert calibration(labelled)[-1][1] >= 0.97


@pytest.mark.real_data
def test_real_sentences_are_told_and_confidences_are_true(real_data: Path) -> None:
    data = real_data / "data"
    ours = measure(data)["ccgcii"]
    assert ours["real sentences"].f1.value >= 0.97
    assert ours["real, 30 characters"].f1.value >= 0.92
    assert calibration_error(sets(data)["real, 30 characters"]) < 0.05
