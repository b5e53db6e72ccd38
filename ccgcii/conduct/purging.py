"""`ccgcii purge`: documents and everything derived from them, out of every byte of the study.

One transaction changes the rows; archive files are written anew beside the old ones before it and
removed after it, so that a crash leaves the one or the other whole. Then the database file is
built afresh (VACUUM) and its log cut, because SQLite leaves deleted bytes where they stood.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ccgcii.conduct.choosing import Choice, Doomed, find_doomed
from ccgcii.conduct.erasing import erase_rows, erase_traces, mark_doomed, mark_scores
from ccgcii.conduct.rewriting import Rewriting, rewrite_archive
from ccgcii.conduct.traces import read_traces
from ccgcii.crawling.locks import source_lock
from ccgcii.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.workspace import Workspace

__all__ = ["Choice", "Doomed", "Purged", "find_doomed", "is_unfinished", "purge"]

PATIENCE = 2_000  # milliseconds to wait for whoever reads the store; the rows are gone by then


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed.

    `traces` are other rows that named it and were changed, `scores` the runs of scoring that
    counted it and say so now; `responses` and `bytes` left the archive.
    """

    run: int
    captures: int
    documents: int
    traces: int
    scores: int
    files: int
    responses: int
    bytes: int

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def purge(workspace: Workspace, choice: Choice, doomed: Doomed) -> Purged:
    """Remove what `find_doomed` found, and log it as a run without personal data.

    Raises `SourceError` if one of the sources is being crawled, `StoreError` if the store cannot be
    written or another process still reads it.
    """
    sources = _sources_to_look_through(workspace.engine, doomed)
    archive = workspace.settings.store.archive
    with ExitStack() as stack:
        for source in sources:
            stack.enter_context(source_lock(archive, source, workspace.engine))
        run_id = workspace.start_run("purge", choice.arguments())
        done = Rewriting()
        try:
            purged = _erase(workspace, choice, doomed, sources, run_id, done)
        except BaseException:
            done.undo()
            workspace.finish_run(run_id, "failed")
            raise
        done.finish()
        try:
            _overwrite(workspace.engine)
        except BaseException:
            workspace.finish_run(run_id, "failed", purged.as_json())
            raise
        workspace.finish_run(run_id, "done", purged.as_json())
    return purged


def is_unfinished(engine: Engine) -> bool:
    """Say whether an earlier purge broke off: the next one finishes what it left."""
    query = "SELECT count(*) FROM run WHERE kind = 'purge' AND state != 'done' AND id > "
    query += "(SELECT coalesce(max(id), 0) FROM run WHERE kind = 'purge' AND state = 'done')"
    with engine.connect() as connection:
        return bool(connection.execute(text(query)).scalar_one())


def _sources_to_look_through(engine: Engine, doomed: Doomed) -> tuple[str, ...]:
    """Return the sources whose archive is looked through; all, if a purge broke off earlier."""
    if not is_unfinished(engine):
        return tuple(doomed.sources)
    with engine.connect() as connection:
        return tuple(connection.execute(text("SELECT name FROM source ORDER BY id")).scalars())


def _erase(  # noqa: PLR0917 - one call, all of it named there
    workspace: Workspace,
    choice: Choice,
    doomed: Doomed,
    sources: tuple[str, ...],
    run_id: int,
    done: Rewriting,
) -> Purged:
    connection = workspace.engine.connect()
    # It has settings and temporary tables of its own: it must not go back to the pool.
    connection.detach()
    try:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.commit()
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            mark_doomed(connection, doomed.captures)
            traces = read_traces(connection, choice.author)
            folder = workspace.settings.store.archive
            rewrite_archive(connection, folder, sources, traces, done)
            erase_rows(connection)
            changed = erase_traces(connection, traces, sources)
            scores = mark_scores(connection, run_id) if doomed.documents else 0
    except (OperationalError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(
            f"nothing was purged: {reason}; end what uses the store, then again"
        ) from (error)
    finally:
        connection.close()
    return Purged(
        run_id,
        len(doomed.captures),
        doomed.documents,
        changed,
        scores,
        done.files,
        done.responses,
        done.bytes,
    )


def _overwrite(engine: Engine) -> None:
    """Build the database file afresh, cut its log, and remove what was computed beside it."""
    connection = engine.connect()
    connection.detach()
    try:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")
        # A large store does not fit into memory twice.
        connection.exec_driver_sql("PRAGMA temp_store=FILE")
        connection.commit()
        _vacuum(connection)
    except OperationalError as error:
        raise StoreError(
            f"the rows are purged, but their bytes are not overwritten yet ({error.orig}); end "
            "what reads the store, then run the same command again"
        ) from error
    finally:
        connection.close()
    if engine.url.database:
        shutil.rmtree(f"{Path(engine.url.database).resolve()}.snapshots", ignore_errors=True)


def _vacuum(connection: Connection) -> None:
    connection.exec_driver_sql("VACUUM")
    busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    if busy:
        raise StoreError(
            "the rows are purged, but another process still reads the store and its log "
            "keeps them; end it, then run the same command again"
        )
