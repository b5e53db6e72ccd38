"""Planning: which slices are new, which are done, which go on."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, insert, select, update

from ccgcii import Slice
from ccgcii.config import Settings
from ccgcii.errors import ConfigError, SourceError
from ccgcii.planning.plans import choose_cities, make_plan, write_slices
from ccgcii.workspace import Workspace
from ccgcii_db import insert_row, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLICES = table_of(tables.Slice)
REQUESTS = table_of(tables.Request)
CHANNELS = table_of(tables.Channel)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/store.db", "archive": tmp_path})
    with Workspace(settings, create=True) as opened:
        yield opened


@pytest.fixture
def connection(workspace: Workspace) -> Iterator[Connection]:
    with workspace.engine.connect() as opened:
        opened.execute(insert(table_of(tables.Source)), [{"id": 1, "name": "any"}])
        yield opened


def states(connection: Connection) -> dict[str, str]:
    return {row.key: row.state for row in connection.execute(select(SLICES.c.key, SLICES.c.state))}


def set_all(connection: Connection, state: str) -> None:
    connection.execute(update(SLICES).values(state=state))


def add_request(connection: Connection, name: str, state: str, **values: object) -> int:
    row = {
        "source_id": 1,
        "slice_id": 1,
        "fingerprint": name.encode(),
        "url": name,
        "payload": "{}",
        "state": state,
        "priority": 0,
        "depth": 0,
        "turn": 0,
        "not_before": 0,
        "attempts": 3,
        **values,
    }
    return insert_row(connection, REQUESTS, row)


def add_captures(connection: Connection, request: int, number: int = 1) -> None:
    if connection.execute(select(CHANNELS.c.id).where(CHANNELS.c.id == 99)).first() is None:
        connection.execute(insert(CHANNELS), [{"id": 99, "name": "any"}])
    capture: dict[str, object]
    capture = {"source_id": 1, "channel_id": 99, "slice_id": 1, "request_id": request}
    capture |= {"kind": "page", "url": "page", "fetched_at": 0, "hints": "{}", "cleaned": 0}
    names = [f"{request}/{each}".encode() for each in range(number)]
    rows = [{**capture, "identity": name} for name in names]
    connection.execute(insert(table_of(tables.Capture)), rows)


def steps_of_reading_again(connection: Connection, feed: Slice, kept: int) -> int:
    """Return how many steps of SQLite's machine it takes to forget twenty listings."""
    set_all(connection, "done")
    add_captures(connection, add_request(connection, f"page {kept}", "done", depth=1), kept)
    for number in range(20):
        add_request(connection, f"listing {kept} {number}", "done", depth=1)
    steps = count()
    store = connection.connection.driver_connection
    assert store is not None
    store.set_progress_handler(lambda: next(steps) and None, 1)
    write_slices(connection, 1, [feed], {})
    store.set_progress_handler(None, 1)
    return next(steps)


def request_states(connection: Connection) -> dict[str, str]:
    return {row.url: row.state for row in connection.execute(select(REQUESTS))}


def test_planning_again_adds_only_what_is_new(connection: Connection) -> None:
    write_slices(connection, 1, [Slice("one")], {})
    write_slices(connection, 1, [Slice("one"), Slice("two", {"page": 2})], {})
    assert states(connection) == {"one": "planned", "two": "planned"}


def test_a_slice_that_is_done_stays_done(connection: Connection) -> None:
    write_slices(connection, 1, [Slice("one")], {})
    set_all(connection, "done")
    write_slices(connection, 1, [Slice("one")], {})
    assert states(connection) == {"one": "done"}


def test_a_polling_slice_forgets_its_listings_and_keeps_its_pages(connection: Connection) -> None:
    feed = Slice("feed", polls=True)
    write_slices(connection, 1, [feed], {})
    set_all(connection, "done")
    add_request(connection, "listing", "done")
    page = add_request(connection, "page", "done", depth=1)
    add_captures(connection, page)
    write_slices(connection, 1, [feed], {})
    assert states(connection) == {"feed": "planned"}
    assert request_states(connection) == {"page": "done"}


def test_reading_a_slice_again_costs_the_same_however_much_is_kept(connection: Connection) -> None:
    feed = Slice("feed", polls=True)
    write_slices(connection, 1, [feed], {})
    steps = [steps_of_reading_again(connection, feed, kept) for kept in (1, 4_000)]
    assert steps[1] < 1.5 * steps[0]


def test_a_running_polling_slice_goes_on_where_it_stopped(connection: Connection) -> None:
    write_slices(connection, 1, [Slice("feed", polls=True)], {})
    set_all(connection, "running")
    add_request(connection, "listing", "done")
    write_slices(connection, 1, [Slice("feed", polls=True)], {})
    assert states(connection) == {"feed": "running"}
    assert request_states(connection) == {"listing": "done"}


def test_the_failed_requests_of_a_failed_slice_are_tried_again(connection: Connection) -> None:
    write_slices(connection, 1, [Slice("one")], {})
    set_all(connection, "failed")
    add_request(connection, "good", "done")
    add_request(connection, "bad", "failed", error="HTTP 503")
    write_slices(connection, 1, [Slice("one")], {})
    assert request_states(connection) == {"good": "done", "bad": "queued"}
    assert states(connection) == {"one": "planned"}


def test_two_different_slices_with_one_key_are_refused(connection: Connection) -> None:
    with pytest.raises(SourceError, match="two different slices have the key 'one'"):
        write_slices(connection, 1, [Slice("one"), Slice("one", {"page": 2})], {})


def test_a_slice_of_an_unknown_city_is_refused_with_a_suggestion(connection: Connection) -> None:
    with pytest.raises(SourceError, match="did you mean 'wuhan'"):
        write_slices(connection, 1, [Slice("one", city="wuhann")], {"wuhan": 1})


def test_a_plan_takes_the_window_of_the_study(workspace: Workspace) -> None:
    plan = make_plan(workspace, "any", until=date(2020, 6, 30))
    assert (plan.since, plan.until) == (date(2020, 1, 1), date(2020, 6, 30))
    assert len(plan.cities) == len(workspace.study.cities)


def test_a_window_that_ends_before_it_begins_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match="--since 2021-01-01 is after --until 2020-12-31"):
        make_plan(workspace, "any", since=date(2021, 1, 1))


def test_cities_are_chosen_by_any_of_their_names(workspace: Workspace) -> None:
    chosen = choose_cities(workspace.study.cities, ["武汉", "Beijing", "wuhan"])
    assert [city.key for city in chosen] == ["wuhan", "beijing"]


def test_a_city_that_is_not_in_the_study_is_refused_with_a_suggestion(
    workspace: Workspace,
) -> None:
    with pytest.raises(ConfigError, match="'Beijin' is not in the study; did you mean 'beijing'"):
        choose_cities(workspace.study.cities, ["Beijin"])
    with pytest.raises(ConfigError, match="did you mean 'wuhan'"):
        choose_cities(workspace.study.cities, ["Whuan"])
