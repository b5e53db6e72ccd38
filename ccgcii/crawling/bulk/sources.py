"""What the author of a source of files writes: slices that are files, and how one is read.

Example::

    class Clippings(BulkSource):
        name = "clippings"

        def slices(self, plan):
            return [Slice(self.key(day), {"url": f"https://clips.example/{day}.jsonl.gz"})
                    for day in ("2020-01-01", "2020-01-02")]

        def read(self, piece):
            with self.open(piece.payload["url"]) as stream, gzip.open(stream) as lines:
                for line in lines:
                    found = json.loads(line)
                    yield Record(found["id"], "media", found["url"], found["title"])
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from ccgcii.crawling.apis.values import plain_estimate
from ccgcii.crawling.sources import Note, Page, read_options
from ccgcii.errors import SourceError

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable
    from datetime import datetime

    from ccgcii.crawling.apis.values import Estimate, Terms
    from ccgcii.crawling.bulk.files import Files
    from ccgcii.planning.slices import Plan, Slice


@dataclass(frozen=True, slots=True)
class BulkPage:
    """A page found in a file, to be kept and cleaned as if it had been fetched.

    `body` is free of any encoding, `fetched_at` in UTC. `identity` tells it from every other page
    of the source (the record's own id); without one it is the address and the moment.
    """

    page: Page
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    identity: str = ""


class BulkSource:
    """A source of files: each slice is one file, read in a worker process, kept whole or not.

    Give `name`, perhaps `channel` and `Options`, and write `slices` and `read`. Objects are made
    anew in each worker from the plan alone, so they keep nothing from slice to slice. A crawl that
    names no source leaves these out unless ccgcii.toml has their table: a file may be huge.
    """

    name: ClassVar[str]
    channel: ClassVar[str] = "media"
    only_when_named: ClassVar[bool] = True
    # Under which terms its rows may be held, None where there are none to speak of.
    terms: ClassVar[Terms | None] = None

    class Options(BaseModel):
        """The table `[sources.NAME]`; a source with options of its own subclasses it.

        `max_files`, `max_minutes` and `max_megabytes` (as they are on the way) end a crawl of the
        source, the next one goes on; so do `max_failures` files in a row that cannot be read (10).
        What is left open is taken from `[crawl]`, where `max_requests` stands for files.
        """

        model_config = ConfigDict(extra="forbid", frozen=True)

        max_files: int | None = Field(None, ge=1)
        max_minutes: float | None = Field(None, gt=0)
        max_megabytes: float | None = Field(None, gt=0)
        max_failures: int | None = Field(None, ge=1)

    def __init__(self, plan: Plan, files: Files | None = None) -> None:
        self.plan = plan
        self.options: Any = read_options(self.name, self.Options, plan.options)
        self._files = files

    def slices(self, plan: Plan) -> Iterable[Slice]:  # noqa: ARG002 - for subclasses
        """Cut the work of a plan into files; nothing may be fetched here."""
        raise SourceError(f"source {self.name!r} plans nothing: it must define slices(plan)")

    def read(self, piece: Slice) -> Iterable[Any]:  # noqa: ARG002 - for subclasses
        """Yield what a file holds: `Record`s, `BulkPage`s, notes, and `Slice`s still to be read.

        A list of files is a slice that yields slices.
        """
        raise SourceError(f"source {self.name!r} must define read(piece)")

    def estimate(self, plan: Plan) -> Estimate:
        """Return what the plan would take, without opening anything."""
        return plain_estimate(self.slices(plan))

    def share_read(self) -> float:
        """Return which share of the files there are the plan reads (0-1), 1 for all."""
        return 1.0

    def open(
        self, address: str, *, start: int = 0, max_bytes: int | None = None
    ) -> io.BufferedReader:
        """Open a local path or a URL to be read once from `start` on.

        Raises `FileNotFoundError` if there is nothing (HTTP 404 and 410), `SourceError` for all
        else, also while reading: past `max_bytes`, or when a connection stays broken.
        """
        if self._files is None:
            raise SourceError(f"source {self.name!r}: files are opened in read(piece) only")
        return self._files.open(address, start=start, max_bytes=max_bytes)

    def key(self, name: str) -> str:
        """Return a slice's key that changes with the study's cities.

        A file is read for the whole table at once; with other cities it must be read again.
        """
        return f"{name}@{self._digest()}"

    def note(self, reason: str) -> Note:
        """Say that something was amiss though the file could be read."""
        return Note(reason)

    def _digest(self) -> str:
        cities = sorted(
            (city.key, *sorted(name.text for name in city.names)) for city in self.plan.study.cities
        )
        return blake2b(repr(cities).encode(), digest_size=4).hexdigest()
