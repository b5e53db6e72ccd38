"""A source of files for tests, as a single-file plugin: its files are lines of numbers."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii import BulkPage, BulkSource, Page, Record, Slice, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccgcii import Plan


class Counting(BulkSource):
    name = "counting"

    class Options(BulkSource.Options):
        """A folder of files; what each line costs in seconds."""

        folder: str
        pause: float = 0.0

    def slices(self, plan: Plan) -> list[Slice]:
        return [Slice(path.name) for path in sorted(Path(self.options.folder).iterdir())]

    def read(self, piece: Slice) -> Iterator[Any]:
        with self.open(str(Path(self.options.folder) / piece.key)) as lines:
            for line in lines:
                word = line.decode().strip()
                if word == "die":
                    os.abort()
                if word == "raise":
                    raise ValueError("a line is not as expected")
                time.sleep(self.options.pause)
                yield Record(word, "media", title=f"Number {word}")
                url = f"https://numbers.example/{word}"
                yield BulkPage(Page(url), f"<p>{word}</p>".encode(), datetime.now(UTC))


@hookimpl
def ccgcii_sources() -> Iterable[type[BulkSource]]:
    return [Counting]
