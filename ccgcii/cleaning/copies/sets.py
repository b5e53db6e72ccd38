"""What only shows when all documents are seen together: twins, crowds, near copies and stories.

It runs at the end of every cleaning, over the whole store and always anew: what a document is told
here may change when another one comes in. Verdicts are written while the documents are read; the
readers sort first (by order of publication), so they do not see what is written.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from ccgcii.cleaning.copies.crowds import find_crowds
from ccgcii.cleaning.copies.stories import place_stored
from ccgcii.cleaning.copies.twins import find_twins
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cleaning.copies.twins import Loser
    from ccgcii.cleaning.pipeline import Pipeline
    from ccgcii.documents import NearTwinFilter

_WRITTEN_AT_ONCE = 5_000


def judge_sets(engine: Engine, pipeline: Pipeline) -> list[tuple[str, str]]:
    """Decide anew which documents are copies or part of a crowd, and which form a story.

    In this order: twins (so that one post in two exports counts once), crowds, then near copies
    and stories among what is left. Returns the filters that raised, with the reason.
    """
    problems: list[tuple[str, str]] = []
    layers = {thing.name: thing.layer for thing in pipeline.filters if not hasattr(thing, "clean")}
    with _sorting_on_disk(engine) as connection:
        _forget(connection)
        names = [thing.name for thing in pipeline.twins]
        _drop(connection, layers, find_twins(connection, names))
        for crowd in pipeline.crowds:
            _drop(connection, layers, find_crowds(connection, crowd, problems))
        if pipeline.near is None:
            _no_stories(connection)
        else:
            _place(connection, layers, pipeline.near)
        _no_stories(connection, dropped_only=True)
    return problems


@contextmanager
def _sorting_on_disk(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction whose sorts may go to the disk: they are as large as the store.

    The engine keeps SQLite's temporary tables in memory, which suits everything that is small.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        # Not inside of a transaction: SQLite refuses it there.
        connection.exec_driver_sql("PRAGMA temp_store=FILE")
        connection.commit()
        try:
            with connection.begin():
                yield connection
        finally:
            connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
            connection.commit()


def _drop(connection: Connection, layers: dict[str, int], losers: Iterable[Loser]) -> None:
    document, drop = table_of(tables.Document), table_of(tables.Drop)
    waiting = iter(losers)
    while batch := list(islice(waiting, _WRITTEN_AT_ONCE)):
        connection.execute(
            insert(drop),
            [
                {"capture_id": number, "layer": layers[name], "filter": name, "reason": reason}
                for number, name, reason in batch
            ],
        )
        connection.execute(
            update(document).where(document.c.id == bindparam("number")),
            [{"number": number, "dropped": layers[name]} for number, name, _ in batch],
        )


def _forget(connection: Connection) -> None:
    """Take back what was decided over sets before.

    Only documents that every filter of one document keeps have keys, so whatever dropped one of
    these was decided here, also by a filter that is switched off since.
    """
    document, drop = table_of(tables.Document), table_of(tables.Drop)
    keyed = select(table_of(tables.DocumentKey).c.document_id)
    connection.execute(
        update(document)
        .where(document.c.dropped.is_not(None), document.c.id.in_(keyed))
        .values(dropped=None)
    )
    connection.execute(delete(drop).where(drop.c.capture_id.in_(keyed)))


def _place(connection: Connection, layers: dict[str, int], near: NearTwinFilter) -> None:
    """Write the losers, and the stories that are other than before."""
    document = table_of(tables.Document)
    waiting = place_stored(connection, near)
    while batch := list(islice(waiting, _WRITTEN_AT_ONCE)):
        losers = [(p.document, near.name, p.loss) for p in batch if p.loss is not None]
        _drop(connection, layers, losers)
        moved = [
            {"number": placed.document, "story_id": placed.leader}
            for placed in batch
            if placed.loss is None and placed.leader != placed.before
        ]
        if moved:
            connection.execute(update(document).where(document.c.id == bindparam("number")), moved)


def _no_stories(connection: Connection, *, dropped_only: bool = False) -> None:
    document = table_of(tables.Document)
    wrong = update(document).where(document.c.story_id.is_not(None)).values(story_id=None)
    if dropped_only:
        wrong = wrong.where(document.c.dropped.is_not(None))
    connection.execute(wrong)
