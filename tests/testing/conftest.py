"""One world for all tests of it, and one server in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii.testing import LoopbackServer, World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def world() -> World:
    """Return the world as it is by default."""
    return World()


@pytest.fixture
def server(world: World) -> Iterator[LoopbackServer]:
    """Serve the world."""
    with LoopbackServer(world.answer) as running:
        yield running
