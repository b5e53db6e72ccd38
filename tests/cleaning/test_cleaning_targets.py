from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ccgcii import Document, find_cities, tone_of, with_sentiment
from ccgcii.cleaning.enriching.targets import Named, Reading, readings

NOW = datetime(2020, 6, 1, tzinfo=UTC)


def signs(text: str, language: str) -> dict[str, int]:
    """Return the sign of the tone towards each city of a text."""
    mentions = tuple(find_cities(text, language))
    document = Document("t", "x", "", NOW, text=text, language=language, mentions=mentions)
    return {
        mention.city: (mention.sentiment > 0) - (mention.sentiment < 0)
        for mention in with_sentiment(document).mentions
        if mention.sentiment is not None
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Suzhou is lovely, while Wuxi is ugly.", {"suzhou": 1, "wuxi": -1}),
        ("en", "Suzhou is lovely; Wuxi is ugly.", {"suzhou": 1, "wuxi": -1}),
        ("zh", "苏州很美，无锡却很脏。", {"suzhou": 1, "wuxi": -1}),
        ("en", "The train was horrible, but Suzhou is lovely.", {"suzhou": 1}),
        ("en", "Although the train was great, Suzhou is ugly.", {"suzhou": -1}),
        ("zh", "虽然火车很糟糕，苏州很美。", {"suzhou": 1}),
        ("zh", "火车很糟糕，但苏州很美。", {"suzhou": 1}),
        ("en", "When I was happy, I went to Suzhou.", {"suzhou": 1}),
        ("en", "Suzhou is lovely, and I will come back.", {"suzhou": 1}),
        ("en", "Suzhou is calm, Naples is a horrible mess.", {"suzhou": 1}),
        ("zh", "巴黎很脏，苏州很美。", {"suzhou": 1}),
        ("en", "Suzhou is nicer than Wuxi.", {"suzhou": 1, "wuxi": -1}),
        ("en", "Suzhou is worse than Wuxi.", {"suzhou": -1, "wuxi": 1}),
        ("en", "Suzhou is not as beautiful as Wuxi.", {"suzhou": -1, "wuxi": 1}),
        ("zh", "苏州比无锡更美。", {"suzhou": 1, "wuxi": -1}),
        ("zh", "苏州不如无锡。", {"suzhou": -1, "wuxi": 1}),
        ("zh", "苏州没有无锡热闹。", {"suzhou": -1, "wuxi": 1}),
        ("en", "War kills thousands, an official in Suzhou said.", {"suzhou": 0}),
        ("zh", "苏州的专家担心战争。", {"suzhou": 0}),
        ("zh", "他在苏州表示，战争很残忍。", {"suzhou": 0}),
        ("zh", "苏州算不上漂亮。", {"suzhou": -1}),
        ("zh", "苏州一点也不脏，很好。", {"suzhou": 1}),
    ],
)
def test_the_tone_is_that_of_what_is_said_of_the_city(
    language: str, text: str, expected: dict[str, int]
) -> None:
    assert signs(text, language) == expected


def test_a_language_without_rules_has_the_tone_of_the_whole_sentence() -> None:
    text = "Lyon est belle, Nice est laide"
    named = [Named("lyon", 0, 4), Named("nice", 16, 20)]
    assert readings(text, "fr", named) == dict.fromkeys(("lyon", "nice"), Reading(text, "sentence"))


def test_a_reading_says_what_speaks_of_the_city_and_by_which_rule() -> None:
    text = "Suzhou is nicer than Wuxi"
    named = [Named("suzhou", 0, 6), Named("wuxi", 21, 25)]
    found = readings(text, "en", named)
    assert found["suzhou"] == Reading("Suzhou is nicer than ", "comparison")
    assert found["wuxi"] == Reading("Suzhou is nicer than ", "comparison", -0.5)
    other = readings("Suzhou is nice, but Wuxi is bad", "en", [*named[:1], Named("wuxi", 20, 24)])
    assert {key: reading.rule for key, reading in other.items()} == {
        "suzhou": "clauses",
        "wuxi": "clauses",
    }


def test_a_languages_own_reader_is_used_where_there_is_no_list() -> None:
    text = "Wuhan est magnifique."
    mentions = tuple(find_cities(text, "fr"))
    document = Document("t", "x", "", NOW, text=text, language="fr", mentions=mentions)
    assert with_sentiment(document) == document
    read = with_sentiment(document, lambda text: 0.5 if "magnifique" in text else 0.0)
    assert (read.sentiment, read.mentions[0].sentiment) == (0.5, 0.5)


def test_a_turn_weighs_what_follows_it() -> None:
    after, before = tone_of("很脏，但是很美", "zh"), tone_of("很美，但是很脏", "zh")
    assert after is not None
    assert before is not None
    assert after > 0 > before


def test_words_of_cities_count_and_names_of_things_do_not() -> None:
    assert (tone_of("smog", "en") or 0) < 0 < (tone_of("walkable", "en") or 0)
    assert tone_of("United natural share security", "en") == 0
