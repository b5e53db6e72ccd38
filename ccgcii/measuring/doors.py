"""The fast way into a store: ADBC, which hands over columns where a driver of rows makes objects.

SQLite files are opened read-only, so a crawl may go on beside. PostgreSQL is read by its binary
COPY where `adbc-driver-postgresql` is there (`ccgcii[postgres]` brings it).
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from adbc_driver_sqlite import dbapi
from sqlalchemy import QueuePool

from ccgcii_db import is_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    Door: TypeAlias = Callable[[], AbstractContextManager[Any]]

BATCH = 65_536


def door_of(engine: Engine) -> Door | None:
    """Return what opens a cursor of ADBC on the store; None where SQLAlchemy has to read it."""
    if is_postgres(engine):
        if find_spec("adbc_driver_postgresql") is None:
            return None
        url = engine.url.set(drivername="postgresql")
        return partial(_postgres, url.render_as_string(hide_password=False))
    path = _file_for_adbc(engine)
    return None if path is None else partial(_sqlite, path)


@contextmanager
def _sqlite(path: Path) -> Iterator[Any]:
    uri = f"file:{quote(str(path))}?mode=ro"
    with closing(dbapi.connect(uri, autocommit=True)) as store, closing(store.cursor()) as cursor:
        # Another process that opens, recovers or closes the store holds it for a moment.
        cursor.execute("PRAGMA busy_timeout = 30000")
        cursor.fetchall()
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
        yield cursor


@contextmanager
def _postgres(url: str) -> Iterator[Any]:
    from adbc_driver_postgresql import dbapi as postgres  # noqa: PLC0415 - an extra

    with closing(postgres.connect(url, autocommit=True)) as store, closing(store.cursor()) as rows:
        yield rows


def _file_for_adbc(engine: Engine) -> Path | None:
    """Return the store's file if ADBC may open it.

    ADBC brings a SQLite of its own, and POSIX locks belong to the process: two SQLite libraries
    must never hold one file open at a time. So idle connections are closed first, and while one
    is in use in this process, SQLAlchemy reads.
    """
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    if isinstance(engine.pool, QueuePool) and engine.pool.checkedout() == 0:
        engine.dispose()
        return Path(name).resolve()
    return None
