"""One process a source: a lock that a dying process lets go by itself."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from ccgcii.errors import SourceError, StoreError
from ccgcii_db import hold, is_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_IS_CRAWLED = "is being crawled by another process; wait for it or stop it"


@contextmanager
def source_lock(folder: Path, source: str, engine: Engine | None = None) -> Iterator[None]:
    """Hold a source for this process; raises `SourceError` if another one crawls it.

    Its folder of the archive is held, and a PostgreSQL store too: machines may share just that.
    """
    with ExitStack() as stack:
        stack.enter_context(_archive_lock(folder, source))
        if engine is not None and is_postgres(engine):
            connection = stack.enter_context(engine.connect())
            # The lock is the session's: back in the pool the connection would keep it.
            connection.detach()
            if not hold(connection, f"source {source}"):
                raise SourceError(f"source {source!r} {_IS_CRAWLED}")
        yield


@contextmanager
def _archive_lock(folder: Path, source: str) -> Iterator[None]:
    """Hold a source's folder of the archive.

    An exclusive transaction on an SQLite file is the one lock that the standard library offers
    on every system, and the system releases it when the process ends, however it ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / f".{source}.lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise _not_writable(folder, error) from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise _not_writable(folder, error) from error
        raise SourceError(f"source {source!r} {_IS_CRAWLED}") from error
    try:
        yield
    finally:
        connection.close()


def _not_writable(folder: Path, error: Exception) -> StoreError:
    reason = getattr(error, "strerror", None) or error
    full = getattr(error, "errno", None) == errno.ENOSPC
    full = full or "full" in str(reason) or "disk I/O" in str(reason)
    do = "free some room on its disk, or see to it" if full else "check [store] archive"
    return StoreError(f"{folder}: cannot be written ({reason}); {do}")
