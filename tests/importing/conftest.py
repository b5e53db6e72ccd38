from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "ccgcii.toml").write_text("")
    with Workspace.open(folder, create=True) as opened:
        yield opened


@pytest.fixture
def stored(workspace: Workspace) -> Callable[[str], list[tuple[Any, ...]]]:
    def ask(query: str) -> list[tuple[Any, ...]]:
        database = workspace.engine.url.database
        assert database is not None
        with sqlite3.connect(database) as connection:
            rows = connection.execute(query).fetchall()
        connection.close()
        return rows

    return ask
