from __future__ import annotations

from collections import Counter

import pytest

import ccgcii_indicators
from ccgcii import DIMENSIONS, Indicator
from ccgcii.measuring.matrix import measure
from ccgcii.testing.corpus import sample_corpus

INDICATORS = [*ccgcii_indicators.ccgcii_indicators()]


def test_there_are_sixty_fifteen_in_each_dimension() -> None:
    assert Counter(thing.dimension for thing in INDICATORS) == dict.fromkeys(DIMENSIONS, 15)
    assert len({thing.id for thing in INDICATORS}) == 60


def test_there_are_twelve_pillars() -> None:
    assert len({(thing.dimension, thing.pillar) for thing in INDICATORS}) == 12


def test_less_is_better_for_five() -> None:
    reversed_ones = {thing.id for thing in INDICATORS if thing.direction == -1}
    assert reversed_ones == {"P11", "B13", "R06", "R07", "R15"}


@pytest.mark.parametrize("thing", INDICATORS, ids=lambda thing: thing.id)
def test_each_has_what_a_reader_needs(thing: Indicator) -> None:
    assert thing.unit
    assert len(thing.definition) > 30
    assert thing.definition.endswith(".")
    assert thing.pillar


def test_all_can_be_measured_on_the_sample_corpus() -> None:
    matrix = measure(sample_corpus(), INDICATORS)
    assert matrix.notes == ()
    known = matrix.cells.drop(index="silent").notna().to_numpy()
    assert known.mean() > 0.95
