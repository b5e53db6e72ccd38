"""The export of Hello Monitor: a CSV with columns of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import BadRow, ColumnMapping, hookimpl, open_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ccgcii import FileHead, Reader, Record

SIGNATURE = {"Hello Id", "Hello Text"}
COLUMNS = ColumnMapping(
    {
        "id": "Hello Id",
        "text": "Hello Text",
        "published_at": "When",
        "likes": ("Likes", "Hearts"),
    },
    constants={"channel": "facebook"},
    timezone="America/New_York",
)


@dataclass(frozen=True, slots=True)
class HelloExport:
    """Posts as Hello Monitor exports them."""

    name: ClassVar[str] = "hello-export"

    watch: Callable[[int], None] | None = None

    def matches(self, head: FileHead) -> float:
        """Know the file by the two columns nobody else has."""
        return 0.9 if set(head.columns) >= SIGNATURE else 0.0

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every row."""
        table = open_table(path)
        make = COLUMNS.fitting(table).record_maker(table)
        for row in table.rows(self.watch):
            yield row if isinstance(row, BadRow) else make(row)


@hookimpl
def ccgcii_sources() -> list[Reader]:
    """Give the reader."""
    return [HelloExport()]
