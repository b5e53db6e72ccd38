"""The cities' own accounts: what ships, and a file of one's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ccgcii import ConfigError, default_cities
from ccgcii.catalogues import default_accounts, read_accounts, read_cities
from ccgcii.catalogues.accounts import PLATFORMS, ROLES

if TYPE_CHECKING:
    from pathlib import Path


def test_each_account_belongs_to_one_of_the_hundred_cities_and_has_a_source() -> None:
    keys = {city.key for city in default_cities()}
    for account in default_accounts():
        assert account.city in keys
        assert account.platform in PLATFORMS
        assert account.role in (*ROLES, None)
        assert account.name
        assert account.source


def test_a_number_of_followers_has_a_date_and_an_unknown_one_has_none() -> None:
    for account in default_accounts():
        assert (account.followers is None) == (account.counted_on is None), account
        assert account.followers != 0, account


def test_a_number_that_nobody_counted_stays_unknown() -> None:
    accounts = {(a.platform, a.handle): a for a in default_accounts()}
    assert accounts["instagram", "shine_news"].followers is None
    assert accounts["x", "DiscoverNanjing"].followers == 133100


def test_an_account_whose_owner_is_unknown_has_no_role() -> None:
    accounts = {(a.platform, a.handle): a for a in default_accounts()}
    assert accounts["x", "visitchongqing"].role is None
    assert accounts["x", "VisitSuzhou"].role == "official"
    assert accounts["x", "shanghaidaily"].role == "affiliated"


def test_a_users_accounts_are_read_with_cities_by_any_name(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(
        'platform,handle,city,followers,counted_on\nX,@VisitOne,武汉,"12,345",2020-12-31\n'
        "youtube,two,Wuhan,,\n",
        encoding="utf-8",
    )
    one, two = read_accounts(path)
    assert (one.platform, one.handle, one.city) == ("x", "VisitOne", "wuhan")
    assert (one.followers, one.counted_on, one.role) == (12345, "2020-12-31", None)
    assert (two.followers, two.counted_on) == (None, None)


def test_accounts_of_a_study_with_its_own_cities(tmp_path: Path) -> None:
    cities = tmp_path / "cities.csv"
    cities.write_text("name_en,name_zh\nLhasa,拉萨\n", encoding="utf-8")
    path = tmp_path / "accounts.csv"
    path.write_text("platform,handle,city\ntiktok,a,Lhasa\n", encoding="utf-8")
    (account,) = read_accounts(path, read_cities(cities))
    assert account.city == "lhasa"
    with pytest.raises(ConfigError, match="no city 'Lhasa' in this study"):
        read_accounts(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("twitter,a,wuhan,,,", "line 2: 'platform' is 'twitter'"),
        ("youtub,a,wuhan,,,", "did you mean 'youtube'?"),
        ("x,a,wuhn,,,", "line 2: no city 'wuhn' in this study; did you mean 'wuhan'?"),
        ("x,a,Taizhou,,,", "'Taizhou' is more than one city"),
        ("x,a,wuhan,offical,,", "'role' is 'offical'; did you mean 'official'?"),
        ("x,a,wuhan,,many,", "'followers' is not a number: 'many'"),
        ("x,a,wuhan,,1.5,", "'followers' is not a whole number"),
        ("x,a,wuhan,,-1,", "'followers' is less than nobody"),
        ("x,a,wuhan,,1,31/12/2020", "'counted_on' is not like 2023-10-31"),
        ("x,https://x.com/a,wuhan,,,", "give the account's name, not its address"),
        ("x,@,wuhan,,,", "'handle' is ''"),
        ("x,,wuhan,,,", "'handle' is empty"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"platform,handle,city,role,followers,counted_on\n{row}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(message)):
        read_accounts(path)


def test_an_account_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("platform,handle,city\nx,Abc,wuhan\nx,@abc,wuhan\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 3: 'abc' on x stands there twice"):
        read_accounts(path)
