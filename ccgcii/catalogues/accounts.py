"""The cities' own accounts abroad: who speaks for a city, and how many follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.catalogues.cities import default_cities, find_city
from ccgcii.catalogues.tables import Row, read_rows
from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Collection

    from ccgcii.cities import City

HERE = Path(__file__).parent
REQUIRED = ("platform", "handle", "city")
OPTIONAL = ("role", "followers", "counted_on", "name", "source")
PLATFORMS = ("facebook", "instagram", "tiktok", "x", "youtube")
ROLES = ("official", "affiliated")


@dataclass(frozen=True, slots=True)
class CityAccount:
    """An account of a city on a platform abroad; None is unknown.

    `handle` as the platform writes it, without @ (a number where a page has no name); `city` the
    city's key; `role` official (government, party, tourism board) or affiliated (the city's own
    media, districts, events); `counted_on` when the followers were counted: a day, month or year
    of ISO 8601 (`2023-10-31`, `2023-10`, `2023`).
    """

    platform: str
    handle: str
    city: str
    role: str | None = None
    followers: int | None = None
    counted_on: str | None = None
    name: str = ""
    source: str = ""


@cache
def default_accounts() -> tuple[CityAccount, ...]:
    """Return the accounts that ship with ccgcii."""
    return read_accounts(HERE / "accounts.csv")


def read_accounts(path: Path, cities: Collection[City] = ()) -> tuple[CityAccount, ...]:
    """Read accounts of `cities` (empty: ours) from a CSV file, its cities by key or by name.

    Raises `ConfigError` naming file, line and column.
    """
    accounts: dict[tuple[str, str], CityAccount] = {}
    for row in read_rows(path, REQUIRED, OPTIONAL):
        account = _account(row, cities or default_cities())
        # No two handles of a platform differ in capitals alone.
        mark = (account.platform, account.handle.lower())
        if mark in accounts:
            raise row.error(f"{account.handle!r} on {account.platform} stands there twice")
        accounts[mark] = account
    return tuple(accounts.values())


def _account(row: Row, cities: Collection[City]) -> CityAccount:
    return CityAccount(
        platform=_one_of(row, "platform", row.required("platform"), PLATFORMS),
        handle=_handle(row),
        city=_city(row, cities),
        role=_one_of(row, "role", row.text("role"), ROLES) or None,
        followers=_followers(row),
        counted_on=_counted_on(row),
        name=row.text("name"),
        source=row.text("source"),
    )


def _one_of(row: Row, column: str, word: str, known: tuple[str, ...]) -> str:
    value = word.lower()
    if value and value not in known:
        raise row.error(f"{column!r} is {word!r}{suggest(value, known)}")
    return value


def _handle(row: Row) -> str:
    handle = row.required("handle").removeprefix("@")
    if not handle or re.search(r"[\s/?]", handle):
        raise row.error(f"'handle' is {handle!r}; give the account's name, not its address")
    return handle


def _city(row: Row, cities: Collection[City]) -> str:
    try:
        return find_city(row.required("city"), cities).key
    except ConfigError as error:
        raise row.error(str(error)) from None


def _followers(row: Row) -> int | None:
    followers = row.whole("followers")
    if followers is not None and followers < 0:
        raise row.error(f"'followers' is less than nobody: {followers}")
    return followers


def _counted_on(row: Row) -> str | None:
    value = row.text("counted_on")
    if value and not re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:[0-2]\d|3[01]))?)?", value):
        raise row.error(f"'counted_on' is not like 2023-10-31, 2023-10 or 2023: {value!r}")
    return value or None
