"""Any WARC file as a source: a slice a file, or a part of a large one on this machine."""

from __future__ import annotations

import zlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ccgcii import BulkSource, Slice, SourceError
from ccgcii_archives.paths import expand
from ccgcii_archives.responses import DamagedError, ResponseReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import Plan

MEMBER = b"\x1f\x8b\x08"
RECORD = b"WARC/1."
SEARCHED = 1 << 20  # bytes read at once while a record is looked for
PROBE = 512  # bytes of a member that hold the beginning of its record


class WarcFiles(BulkSource):
    """What sources of WARC files share: reading one, and saying what of it could not be read."""

    def read(self, piece: Slice) -> Iterator[Any]:
        """Yield the pages that name a city."""
        yield from self.pages(**piece.payload)

    def pages(self, url: str, start: int = 0, end: int | None = None) -> Iterator[Any]:
        """Yield the pages of a file, of those records that begin between `start` and `end`."""
        if start:
            found = self._first_record(url, start, end)
            if found is None:
                return
            start = found
        damaged = self._reader.damaged
        with self.open(url, start=start) as stream:
            try:
                yield from self._reader.read(stream, None if end is None else end - start)
                # The web says when it was cut; a part ends where the next one begins.
                if end is None and "://" not in url:
                    self._check_end(url, start + self._reader.last)
            except DamagedError as error:
                raise SourceError(f"{url}: {error}; fetch the file again") from error
        if self._reader.damaged > damaged:
            yield self.note(
                f"pages whose encoding is broken are left out: {self._reader.damaged - damaged}"
            )

    @cached_property
    def _reader(self) -> ResponseReader:
        return ResponseReader(self.plan.study.cities)

    def _check_end(self, url: str, last: int) -> None:
        """Raise `DamagedError` if anything follows the record that was read last.

        The reader passes over the beginning of a record in silence where the file ends in it.
        """
        with self.open(url, start=last) as stream:
            if stream.peek(len(MEMBER))[: len(MEMBER)] != MEMBER:
                return
            member = zlib.decompressobj(31)
            while not member.eof and (portion := stream.read(SEARCHED)):
                member.decompress(portion)
            if not member.eof or (member.unused_data + stream.read(1)).strip(b"\0"):
                raise DamagedError("breaks off at its end")

    def _first_record(self, url: str, start: int, end: int | None) -> int | None:
        """Return where the first record at or after `start` begins, None if none does before `end`.

        Each record is a gzip member of its own; its mark may also stand inside packed bytes, so
        what follows must unpack to a record's first line.
        """
        with self.open(url, start=start) as stream:
            place, rest = start, b""
            while portion := stream.read(SEARCHED):
                block = rest + portion
                at = block.find(MEMBER)
                while at >= 0:
                    if end is not None and place + at >= end:
                        return None
                    if _is_record(block[at : at + PROBE]):
                        return place + at
                    at = block.find(MEMBER, at + 1)
                rest = block[-PROBE:]
                place += len(block) - len(rest)
        return None


class Warcs(WarcFiles):
    """WARC files that the user names: the pages in them that name a city."""

    name = "warc"

    class Options(BulkSource.Options):
        """`[sources.warc]`.

        `files` are paths, patterns and URLs. A file on this machine is cut into parts of about
        `part_megabytes`, so that all processors have work.
        """

        files: list[str] = Field(min_length=1)
        part_megabytes: int = Field(64, ge=1)

    def slices(self, plan: Plan) -> Iterator[Slice]:
        """Give the files, large ones in parts."""
        for url in expand(self.options.files, "[sources.warc] files", plan.folder):
            for start, end in self._parts(url):
                payload = {"url": url, "start": start, "end": end}
                name = f"warc:{url}:{start}" if start or end else f"warc:{url}"
                yield Slice(self.key(name), payload, requests_estimated=1)

    def _parts(self, url: str) -> list[tuple[int, int | None]]:
        step = self.options.part_megabytes * 1_000_000
        if "://" in url or Path(url).stat().st_size <= step or not _is_cuttable(Path(url)):
            return [(0, None)]
        size = Path(url).stat().st_size
        starts = range(0, size, step)
        return list(zip(starts, (*starts[1:], None), strict=True))


def _is_cuttable(path: Path) -> bool:
    """Say whether a file is made of gzip members of one record each."""
    with path.open("rb") as stream:
        start = stream.read(SEARCHED)
    if not start.startswith(MEMBER):
        return False
    member = zlib.decompressobj(31)
    first = member.decompress(start, SEARCHED)
    return member.unused_data.startswith(MEMBER) and first.count(RECORD) == 1


def _is_record(head: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, len(RECORD)) == RECORD
    except zlib.error:
        return False
