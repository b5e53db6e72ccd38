"""Texts that are made to take long: what is asked of each piece of them is bounded or one pass."""

from __future__ import annotations

import random

import pytest

from ccgcii import changed, find_cities, with_sentiment
from ccgcii.cleaning.enriching import sentences
from ccgcii.cleaning.enriching.sentences import Sentences
from ccgcii.cleaning.scripts import LONGEST_TAG, Spans
from ccgcii.cleaning.toponyms.matching import MOST_NAMES
from tests.cleaning.test_cleaning_speedups import DOCUMENT


def test_of_two_megabytes_of_names_the_first_are_read() -> None:
    text = "Wuhan is fine and " * 110_000
    mentions = find_cities(text, "en")
    assert len(mentions) == MOST_NAMES
    assert mentions[-1].start == 18 * (MOST_NAMES - 1)
    toned = with_sentiment(changed(DOCUMENT, text=text, mentions=mentions, language="en"))
    assert toned.sentiment is not None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Wuhan, http://a.test/Wuhan " * 30_000, MOST_NAMES // 2),
        ("#Visit" + "Wuhan" * 200_000, LONGEST_TAG // 5),
        ("Canton in Guangdong. " * 30_000, MOST_NAMES),
        ("Wuhan is fine" + "." * 1_000_000, 1),
        ("Wuhan is fine" + "!?" * 500_000, 1),
    ],
    ids=["links", "a hashtag", "doubtful names", "dots", "marks"],
)
def test_a_text_that_repeats_itself_is_read_in_one_pass(text: str, number: int) -> None:
    mentions = find_cities(text, "en")
    assert len(mentions) == number
    assert Sentences(text).span_at(mentions[0].start)[0] == 0


def test_sentences_end_where_the_pattern_finds_an_ending_anywhere() -> None:
    rng = random.Random(2020)
    pieces = [
        ".",
        "..",
        "?!",
        "...",
        " ",
        "  ",
        "\n",
        "。",
        "！",
        "”",
        ")",
        '"',
        "Mr",
        "U.S",
        "A",
        "b",
    ]
    for _ in range(20_000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(14)))
        starts = {0, *(match.end() for match in sentences._END.finditer(text))}
        seen = {Sentences(text).span_at(place)[0] for place in range(len(text) + 1)}
        assert seen == starts, text


def test_an_offset_is_inside_of_any_span_that_covers_it() -> None:
    rng = random.Random(2020)
    for _ in range(300):
        spans = [(a, a + rng.randrange(1, 9)) for a in rng.choices(range(40), k=rng.randrange(6))]
        found = Spans(spans)
        for place in range(50):
            assert (place in found) == any(a <= place < b for a, b in spans), spans
