"""The labelled sentences hold together, and finding cities in them stays as good as it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.quality.cities import by_ccgcii, by_group, by_plain_search
from benchmarks.quality.labels import LANGUAGES, labelled_sentences, problems, set_names
from benchmarks.quality.mentions import labelled_mentions
from benchmarks.quality.mentions import measure as measure_real
from benchmarks.quality.scoring import quality
from ccgcii import default_cities

if TYPE_CHECKING:
    from pathlib import Path

FLOOR = 0.95
PLAIN_TEXT_FLOOR = 0.99
# By part: read and repaired sentences must not break again, never read ones stay what they were.
READ_FLOOR, HELD_FLOOR = 0.96, 0.90
REAL_PRECISION_FLOOR = 0.97
KEYS = {city.key for city in default_cities()}


def test_the_labels_do_not_contradict_themselves() -> None:
    assert list(problems(labelled_sentences(), KEYS)) == []


def test_a_label_at_the_wrong_place_or_of_no_city_is_told() -> None:
    sentence = next(s for s in labelled_sentences() if s.mentions)
    moved = replace(sentence.mentions[0], start=sentence.mentions[0].start + 1)
    unknown = replace(sentence.mentions[0], key="atlantis")
    for broken in (moved, unknown):
        assert list(problems([replace(sentence, mentions=(broken,))], KEYS))


def test_every_language_has_its_sentences_and_half_of_all_are_traps() -> None:
    sentences = labelled_sentences()
    languages = Counter(sentence.language for sentence in sentences)
    assert set(languages) == set(LANGUAGES)
    assert min(languages.values()) >= 15
    assert len(sentences) >= 400
    assert sum(sentence.ambiguous for sentence in sentences) >= 200


def test_cities_are_found_as_a_reader_finds_them() -> None:
    sentences = labelled_sentences()
    groups = by_group(sentences, by_ccgcii(sentences))
    assert groups["overall"].f1.value >= FLOOR
    assert groups["not ambiguous"].f1.value >= PLAIN_TEXT_FLOOR
    assert groups["never read"].f1.value >= FLOOR
    for name in set_names():
        held = any(s.split == "held" for s in sentences if s.set == name)
        assert groups[name].f1.value >= (HELD_FLOOR if held else READ_FLOOR), name
    plain = by_group(sentences, by_plain_search(sentences))
    assert groups["ambiguous"].f1.low > plain["ambiguous"].f1.high


def test_a_set_is_read_or_held_as_a_whole() -> None:
    splits = {(sentence.set, sentence.split) for sentence in labelled_sentences()}
    assert len(splits) == len(set_names())


def test_every_real_mention_has_a_label_and_a_reason() -> None:
    mentions = labelled_mentions()
    assert Counter(mention.drawn for mention in mentions) == {
        "11": 200,
        "20261127": 200,
        "rest": 145,
    }
    assert {mention.label for mention in mentions} == {"right", "wrong"}
    assert all(mention.reason and mention.city in KEYS for mention in mentions)


def test_real_mentions_are_right(real_data: Path) -> None:
    for name, value in measure_real(real_data / "data")["ccgcii"].items():
        assert value.precision.value >= REAL_PRECISION_FLOOR, name


def test_the_shares_are_those_of_the_counts_and_lie_within_their_intervals() -> None:
    pairs = [
        ({"a"}, {"a"}),
        ({"a", "b"}, {"a"}),
        (set[str](), {"c"}),
        (set[str](), set[str]()),
    ] * 20
    measured = quality(pairs)
    assert (measured.right, measured.wrong, measured.missed) == (40, 20, 20)
    assert measured.precision.value == pytest.approx(2 / 3)
    assert measured.f1.value == pytest.approx(2 / 3)
    assert measured.f1.low < measured.f1.value < measured.f1.high
    assert quality(pairs) == measured
