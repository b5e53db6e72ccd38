"""A PostgreSQL for the tests that are marked so; a fresh database for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii.testing.postgres import PostgresServer, missing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with PostgresServer() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    return postgres.new_database()
