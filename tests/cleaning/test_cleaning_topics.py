from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii import ConfigError, Record, find_topics
from ccgcii.cleaning.enriching.topics import taxonomy_at
from ccgcii.cleaning.runs import clean
from ccgcii.config import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cleaning.conftest import Open

REPORT = {
    "culture",
    "cuisine",
    "economy",
    "healthcare",
    "art",
    "travel",
    "festivals",
    "events",
    "industry",
    "transport",
    "politics",
    "ecology",
    "agriculture",
    "environment",
    "education",
    "technology",
    "sport",
}
LANGUAGES = ["en", "zh", "fr", "de", "es", "pt", "it", "ru", "ar", "ja", "ko", "id", "vi", "tr"]


def test_the_taxonomy_has_the_topics_of_the_report_in_fourteen_languages() -> None:
    topics = taxonomy_at().topics
    assert {topic.name for topic in topics} == REPORT
    for topic in topics:
        assert list(topic.words) == LANGUAGES
        for language, words in topic.words.items():
            assert len(words) >= (40 if language in ("en", "zh") else 8), (topic.name, language)


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("fr", "Les écoliers ont visité le musée", "culture"),
        ("de", "Die Fabriken stehen still", "industry"),
        ("es", "Los turistas llenan los hoteles", "travel"),
        ("pt", "A enchente destruiu casas", "environment"),
        ("it", "I giocatori del campionato", "sport"),
        ("ru", "Врачи городской больницы", "healthcare"),
        ("ar", "وصل السياح إلى الفنادق بالقطار", "transport"),
        ("ja", "高速鉄道が開通した", "transport"),
        ("ko", "은행이 금리를 내렸다", "economy"),
        ("id", "Petani memanen padi", "agriculture"),
        ("vi", "Học sinh nghỉ học", "education"),
        ("tr", "İstanbul'da şampiyonluk kutlandı", "sport"),
    ],
)
def test_each_language_has_its_words_with_their_endings(
    language: str, text: str, topic: str
) -> None:
    assert topic in find_topics(text, language=language)


def test_words_of_one_language_are_not_looked_for_in_another() -> None:
    assert find_topics("Diese Art von Fest", language="de") == ("festivals",)
    assert find_topics("This kind of art", language="de") == ()
    # A language without a list, or none, is read as posts are: in English and Chinese.
    assert find_topics("Museum of kunst", language="nl") == find_topics("Museum") == ("culture",)


def test_a_name_is_found_with_its_capital_only() -> None:
    assert find_topics("Apple opens a shop") == ("technology",)
    assert find_topics("An apple a day for those who like it") == ()
    assert find_topics("Who says so? AI") == ("technology",)


def test_words_around_a_word_can_take_its_topic_away() -> None:
    assert find_topics("On the bank of the river") == ()
    assert find_topics("The bank raised its rates") == ("economy",)


def test_the_evidence_stands_where_it_says() -> None:
    text = "Çinli İşçiler MÜZEYE gitti, sonra müzede kaldı"
    hits = taxonomy_at().hits("Müze", text, "tr")
    assert [(hit.field, hit.topics) for hit in hits] == [
        ("title", ("culture",)),
        ("text", ("culture",)),
        ("text", ("culture",)),
    ]
    assert [text[hit.start : hit.end].lower() for hit in hits[1:]] == ["müze", "müze"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('[tea]\nen = ["tea"]\n', "tea.*power"),
        ('[tea]\npower = "mild"\nen = ["tea"]\n', "tea.*power"),
        (
            '[tea]\npower = "soft"\nenglish = ["tea"]\n',
            "english: a list has the name of a language",
        ),
        ('[tea]\npower = "soft"\npowr = ["x"]\n', "did you mean 'power'"),
        ('[tea]\npower = "soft"\nen = "tea"\n', "en is no list of words"),
        ('[tea]\npower = "soft"\nen = []\n', "has no words"),
        ('[none]\nen = ["tea"]\n', "no topic in it"),
        ("none = 1\n", r"\[none\] is no table"),
        ("[tea\n", "not a taxonomy"),
    ],
)
def test_a_broken_taxonomy_is_refused_with_its_file(tmp_path: Path, body: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(body)
    with pytest.raises(ConfigError, match=rf"mine\.toml.*{said}"):
        taxonomy_at(str(file))


def test_a_taxonomy_of_ones_own_replaces_ours(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[tea]\npower = "soft"\nany = ["oolong"]\nfr = ["thé"]\n')
    assert find_topics("Oolong au musée", taxonomy=str(file), language="fr") == ("tea",)
    assert find_topics("le thé", taxonomy=str(file), language="fr") == ("tea",)
    assert find_topics("le thé", taxonomy=str(file), language="en") == ()


def test_files_of_filters_are_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text(
        '[filters.topics]\ntaxonomy = "mine.toml"\n[filters.sentiment]\nmodel = "models/tone"\n'
    )
    (tmp_path / "mine.toml").write_text("")
    filters = load_settings(tmp_path).filters
    assert filters["topics"]["taxonomy"] == str(tmp_path / "mine.toml")
    assert filters["sentiment"]["model"] == "models/tone"  # it is not there: named as written


def test_the_store_lists_the_taxonomy_and_a_changed_one(open_study: Open, tmp_path: Path) -> None:
    moment = datetime(2020, 5, 1, tzinfo=UTC)
    file = tmp_path / "mine.toml"
    file.write_text('[tea]\npower = "soft"\nen = ["tea"]\n[oil]\npower = "hard"\nen = ["oil"]\n')
    options = {"topics": {"taxonomy": str(file)}}
    with_ours = open_study(tmp_path / "study")
    with_ours.record(
        Record("1", "x", text="A museum and tea in Wuhan today", author="a", published_at=moment)
    )
    clean(with_ours.workspace)
    assert len(with_ours.rows("SELECT name FROM topic")) == len(REPORT)
    assert with_ours.rows("SELECT language_confidence > 500 FROM document") == [(1,)]
    with_mine = open_study(tmp_path / "study", filters=options)
    clean(with_mine.workspace, since=5)
    topics = "SELECT name, power FROM topic ORDER BY name"
    assert with_mine.rows(topics) == [("oil", "hard"), ("tea", "soft")]
    file.write_text(file.read_text().replace("hard", "soft"))
    taxonomy_at.cache_clear()
    clean(with_mine.workspace)
    assert with_mine.rows(topics) == [("oil", "soft"), ("tea", "soft")]
