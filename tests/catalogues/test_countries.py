"""Countries by ISO 3166-1, wherever a study's files name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii import ConfigError, checked_country
from ccgcii.catalogues import read_outlets

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("word", ["GB", "gb", " cn ", "XK"])
def test_a_code_is_taken_in_capitals(word: str) -> None:
    assert checked_country(word) == word.strip().upper()


@pytest.mark.parametrize(
    ("word", "meant"),
    [("UK", "GB"), ("Germany", "DE"), ("Germny", "DE"), ("USA", "US"), ("great britain", "GB")],
)
def test_what_is_no_code_is_told_the_one_it_means(word: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"{word!r} is no country.*did you mean '{meant}'"):
        checked_country(word)


@pytest.mark.parametrize("word", ["XX", "EU", "AN", "CS", "Atlantis"])
def test_what_means_no_country_is_told_what_to_write(word: str) -> None:
    with pytest.raises(ValueError, match="write its two letters"):
        checked_country(word)


def test_a_wrong_country_of_an_outlet_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text("domain,country\none.example,fr\ntwo.example,\nthree.example,UK\n")
    with pytest.raises(ConfigError, match=r"outlets.csv, line 4: 'country': 'UK'.*mean 'GB'"):
        read_outlets(path)
