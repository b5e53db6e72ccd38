"""Making a plan, and writing its slices into the store.

A slice that is done stays done, unless it polls: then its listings that are due are read again
(`ccgcii.planning.polls`), while pages that were kept are not. Of a slice that marks no listing,
all that was not kept is forgotten and read again. A slice that was running, deferred or has failed
goes on where it stopped, its failed requests tried once more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, not_, select, update

from ccgcii.errors import ConfigError, SourceError, suggest
from ccgcii.planning.polls import Due, Resting, ask_again, count_resting, has_listings
from ccgcii.planning.slices import Plan
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.engine import Connection

    from ccgcii.cities import City
    from ccgcii.planning.slices import Slice
    from ccgcii.workspace import Workspace

SLICES = table_of(tables.Slice)
REQUESTS = table_of(tables.Request)
CAPTURES = table_of(tables.Capture)
ALL_DUE = Due()


def make_plan(
    workspace: Workspace,
    source: str,
    *,
    since: date | None = None,
    until: date | None = None,
    cities: Sequence[str] = (),
    limit: int | None = None,
) -> Plan:
    """Return the plan of one source; what is not given is taken from `[study]`."""
    study = workspace.study
    since = since or workspace.settings.study.since
    until = until or workspace.settings.study.until
    if since > until:
        raise ConfigError(f"--since {since} is after --until {until}; swap them")
    return Plan(
        study=study,
        since=since,
        until=until,
        cities=choose_cities(study.cities, cities),
        limit=limit,
        options=workspace.settings.sources.get(source, {}),
        outlets=workspace.outlets,
        accounts=workspace.accounts,
        secrets=workspace.settings.secrets,
        patience=workspace.settings.crawl.patience,
        folder=workspace.folder,
    )


def choose_cities(cities: tuple[City, ...], wanted: Sequence[str]) -> tuple[City, ...]:
    """Return the cities that are named (key, English or Chinese name), or all if none is."""
    if not wanted:
        return cities
    by_name = {
        name.lower(): city
        for city in reversed(cities)
        for name in (city.name_zh, city.name_en, city.label, city.key)
    }
    for name in wanted:
        if name.lower() not in by_name:
            hint = suggest(name.lower(), by_name)
            raise ConfigError(f"--city {name!r} is not in the study{hint}")
    return tuple(dict.fromkeys(by_name[name.lower()] for name in wanted))


def write_slices(
    connection: Connection,
    source_id: int,
    slices: Iterable[Slice],
    cities: Mapping[str, int],
    due: Due = ALL_DUE,
) -> Resting:
    """Write planned slices and revive old ones; return what was left alone as not due.

    `cities` gives the store's id of a city's key.
    """
    known = {
        row.key: row
        for row in connection.execute(
            select(SLICES.c.id, SLICES.c.key, SLICES.c.state).where(SLICES.c.source_id == source_id)
        )
    }
    planned = _unique(slices)
    new = [_row(source_id, piece, cities) for key, piece in planned.items() if key not in known]
    if new:
        connection.execute(insert(SLICES), new)
    looked_at: list[int] = []
    for key, piece in planned.items():
        if key not in known:
            continue
        slice_id, state = known[key].id, known[key].state
        if state == "done" and piece.polls:
            looked_at.append(slice_id)
            _read_again(connection, slice_id, due)
        elif state in {"failed", "deferred"}:
            looked_at.append(slice_id)
            _try_again(connection, slice_id, due)
    return count_resting(connection, looked_at, due)


def _unique(slices: Iterable[Slice]) -> dict[str, Slice]:
    planned: dict[str, Slice] = {}
    for piece in slices:
        if planned.setdefault(piece.key, piece) != piece:
            raise SourceError(f"two different slices have the key {piece.key!r}; keys are unique")
    return planned


def _row(source_id: int, piece: Slice, cities: Mapping[str, int]) -> dict[str, Any]:
    if piece.city is not None and piece.city not in cities:
        raise SourceError(
            f"slice {piece.key!r}: no city {piece.city!r}{suggest(piece.city, cities)}"
        )
    return {
        "source_id": source_id,
        "key": piece.key,
        "city_id": None if piece.city is None else cities[piece.city],
        "state": "planned",
        "payload": json.dumps(dict(piece.payload), ensure_ascii=False, sort_keys=True),
        "requests_estimated": piece.requests_estimated,
    }


def _read_again(connection: Connection, slice_id: int, due: Due) -> None:
    if not has_listings(connection, slice_id):
        _forget_listings(connection, slice_id)
    elif ask_again(connection, slice_id, due):
        _set_state(connection, slice_id, "planned")


def _forget_listings(connection: Connection, slice_id: int) -> None:
    kept = exists().where(CAPTURES.c.request_id == REQUESTS.c.id).correlate(REQUESTS)
    mine = REQUESTS.c.slice_id == slice_id
    connection.execute(delete(REQUESTS).where(mine, ~kept))
    # What a slice begins with is read again, though it may have been kept as a page as well.
    connection.execute(
        update(REQUESTS).where(mine, REQUESTS.c.depth == 0).values(state="queued", attempts=0)
    )
    _set_state(connection, slice_id, "planned")


def _try_again(connection: Connection, slice_id: int, due: Due) -> None:
    failed = (REQUESTS.c.slice_id == slice_id) & (REQUESTS.c.state == "failed")
    again = connection.execute(
        update(REQUESTS)
        .where(failed, not_(due.rests()))
        .values(state="queued", attempts=0, not_before=0, error=None)
    ).rowcount
    rests = select(REQUESTS.c.id).where(failed).limit(1)
    if again or connection.execute(rests).first() is None:
        # Starting again is harmless: requests that are known are not added twice.
        _set_state(connection, slice_id, "planned")


def _set_state(connection: Connection, slice_id: int, state: str) -> None:
    connection.execute(
        update(SLICES)
        .where(SLICES.c.id == slice_id)
        .values(state=state, error=None, not_before=None)
    )
