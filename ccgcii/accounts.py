"""Accounts of the cities themselves: the study's list, brought to the authors in the store.

The store keeps an author as a keyed hash of the handle, so the list is hashed with the same key
and compared. Formats give the handle where they have one; a record whose author is a number only
meets no handle of the list and counts as anyone's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from ccgcii.cleaning.storing import handle_hash
from ccgcii_db import Dictionary, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.catalogues import CityAccount

Key = tuple[int, str]  # channel and hash


@dataclass(frozen=True, slots=True)
class Links:
    """How the list met the store: accounts that are now `linked`, of them `seen` as authors.

    `undecided` are those whose role the list does not know: they are nobody's own. `elsewhere`
    are on platforms or of cities that the study does not measure.
    """

    linked: int = 0
    seen: int = 0
    undecided: int = 0
    elsewhere: int = 0


def link_accounts(engine: Engine, catalogue: Iterable[CityAccount], secret: str = "") -> Links:
    """Give the accounts of a list their city and role; the list wins over what was there.

    An account that never wrote is added, with the followers of the list: that a city's account
    posts nothing is known, not unknown. Where nothing changes, nothing is written.
    """
    key = secret.encode()[:64]
    with engine.begin() as connection:
        channels = Dictionary(connection, tables.Channel).words()
        cities = Dictionary(connection, tables.City, "key").words()
        wanted: dict[Key, CityAccount] = {}
        undecided = elsewhere = 0
        for account in catalogue:
            if account.platform not in channels or account.city not in cities:
                elsewhere += 1
            elif account.role is None:
                undecided += 1
            else:
                wanted[channels[account.platform], handle_hash(account.handle, key)] = account
        seen = _seen(connection, wanted)
        _let_go(connection, set(seen.values()))
        _link(connection, wanted, seen, cities)
    return Links(len(wanted), len(seen), undecided, elsewhere)


def _seen(connection: Connection, wanted: Mapping[Key, CityAccount]) -> dict[Key, int]:
    account = table_of(tables.Account).c
    found = connection.execute(
        select(account.channel_id, account.handle, account.id).where(
            account.channel_id.in_({channel for channel, _ in wanted}),
            account.handle.in_({handle for _, handle in wanted}),
        )
    )
    by_key = {(channel, handle): number for channel, handle, number in found}
    return {key: by_key[key] for key in wanted if key in by_key}


def _let_go(connection: Connection, own: set[int]) -> None:
    """Unlink the accounts that the list no longer names."""
    table = table_of(tables.Account)
    linked = connection.execute(select(table.c.id).where(table.c.city_id.is_not(None))).scalars()
    gone = [{"number": number} for number in linked if number not in own]
    if gone:
        unlink = update(table).where(table.c.id == bindparam("number"))
        connection.execute(unlink.values(city_id=None, role=None), gone)


def _link(
    connection: Connection,
    wanted: Mapping[Key, CityAccount],
    seen: Mapping[Key, int],
    cities: Mapping[str, int],
) -> None:
    table = table_of(tables.Account)
    now = {
        row.id: row
        for row in connection.execute(
            select(table.c.id, table.c.city_id, table.c.role, table.c.followers).where(
                table.c.id.in_(seen.values())
            )
        )
    }
    changed, new = [], []
    for key, account in wanted.items():
        city = cities[account.city]
        if key not in seen:
            channel, handle = key
            row = {"channel_id": channel, "handle": handle, "followers": account.followers}
            new.append(row | {"city_id": city, "role": account.role})
            continue
        was = now[seen[key]]
        # What a document shows of the followers is newer than the list.
        followers = account.followers if was.followers is None else was.followers
        if (was.city_id, was.role, was.followers) != (city, account.role, followers):
            row = {"number": was.id, "own": city, "kind": account.role, "known": followers}
            changed.append(row)
    if changed:
        link = update(table).where(table.c.id == bindparam("number"))
        link = link.values(
            city_id=bindparam("own"), role=bindparam("kind"), followers=bindparam("known")
        )
        connection.execute(link, changed)
    if new:
        connection.execute(insert(table), new)
