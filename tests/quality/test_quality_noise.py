"""Noise is told by kind in fourteen languages, and news about the same things is kept."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.quality.noise import KINDS, known_pieces, measure

MEASURED = measure()


def test_the_set_has_every_kind_in_several_languages() -> None:
    pieces = known_pieces()
    kinds = Counter(piece.kind for piece in pieces)
    assert set(kinds) == {*KINDS, "real"}
    assert kinds["real"] >= 40
    for kind in KINDS:
        assert len({piece.language for piece in pieces if piece.kind == kind}) >= 4, kind
    assert len({piece.text for piece in pieces}) == len(pieces)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_dropped_by_its_own_filter(kind: str) -> None:
    assert MEASURED["ccgcii"][kind].precision.value >= 0.95
    assert MEASURED["ccgcii"][kind].recall.value >= 0.9


def test_what_is_real_is_kept_and_plain_words_do_worse() -> None:
    ours, plain = MEASURED["ccgcii"], MEASURED["plain keywords"]
    assert ours["all kinds"].precision.value >= 0.98
    # Read by now, all of them: these hold what was reached and show no more.
    assert ours["all kinds, held half"].f1.value >= 0.95
    assert ours["written after the phrases"].f1.value >= 0.95
    assert ours["second set, held half"].f1.value >= 0.92
    assert ours["all kinds"].f1.low > plain["all kinds"].f1.high


def test_noise_that_was_never_looked_at_is_told_as_well_as_it_was() -> None:
    ours = MEASURED["ccgcii"]
    # By the same hand as the words and of the same hour: it flatters.
    assert ours["third set, held half"].precision.value >= 0.95
    assert ours["third set, held half"].f1.value >= 0.82
    # The honest figure: written when the words stood, half of it reports that speak like noise.
    assert ours["fourth set, held half"].precision.value >= 0.8
    assert ours["fourth set, held half"].f1.value >= 0.52
