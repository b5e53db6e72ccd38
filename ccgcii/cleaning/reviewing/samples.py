"""Samples of what a layer dropped or kept, for a person to judge."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from sqlalchemy import or_, select

from ccgcii.archive import read_page as archived_page
from ccgcii.cleaning.copies.waiting import tasks_of
from ccgcii.cleaning.reading.pages import RawPage, read_page
from ccgcii.cleaning.work import record_document
from ccgcii.documents import LAYERS
from ccgcii.errors import CcgciiError, CleaningError
from ccgcii.records import record_from_json
from ccgcii.reports import no_formula
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from ccgcii.cleaning.work import Task
    from ccgcii.documents import Document

EXCERPT = 600


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A piece to judge: what the filter said, and an empty `verdict` for a person's own.

    `id` is the capture's, `layer` the layer asked about; `filter` and `reason` are empty for a
    piece that passed it. `of` is how many such pieces (dropped by the layer, or passed) there are.
    """

    id: int
    url: str
    title: str
    text: str
    layer: int
    filter: str
    reason: str
    of: int
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class ExampleDrop:
    """A dropped capture and the reason."""

    id: int
    reason: str


COLUMNS = tuple(item.name for item in fields(SampleRow))


def draw_sample(
    engine: Engine, archive: Path, layer: int, *, dropped: bool, number: int, seed: int
) -> list[SampleRow]:
    """Draw pieces that a layer dropped, or that passed it, at random; the same seed, the same.

    The draw does not depend on the order in which captures came. Texts of pieces that left before
    layer 3 come out of the archive.
    """
    with engine.connect() as connection:
        ids = _dropped_by(connection, layer) if dropped else _passed(connection, layer)
        drawn = random.Random(seed).sample(ids, min(number, len(ids)))
        verdicts = _verdicts(connection, drawn) if dropped else {}
    shown = show_pieces(engine, archive, drawn)
    rows = []
    for capture_id in drawn:
        filter_name, reason = verdicts.get(capture_id, ("", ""))
        url, title, text = shown[capture_id]
        rows.append(
            SampleRow(capture_id, url, title, text, layer, filter_name, reason, of=len(ids))
        )
    return rows


def example_drops(
    engine: Engine, number: int, source: str | None = None, seed: int = 1
) -> dict[str, list[ExampleDrop]]:
    """Return some drops of each filter, drawn as samples are; keys are "1 validity: filter"."""
    with engine.connect() as connection:
        rows = connection.execute(_all_drops(source)).all()
    by_filter: dict[tuple[int, str], list[ExampleDrop]] = {}
    for row in rows:
        drops = by_filter.setdefault((row.layer, row.filter), [])
        drops.append(ExampleDrop(row.capture_id, row.reason))
    draw = random.Random(seed)
    return {
        f"{layer} {LAYERS[layer]}: {name}": draw.sample(drops, min(number, len(drops)))
        for (layer, name), drops in sorted(by_filter.items())
    }


def write_sample(rows: Iterable[SampleRow], stream: TextIO) -> None:
    """Write a sample as CSV with a header."""
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: no_formula(value) for name, value in asdict(row).items()})


def show_pieces(
    engine: Engine, archive: Path, ids: Sequence[int]
) -> dict[int, tuple[str, str, str]]:
    """Return address, title and the beginning of the text of captures, kept or not."""
    found: dict[int, tuple[str, str, str]] = {}
    document, text = table_of(tables.Document), table_of(tables.DocumentText)
    query = (
        select(document.c.capture_id, text.c.url, text.c.title, text.c.text)
        .join(text, text.c.document_id == document.c.id)
        .where(document.c.capture_id.in_(ids))
    )
    with engine.connect() as connection:
        for number, url, title, said in connection.execute(query):
            found[number] = (url, title, excerpt(said))
    missing = [number for number in ids if number not in found]
    for task in tasks_of(engine, missing):
        found[task.capture_id] = _read(archive, task)
    return found


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def _read(archive: Path, task: Task) -> tuple[str, str, str]:
    try:
        document = _document(archive, task)
    except (CcgciiError, ValueError) as error:
        return task.url, str(json.loads(task.hints).get("title", "")), f"(unreadable: {error})"
    return document.url, document.title, excerpt(document.text)


def _document(archive: Path, task: Task) -> Document:
    fetched_at = datetime.fromtimestamp(task.fetched_at, tz=UTC)
    if task.kind == "record":
        return record_document(record_from_json(task.payload or "{}"), task.source, fetched_at)
    if task.warc is None or task.offset is None:
        raise CleaningError("the capture points nowhere into the archive")
    body = archived_page(archive / task.warc, task.offset).body
    hints = json.loads(task.hints)
    return read_page(RawPage(task.source, task.channel, task.url, fetched_at, body, hints=hints))


def _all_drops(wanted: str | None) -> Any:
    capture, drop = table_of(tables.Capture), table_of(tables.Drop)
    source = table_of(tables.Source)
    query = (
        select(drop.c.capture_id, drop.c.layer, drop.c.filter, drop.c.reason)
        .join(capture, capture.c.id == drop.c.capture_id)
        .join(source, source.c.id == capture.c.source_id)
        .order_by(source.c.name, capture.c.identity)
    )
    return query if wanted is None else query.where(source.c.name == wanted)


def _dropped_by(connection: Connection, layer: int) -> list[int]:
    drop = table_of(tables.Drop)
    return _in_order(connection, drop.c.layer == layer)


def _passed(connection: Connection, layer: int) -> list[int]:
    drop = table_of(tables.Drop)
    return _in_order(connection, or_(drop.c.layer.is_(None), drop.c.layer > layer))


def _in_order(connection: Connection, condition: Any) -> list[int]:
    """Return judged captures in an order that is not that of their arrival."""
    capture, drop = table_of(tables.Capture), table_of(tables.Drop)
    source = table_of(tables.Source)
    query = (
        select(capture.c.id)
        .join(source, source.c.id == capture.c.source_id)
        .outerjoin(drop, drop.c.capture_id == capture.c.id)
        .where(capture.c.cleaned == 1, condition)
        .order_by(source.c.name, capture.c.identity)
    )
    return list(connection.execute(query).scalars())


def _verdicts(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    drop = table_of(tables.Drop)
    rows = connection.execute(
        select(drop.c.capture_id, drop.c.filter, drop.c.reason).where(drop.c.capture_id.in_(ids))
    )
    return {number: (name, reason) for number, name, reason in rows}
