"""The table of names: fourteen languages, doubtful words marked, Russian declined by rule."""

from __future__ import annotations

import pytest

from ccgcii import default_cities
from ccgcii.catalogues.build import inflections
from ccgcii.catalogues.provinces import province_names
from ccgcii.catalogues.russian import case_forms

CITIES = {city.key: city for city in default_cities()}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Пекин", ("Пекина", "Пекину", "Пекином", "Пекине")),
        ("Тяньцзинь", ("Тяньцзиня", "Тяньцзиню", "Тяньцзинем", "Тяньцзине")),
        ("Шанхай", ("Шанхая", "Шанхаю", "Шанхаем", "Шанхае")),
        ("Чанша", ("Чанши", "Чанше", "Чаншу", "Чаншей")),
        ("Ухань", ("Уханя", "Уханю", "Уханем", "Ухане", "Ухани", "Уханью")),
    ],
)
def test_russian_names_decline_by_their_ending(name: str, forms: tuple[str, ...]) -> None:
    assert case_forms(name) == forms


@pytest.mark.parametrize("name", ["Гуанчжоу", "Нинбо", "Уси", "Чандэ", "Цзиньхуа", "Урумчи"])
def test_russian_names_in_other_vowels_stay_as_they_are(name: str) -> None:
    assert case_forms(name) == ()


def test_every_case_form_reaches_the_cities() -> None:
    for key, text, *_ in inflections():
        assert text in {name.text for name in CITIES[str(key)].names}


@pytest.mark.parametrize(
    "language", ["en", "fr", "de", "es", "pt", "it", "ru", "ar", "ja", "ko", "id", "vi", "tr"]
)
def test_each_language_has_its_own_word_for_beijing_or_guangzhou(language: str) -> None:
    names = (*CITIES["beijing"].names, *CITIES["guangzhou"].names)
    assert language in {name.language for name in names}


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_cities_have_their_traditional_and_their_japanese_characters(language: str) -> None:
    forms = {"zh": {"廣州", "瀋陽", "濟南"}, "ja": {"広州", "瀋陽", "済南"}}
    names = {name.text for city in CITIES.values() for name in city.names}
    assert forms[language] <= names


@pytest.mark.parametrize("word", ["지난", "위해", "주장", "진화", "جنان", "سوجو"])
def test_words_of_every_day_are_no_names_of_cities(word: str) -> None:
    assert word not in {name.text for city in CITIES.values() for name in city.names}


@pytest.mark.parametrize(
    ("key", "text"),
    [("guangzhou", "Canton"), ("changsha", "Trường Sa"), ("qingdao", "Tsingtao"), ("wuhu", "Уху")],
)
def test_a_name_that_also_means_something_else_is_marked(key: str, text: str) -> None:
    assert next(name for name in CITIES[key].names if name.text == text).ambiguous


def test_provinces_are_known_by_their_names_in_other_languages() -> None:
    names = province_names()
    assert {"江蘇", "Цзянсу", "장쑤", "Giang Tô", "جيانغسو"} <= set(names["Jiangsu"])
    assert "Хубэе" in names["Hubei"]
    municipalities = {"Beijing", "Shanghai", "Tianjin", "Chongqing"}
    assert set(names) == {city.province_en for city in CITIES.values()} - municipalities
