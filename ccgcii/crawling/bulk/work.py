"""What a worker of a bulk crawl does: one slice in, one result out, whatever the file holds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccgcii.crawling.bulk.archive import SliceArchive
from ccgcii.crawling.bulk.files import Files, StoppedError
from ccgcii.crawling.bulk.sources import BulkPage, BulkSource
from ccgcii.crawling.redaction import redact
from ccgcii.crawling.sources import Note
from ccgcii.documents import CHANNELS, Record
from ccgcii.errors import CcgciiError, SourceError, suggest
from ccgcii.planning.slices import Slice
from ccgcii.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from ccgcii.config import CrawlSettings
    from ccgcii.planning.slices import Plan

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class BulkJob:
    """Everything that a worker needs to read slices of one source, picklable."""

    source: str
    plan: Plan
    crawl: CrawlSettings
    archive: Path
    plugins: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as the store has to know it; `offset` is its place in the slice's own WARC file."""

    url: str
    identity: str
    fetched_at: datetime
    status: int
    content_type: str | None
    hints: Mapping[str, str]
    offset: int


@dataclass(slots=True)
class SliceResult:
    """What a slice gave; with an `error` or `stopped`, nothing of it counts."""

    slice_id: int
    pages: list[KeptPage] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warc: str | None = None
    warc_length: int = 0
    bytes_read: int = 0
    seconds: float = 0.0
    error: str | None = None
    stopped: bool = False


class SliceReader:
    """Reads slices of one source, one after the other."""

    def __init__(self, job: BulkJob, stopped: Callable[[], bool]) -> None:
        kind: Any = Plugins.load(**job.plugins).sources()[job.source]
        self._files = Files(job.crawl, stopped)
        self._source: BulkSource = kind(job.plan, self._files)
        self._archive = job.archive
        self._largest = job.crawl.max_bytes

    def read(self, slice_id: int, piece: Slice, name: str) -> SliceResult:
        """Return what a slice gives; a fault of the file or the source costs this slice alone.

        `name` is that of the WARC file for its pages.
        """
        result = SliceResult(slice_id)
        archive = SliceArchive(self._archive, self._source.name, name)
        self._files.bytes_read, began = 0, time.monotonic()
        try:
            self._gather(self._source.read(piece), archive, result)
            archive.finish()
        except StoppedError:
            result.stopped = True
        except CcgciiError as error:
            result.error = redact(str(error))
        except FileNotFoundError as error:
            result.error = f"{redact(str(error))}: there is no such file"
        except (KeyboardInterrupt, SystemExit):
            archive.give_up()
            raise
        except BaseException as error:  # noqa: BLE001 - parsers raise anything, Rust a panic
            said = f"{piece.key}: {type(error).__name__}: {error}"
            result.error = redact(said)[:LONGEST_REASON]
        if result.stopped or result.error:
            archive.give_up()
        elif archive.length:
            result.warc, result.warc_length = archive.name, archive.length
        result.bytes_read = self._files.bytes_read
        result.seconds = time.monotonic() - began
        return result

    def _gather(self, items: Iterable[Any], archive: SliceArchive, result: SliceResult) -> None:
        for item in items:
            self._files.check()
            if isinstance(item, Record):
                result.records.append(_checked(item))
            elif isinstance(item, BulkPage):
                self._keep(item, archive, result)
            elif isinstance(item, Slice):
                result.slices.append(item)
            elif isinstance(item, Note):
                result.notes.append(item.reason)
            elif item is not None:
                raise SourceError(
                    f"source {self._source.name!r} yields a {type(item).__name__}; read yields "
                    "Records, BulkPages, Slices and self.note(...)"
                )

    def _keep(self, kept: BulkPage, archive: SliceArchive, result: SliceResult) -> None:
        if len(kept.body) > self._largest:
            result.notes.append(f"{redact(kept.page.url)}: larger than [crawl] max_bytes")
            return
        headers = {name.lower(): value for name, value in kept.headers}
        result.pages.append(
            KeptPage(
                redact(kept.page.url),
                kept.identity or f"{kept.page.url} {kept.fetched_at.isoformat()}",
                kept.fetched_at,
                kept.status,
                headers.get("content-type"),
                kept.page.hints(),
                archive.write(kept),
            )
        )


def _checked(record: Record) -> Record:
    if record.channel not in CHANNELS:
        raise SourceError(
            f"yields a record of an unknown channel {record.channel!r}"
            f"{suggest(record.channel, CHANNELS)}"
        )
    return record


def make_reader(job: BulkJob, stopped: Callable[[], bool]) -> Callable[..., SliceResult]:
    """Make what reads a slice, in a worker; it gives up the slice when `stopped()` is true."""
    try:
        return SliceReader(job, stopped).read
    except Exception as error:
        said = f"source {job.source!r} cannot be read in a worker process: {error}"
        raise SourceError(said) from error
