"""One process a source: a lock that a dying process lets go by itself."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ccgcii.errors import SourceError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def source_lock(folder: Path, source: str) -> Iterator[None]:
    """Hold a source for this process; raises `SourceError` if another one crawls it.

    An exclusive transaction on an SQLite file is the one lock that the standard library offers
    on every system, and the system releases it when the process ends, however it ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / f".{source}.lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"{folder}: cannot be written ({error}); check [store] archive") from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise SourceError(
            f"source {source!r} is being crawled by another process; wait for it or stop it"
        ) from error
    try:
        yield
    finally:
        connection.close()
