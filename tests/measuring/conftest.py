from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ccgcii.testing.stores import fill_store
from ccgcii_db import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a store with the sample once; tests work on copies."""
    path = tmp_path_factory.mktemp("filled") / "store.db"
    engine = open_engine(f"sqlite:///{path}", create=True)
    fill_store(engine)
    engine.dispose()
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give a SQLite store with the sample in it."""
    path = shutil.copy(filled, tmp_path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()
