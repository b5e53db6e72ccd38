"""`find_cities` with a table of cities of one's own, usual and unusual."""

from __future__ import annotations

import pytest

from ccgcii import City, CityName, ConfigError, find_cities


def city(key: str, name: str, *further: str, province: str = "", number: int = 1) -> City:
    names = tuple(CityName(text) for text in further)
    return City(number, key, key, name, "", province, "", None, "", None, None, None, names)


def found(text: str, *cities: City) -> list[tuple[str, str]]:
    return [(mention.city, mention.as_written) for mention in find_cities(text, cities=cities)]


def test_an_empty_table_finds_nothing() -> None:
    assert find_cities("Wuhan", cities=[]) == ()


def test_names_without_letters_are_left_out() -> None:
    assert found("Wuhan is big.", city("none", ""), city("blank", " ", "", number=2)) == []
    assert found("Bath is old.", city("bath", "Bath", "", " ")) == [("bath", "Bath")]


def test_a_name_of_one_letter_is_a_word_of_its_own() -> None:
    assert found("We live in Y. Why not?", city("y", "Y")) == [("y", "Y")]
    assert found("Å i Lofoten", city("å", "Å")) == [("å", "Å")]


def test_two_cities_of_one_name_are_told_apart_by_their_region_or_not_at_all() -> None:
    table = (
        city("bath", "Bath", province="Somerset"),
        city("bath-maine", "Bath", province="Maine", number=2),
    )
    assert found("Bath is old.", *table) == []
    assert found("Bath, Somerset, is old.", *table) == [("bath", "Bath")]
    assert found("Bath in Maine is old.", *table) == [("bath-maine", "Bath")]


def test_a_city_that_stands_twice_in_the_table_is_found_once() -> None:
    bath = city("bath", "Bath")
    assert found("Bath is old.", bath, bath) == [("bath", "Bath")]


def test_names_may_hold_any_characters() -> None:
    table = (city("louis", "St. Louis"), city("sault", "Sault+(x)", number=2))
    assert found("St. Louis and Sault+(x)", *table) == [
        ("louis", "St. Louis"),
        ("sault", "Sault+(x)"),
    ]


def test_the_rules_hold_for_other_cities_too() -> None:
    paris = city("paris", "Paris")
    text = "The film Paris Blues, Paris University and the frigate Paris; in Paris it rained."
    assert found(text, paris) == [("paris", "Paris")]
    assert find_cities(text, cities=[paris])[0].start == text.rindex("Paris")


def test_any_iterable_of_cities_will_do_and_nothing_else() -> None:
    assert find_cities("Bath", cities=(c for c in [city("bath", "Bath")]))
    with pytest.raises(ConfigError, match=r"'W' is no City; give `cities` the values of"):
        find_cities("Wuhan", cities="Wuhan")  # type: ignore[arg-type]  # what a user may try


def test_broken_text_is_searched_as_well() -> None:
    (mention,) = find_cities("Wuhan \ud83d and \x00")
    assert mention.city == "wuhan"


def test_a_language_may_come_with_its_region() -> None:
    assert [m.city for m in find_cities("泉州の港", "ja-JP")] == [
        m.city for m in find_cities("泉州の港", "ja")
    ]
