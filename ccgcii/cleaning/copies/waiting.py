"""What waits to be judged: captures from the archive, documents whose later layers are repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, update

from ccgcii.cleaning.restoring import FIRST_RESTORED, restore
from ccgcii.cleaning.work import Task
from ccgcii.cleaning.workers import BATCH, PAGE
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine, Select

    from ccgcii.cities import City
    from ccgcii.cleaning.workers import Work

# Captures read from the store at once.
READ_AT_ONCE = 1_920
_TASK = len(Task._fields)


def pending(engine: Engine, layer: int | None = None) -> int:
    """Return how many captures wait, or would once everything from `layer` on is repeated."""
    capture = table_of(tables.Capture)
    waits = capture.c.cleaned == 0
    if layer is not None:
        waits |= capture.c.id.not_in(_dropped_before(layer))
    with engine.connect() as connection:
        query = select(func.count()).select_from(capture).where(waits)
        return int(connection.execute(query).scalar_one())


def repeat_from(engine: Engine, layer: int) -> None:
    """Let everything that came to a layer wait for it again.

    What an earlier layer dropped stays dropped, but for copies: they have passed every layer, and
    are wanted should the piece they copy go. What is judged stays in the store until it is judged
    anew, so an interrupted repetition loses nothing and goes on at the next call.
    """
    capture = table_of(tables.Capture)
    sooner = case((capture.c.clean_from > layer, layer), else_=capture.c.clean_from)
    waits_from = case((capture.c.cleaned == 1, layer), else_=sooner)
    with engine.begin() as connection:
        connection.execute(
            update(capture)
            .where(capture.c.id.not_in(_dropped_before(layer)))
            # NULL stays NULL: what was never judged goes through every layer.
            .values(clean_from=waits_from, cleaned=0)
        )


def _dropped_before(layer: int) -> Select[tuple[int]]:
    """Return a query of the captures that never came to a layer."""
    drop = table_of(tables.Drop)
    keyed = select(table_of(tables.DocumentKey).c.document_id)
    return select(drop.c.capture_id).where(drop.c.layer < layer, drop.c.capture_id.not_in(keyed))


def waiting_work(engine: Engine, cities: Sequence[City]) -> Iterator[list[Work]]:
    """Yield what waits in batches for a worker, in the order of arrival."""
    last = 0
    while rows := _captures_after(engine, last):
        last = rows[-1].id
        again = {
            row.id: row.clean_from
            for row in rows
            if row.document is not None and (row.clean_from or 0) >= FIRST_RESTORED
        }
        documents = {piece.capture_id: piece for piece in _restored(engine, again, cities)}
        work: list[Work] = [documents.get(row[0]) or Task(*row[:_TASK]) for row in rows]
        yield from _batches(work)


def _batches(work: list[Work]) -> Iterator[list[Work]]:
    batch: list[Work] = []
    weight = 0
    for piece in work:
        batch.append(piece)
        weight += PAGE if isinstance(piece, Task) and piece.kind == "page" else 1
        if weight >= BATCH:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _restored(engine: Engine, again: dict[int, int], cities: Sequence[City]) -> list[Any]:
    return restore(engine, again, cities) if again else []


def _captures_after(engine: Engine, last: int) -> Sequence[Any]:
    capture, document = table_of(tables.Capture), table_of(tables.Document)
    query = (
        _described(capture, document.c.id.label("document"), capture.c.clean_from)
        .outerjoin(document, document.c.capture_id == capture.c.id)
        .where(capture.c.cleaned == 0, capture.c.id > last)
        .order_by(capture.c.id)
        .limit(READ_AT_ONCE)
    )
    with engine.connect() as connection:
        return connection.execute(query).all()


def tasks_of(engine: Engine, ids: Sequence[int]) -> list[Task]:
    """Return captures as tasks, judged or not."""
    capture = table_of(tables.Capture)
    with engine.connect() as connection:
        rows = connection.execute(_described(capture).where(capture.c.id.in_(ids)))
        return [Task(*row[:_TASK]) for row in rows]


def _described(capture: Any, *more: Any) -> Any:
    """Return a query of the fields of a `Task`, in their order, and more."""
    warc, payload = table_of(tables.WarcFile), table_of(tables.CaptureRecord)
    source, channel = table_of(tables.Source), table_of(tables.Channel)
    return (
        select(
            capture.c.id,
            source.c.name.label("source"),
            channel.c.name.label("channel"),
            capture.c.kind,
            capture.c.url,
            capture.c.fetched_at,
            capture.c.status,
            capture.c.content_type,
            capture.c.hints,
            warc.c.path.label("warc"),
            capture.c.warc_offset,
            payload.c.payload,
            *more,
        )
        .join(source, source.c.id == capture.c.source_id)
        .join(channel, channel.c.id == capture.c.channel_id)
        .outerjoin(warc, warc.c.id == capture.c.warc_id)
        .outerjoin(payload, payload.c.capture_id == capture.c.id)
    )
