"""Rewriting archive files without what is purged: new files first, old ones gone at the end."""

from __future__ import annotations

import mmap
import os
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.archive import read_page
from ccgcii.durable import sync_names
from ccgcii.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Row

    from ccgcii.conduct.traces import Traces

CHUNK = 1 << 20  # bytes


@dataclass(slots=True)
class Rewriting:
    """What became of the archive: `responses` and `bytes` removed, files to unlink or undo."""

    files: int = 0
    responses: int = 0
    bytes: int = 0
    old: list[Path] = field(default_factory=list)
    new: list[Path] = field(default_factory=list)

    def finish(self) -> None:
        """Remove the old files: the store points to the new ones now."""
        for path in self.old:
            path.unlink(missing_ok=True)

    def undo(self) -> None:
        """Remove the new files: the store still points to the old ones."""
        for path in self.new:
            path.unlink(missing_ok=True)


def rewrite_archive(
    connection: Connection, folder: Path, sources: Iterable[str], traces: Traces, done: Rewriting
) -> None:
    """Write the files of some sources anew without the captures in `doomed`; hold their locks.

    Gone with them are responses that no row points to (a page fetched twice) and answers of an API
    that hold a trace; records that shared one stay, without their place in the archive.
    """
    # Each file asks for its captures: without an index, of all captures of the store.
    connection.execute(text("CREATE INDEX purge_place ON capture (warc_id, warc_offset, kind)"))
    for source in sources:
        rows = connection.execute(
            text("SELECT id, path, committed FROM warc_file WHERE substr(path, 1, :n) = :start"),
            {"n": len(source) + 1, "start": f"{source}/"},
        ).all()
        _remove_unknown(connection, folder / source, folder, done)
        for row in rows:
            path = folder / row.path
            if path.exists():
                kept = _kept_offsets(connection, path, row.id, traces)
                _rewrite(connection, folder, row, kept, done)
    connection.execute(text("DROP INDEX purge_place"))


def members(path: Path, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offset and length (bytes) of each gzip member up to `end`.

    Raises `StoreError` naming the file and offset of a damaged one.
    """
    if not min(end, path.stat().st_size):
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = 0
        while start < min(end, len(data)):
            length = _member_length(data, start, path)
            yield start, length
            start += length


def _member_length(data: mmap.mmap, start: int, path: Path) -> int:
    inflate = zlib.decompressobj(31)
    place = start
    try:
        while not inflate.eof and place < len(data):
            inflate.decompress(data[place : place + CHUNK])
            place += CHUNK
    except zlib.error as error:
        raise StoreError(f"{path}: damaged at offset {start} ({error}); put it back") from error
    if not inflate.eof:
        raise StoreError(f"{path}: breaks off at offset {start}; put the whole file back")
    return min(place, len(data)) - len(inflate.unused_data) - start


def _rewrite(
    connection: Connection, folder: Path, file: Row[Any], kept: set[int], done: Rewriting
) -> None:
    path, committed = folder / file.path, file.committed
    pieces = list(members(path, committed))
    size = path.stat().st_size
    if all(offset in kept for offset, _ in pieces) and size == committed:
        return
    places: list[dict[str, int]] = []
    target = _fresh_name(path)
    done.new.append(target)
    with path.open("rb") as old, target.open("xb") as new:
        for offset, length in pieces:
            if offset in kept:
                places.append({"old": offset, "new": new.tell()})
                old.seek(offset)
                new.write(old.read(length))
        new.flush()
        os.fsync(new.fileno())
        length_now = new.tell()
    sync_names(target)
    _point_to(connection, file.id, target.relative_to(folder).as_posix(), length_now, places)
    done.old.append(path)
    done.files += 1
    done.responses += len(pieces) - len(places)
    done.bytes += size - length_now


def _kept_offsets(connection: Connection, path: Path, number: int, traces: Traces) -> set[int]:
    """Return the offsets that captures which stay point to, and none that is purged shares."""
    rows = connection.execute(
        text(
            "SELECT warc_offset AS place, max(id IN (SELECT id FROM doomed)) AS goes, "
            "max(kind = 'page') AS page FROM capture WHERE warc_id = :file GROUP BY warc_offset"
        ),
        {"file": number},
    )
    return {
        row.place
        for row in rows
        if not row.goes and (row.page or not _holds(path, row.place, traces))
    }


def _holds(path: Path, offset: int, traces: Traces) -> bool:
    return traces.found_in(read_page(path, offset).body.decode("utf-8", "replace"))


def _point_to(
    connection: Connection, number: int, name: str, length: int, places: list[dict[str, int]]
) -> None:
    connection.execute(
        text("UPDATE warc_file SET path = :path, committed = :length WHERE id = :file"),
        {"path": name, "length": length, "file": number},
    )
    connection.execute(text("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER)"))
    if places:
        connection.execute(text("INSERT INTO moved VALUES (:old, :new)"), places)
    # An offset that did not move is gone: NULL, and the file with it.
    connection.execute(
        text(
            "UPDATE capture SET warc_offset = (SELECT new FROM moved WHERE old = warc_offset), "
            "warc_id = iif(warc_offset IN (SELECT old FROM moved), warc_id, NULL) "
            "WHERE warc_id = :file"
        ),
        {"file": number},
    )
    connection.execute(text("DROP TABLE moved"))


def _remove_unknown(connection: Connection, place: Path, folder: Path, done: Rewriting) -> None:
    """Mark files that no row names (a crash left them): what they hold nobody could find."""
    known = set(connection.execute(text("SELECT path FROM warc_file")).scalars())
    for path in sorted(place.glob("*.warc.gz")) if place.is_dir() else ():
        if path.relative_to(folder).as_posix() not in known:
            done.old.append(path)
            done.files += 1
            done.bytes += path.stat().st_size


def _fresh_name(path: Path) -> Path:
    stem = path.name.removesuffix(".warc.gz").split("~")[0]
    number = 1
    while (target := path.with_name(f"{stem}~{number}.warc.gz")).exists():
        number += 1
    return target
