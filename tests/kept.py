"""Ways for a test to look at what a crawl left in a folder: rows, records, bytes."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from contextlib import closing
from typing import TYPE_CHECKING, Any

from fastwarc.warc import ArchiveIterator

from ccgcii.records import record_from_json

if TYPE_CHECKING:
    from pathlib import Path


class Kept:
    """What a study kept in `folder`, its store in `s.db`."""

    folder: Path

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "s.db")) as store:
            store.row_factory = by_name
            return store.execute(query).fetchall()

    def records(self) -> dict[str, Any]:
        rows = self.rows("SELECT payload FROM capture_record")
        records = [record_from_json(row.payload) for row in rows]
        assert len({record.id for record in records}) == len(records)
        return {record.id: record for record in records}

    def holds(self, secret: bytes) -> list[Path]:
        """Return the files that hold these bytes, in the archive decompressed too."""
        found = []
        for path in filter(lambda one: one.is_file(), self.folder.rglob("*")):
            data = path.read_bytes()
            if path.name.endswith(".warc.gz"):
                with path.open("rb") as stream:
                    data += b"".join(
                        repr(list(one.headers)).encode() + one.reader.read()
                        for one in ArchiveIterator(stream)
                    )
            found += [path] if secret in data else []
        return found


def by_name(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Any:
    names = [column[0] for column in cursor.description]
    # What the fields are is known once the query has run.
    return namedtuple("Row", names, rename=True)(*row)  # noqa: PYI024
