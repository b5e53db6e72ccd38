"""Opening a store: one URL, safe pragmas, the schema brought up to date or refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from ccgcii_db.postgres import accept_nul, is_postgres, one_at_a_time

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection

MIGRATIONS = Path(__file__).with_name("migrations")


class SchemaError(Exception):
    """The database is not a store of ours, or of a newer ccgcii than this one."""


def open_engine(url: str, *, create: bool = False) -> Engine:
    """Open the store behind a URL, migrating an older schema; `create` makes a missing file.

    Raises `SchemaError` where there is no store, where the file is something else, or where it
    was written by a newer version.
    """
    parsed = make_url(url)
    path = _file_of(parsed)
    if path is not None:
        _prepare_file(path, create=create)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    elif is_postgres(engine):
        event.listen(engine, "connect", accept_nul)
    # Of the parameters one may be the password, too.
    name = path or parsed.set(query={}).render_as_string(hide_password=True)
    try:
        with engine.begin() as connection:
            one_at_a_time(connection, "schema")
            _migrate(connection, fresh_allowed=create)
    except OperationalError as error:
        engine.dispose()
        if path is None:
            raise SchemaError(f"{name}: cannot be reached ({_first_line(error)})") from error
        raise SchemaError(f"{name}: {_why_closed(_first_line(error))}") from error
    except DatabaseError as error:
        engine.dispose()
        raise SchemaError(f"{name}: not a ccgcii store ({error.orig})") from error
    except SchemaError as error:
        engine.dispose()
        raise SchemaError(f"{name}: {error}") from error
    return engine


def schema_version(connection: Connection) -> str | None:
    """Return the migration a store stands at, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """Return the migration that this version of ccgcii writes."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if head is None:
        raise SchemaError("ccgcii_db ships no migrations: the installation is damaged; reinstall")
    return head


def _file_of(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).splitlines()[0]


def _why_closed(reason: str) -> str:
    """Say what keeps a file of SQLite from being opened, and what to do about it."""
    if "readonly" in reason or "unable to open" in reason:
        return (
            f"may not be written here ({reason}), and SQLite writes beside a store even to read "
            "it; give yourself write permission on the file and its folder, or work on a copy"
        )
    if "locked" in reason:
        return f"in use by another program that writes ({reason}); wait for it or stop it"
    if "full" in reason or "disk I/O" in reason:
        return f"cannot be read or written ({reason}); see to its disk, then run it again"
    return f"not a ccgcii store ({reason})"


def _prepare_file(path: Path, *, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise SchemaError(f"{path}: no store there; run `ccgcii init` or check [store] url")
    if not path.parent.is_dir():
        raise SchemaError(f"{path}: its folder does not exist; create it or change [store] url")
    # WAL on a file that does not exist yet fails with "locked" when two processes race.
    path.touch()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=30000",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(connection: Connection, *, fresh_allowed: bool) -> None:
    current = schema_version(connection)
    newest = newest_version()
    if current == newest:
        return
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if current is None:
        if not fresh_allowed or connection.dialect.get_table_names(connection):
            raise SchemaError(
                "holds no ccgcii schema; point [store] url at a store of ccgcii, or at an empty "
                "database and crawl or import into it"
            )
    elif current not in known:
        raise SchemaError(
            f"written by a newer ccgcii (schema {current}, this one knows {newest}); upgrade ccgcii"
        )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
