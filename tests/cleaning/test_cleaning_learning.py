from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii import ConfigError, Document, Mention, detect_language, display_width, find_topics
from ccgcii.catalogues import Event
from ccgcii.cleaning.enriching.events import EventMatcher
from ccgcii.cleaning.enriching.sentences import Sentences
from ccgcii.cleaning.enriching.sentiment import tone_of, with_sentiment
from ccgcii.cleaning.enriching.topics import taxonomy_at
from ccgcii.cleaning.toponyms.salience import salience

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2020, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The city opened a new museum on Monday.", "en"),
        ("这座城市周一开放了一座新的博物馆。", "zh"),
        ("Die Stadt hat am Montag ein neues Museum eröffnet.", "de"),
        ("市は月曜日に新しい博物館を開館した。", "ja"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    found = detect_language(text)
    assert found is not None
    assert found.code == code


def test_too_little_text_has_no_language() -> None:
    assert detect_language("ok") is None


def test_sentences_end_in_both_scripts_and_not_at_titles() -> None:
    assert Sentences("Mr. Li came. He left! Why?").all() == ["Mr. Li came.", "He left!", "Why?"]
    assert Sentences("他来了。“好！”他说。走").all() == ["他来了。", "“好！”", "他说。", "走"]


@pytest.mark.parametrize(
    ("good", "bad", "language"),
    [
        ("I love this wonderful city.", "A terrible, deadly disaster.", "en"),
        ("这里的美食非常好吃，我很喜欢。", "污染严重，事故造成多人死亡。", "zh"),
        ("城市很美丽", "城市不美丽", "zh"),
        ("非常好吃", "好吃", "zh"),
    ],
)
def test_tone_orders_good_before_bad(good: str, bad: str, language: str) -> None:
    better, worse = tone_of(good, language), tone_of(bad, language)
    assert better is not None
    assert worse is not None
    assert -1 <= worse < better <= 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Jinan reopens its museums", 1),
        ("Exports of Jinan doubled in a year", 1),
        ("Jinan suspends dine-in services", -1),
        ("Workers swelter in Jinan", -1),
        ("Twelve people in Jinan tested positive", 0),
        ("A smart expo and an award ceremony in Jinan", 0),
    ],
)
def test_words_of_cities_have_the_tone_that_news_gives_them(text: str, sign: int) -> None:
    tone = tone_of(text, "en") or 0.0
    assert (tone > 0) - (tone < 0) == sign


def test_tone_is_unknown_where_there_is_no_model() -> None:
    assert tone_of("Une ville magnifique.", "fr") is None


def test_only_the_sentences_that_name_a_city_count() -> None:
    text = "A horrible war kills thousands. Wuhan is a wonderful city."
    mention = Mention("wuhan", "text", 32, 37, "Wuhan", 1.0, "name")
    document = with_sentiment(
        Document("t", "media", "", NOW, text=text, language="en", mentions=(mention,))
    )
    assert document.sentiment is not None
    assert document.sentiment > 0.5
    assert document.mentions[0].sentiment == document.sentiment


def test_topics_are_found_in_english_and_chinese() -> None:
    assert "cuisine" in find_topics("Hotpot and noodles in every restaurant.")
    assert "transport" in find_topics("地铁和高铁都很方便。")
    assert find_topics("Nothing of note.") == ()


def test_a_long_text_has_only_the_topics_it_dwells_on() -> None:
    text = "The hospital treats patients; doctors and nurses test for the virus. " * 20
    assert find_topics(text + "One football.") == ("healthcare",)


def test_the_taxonomy_has_the_topics_of_the_report_hard_and_soft() -> None:
    powers = taxonomy_at().powers()
    assert len(powers) >= 16
    assert set(powers.values()) == {"hard", "soft"}


def test_a_broken_taxonomy_is_refused_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[tea]\nen = ["tea"]\n')
    with pytest.raises(ConfigError, match=r"mine\.toml.*tea.*power"):
        taxonomy_at(str(file))


def test_an_event_needs_its_word_and_its_days() -> None:
    event = Event(
        "games",
        "Games",
        "sport",
        False,
        date(2020, 5, 1),
        date(2020, 5, 9),
        ("torch",),
        ("火炬",),
        "",
    )
    matcher = EventMatcher([event])
    inside, outside = datetime(2020, 5, 9, 23, tzinfo=UTC), datetime(2020, 5, 10, tzinfo=UTC)
    said = Document("t", "media", "", NOW, text="The Torch is lit", published_at=inside)
    late = Document("t", "media", "", NOW, text="The torch is lit", published_at=outside)
    assert matcher.find(said) == ("games",)
    assert matcher.find(late) == matcher.find(Document("t", "media", "", NOW, text="torch")) == ()


def test_salience_falls_from_title_to_lead_to_body() -> None:
    def at(field: str, start: int) -> Mention:
        return Mention("wuhan", field, start, start + 5, "Wuhan", 1.0, "name")

    body = [at("text", 900 + n) for n in range(9)]
    assert salience([at("title", 0), *body]) == 1.0
    assert salience([at("text", 10)]) == 0.7
    assert salience(body[:1]) == pytest.approx(0.3)
    assert salience(body) == 0.6


def test_chinese_is_twice_as_wide() -> None:
    assert display_width("武汉 Wuhan") == 10
    assert display_width("  a\n\n b ") == 3
