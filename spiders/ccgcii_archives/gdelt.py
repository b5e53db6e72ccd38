"""GDELT GKG 2.1 as a source: a slice a quarter of an hour and stream, from the web or a folder."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, Literal

from pydantic import Field

from ccgcii import BulkSource, Slice, SourceError, Terms
from ccgcii_archives.gkg import GkgReader
from ccgcii_archives.paths import expand, join
from ccgcii_archives.slots import A_DAY, LISTS, chosen_slots, file_name, read_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ccgcii import Estimate, Plan

LARGEST_LIST = 1 << 30  # bytes
# What a slot takes on the way, about, in recent years.
MEGABYTES = {"english": 5, "translation": 15}
LARGEST_SLOT = 256 << 20
LARGEST_INFLATED = 2 << 30
# GDELT publishes a slot within minutes; a younger one that is missing may still come.
SETTLED = timedelta(hours=1)
ZIP = b"PK\x03\x04"


class Gdelt(BulkSource):
    """News that GDELT saw, without their texts: title, address, outlet, tone, places."""

    name = "gdelt"
    terms = Terms("GDELT terms of use (attribution)", "2026-11")

    class Options(BulkSource.Options):
        """`[sources.gdelt]`.

        `names = "listed"` reads GDELT's own lists first (their MD5 is then held against each
        file), `"computed"` asks for each slot by its time. `slots_per_day` (of 96) and `seed` make
        a sample. `base` is a mirror or a folder that is laid out alike; `files` are single GKG
        files (zip or not) and patterns, read instead of all that.
        """

        streams: list[Literal["english", "translation"]] = Field(
            default=["english", "translation"], min_length=1
        )
        slots_per_day: int = Field(A_DAY, ge=1, le=A_DAY)
        seed: int = 1
        names: Literal["listed", "computed"] = "listed"
        base: str = "http://data.gdeltproject.org/gdeltv2/"
        files: list[str] = Field(default_factory=list)

    def estimate(self, plan: Plan) -> Estimate:
        """Return how many files the plan takes, and about how much that is on the way."""
        plain = super().estimate(plan)
        if self.options.files:
            return plain
        megabytes = sum(MEGABYTES[stream] for stream in self.options.streams) * len(self._chosen)
        share = f"{self.share_read():.2%} of GDELT's slots"
        return replace(plain, notes=(f"{share}, about {megabytes / 1000:,.1f} GB to fetch",))

    def share_read(self) -> float:
        """Return the share of GDELT's slots in the sample."""
        return 1.0 if self.options.files else float(self.options.slots_per_day) / A_DAY

    def slices(self, plan: Plan) -> Iterator[Slice]:
        """Give the files, or each stream's list, or each slot."""
        if self.options.files:
            for path in expand(self.options.files, "[sources.gdelt] files", plan.folder):
                yield Slice(self.key(f"file:{path}"), {"file": path}, requests_estimated=1)
        elif self.options.names == "computed":
            ready = f"{datetime.now(UTC) - SETTLED:%Y%m%d%H%M%S}"
            for stream in self.options.streams:
                yield from (self._slot(slot, stream) for slot in self._chosen if slot <= ready)
        else:
            for stream in self.options.streams:
                yield self._list(stream, plan)

    def read(self, piece: Slice) -> Iterator[Any]:
        """Read a list or a slot."""
        if piece.payload.get("list"):
            yield from self._read_list(piece.payload["list"])
        else:
            yield from self._read_slot(piece.payload)

    @cached_property
    def _chosen(self) -> list[str]:
        options = self.options
        return list(
            chosen_slots(self.plan.since, self.plan.until, options.slots_per_day, options.seed)
        )

    @cached_property
    def _reader(self) -> GkgReader:
        return GkgReader(self.plan.study.cities)

    def _list(self, stream: str, plan: Plan) -> Slice:
        sample = f"{plan.since}:{plan.until}:{self.options.slots_per_day}:{self.options.seed}"
        return Slice(
            self.key(f"list:{stream}:{sample}"),
            {"list": stream},
            requests_estimated=1 + len(self._chosen),
            polls=plan.until >= datetime.now(UTC).date() - timedelta(days=1),
        )

    def _slot(self, slot: str, stream: str, md5: str | None = None) -> Slice:
        name = file_name(slot, stream)
        payload: dict[str, Any] = {"name": name, "share_read": self.share_read()}
        if md5:
            payload["md5"] = md5
        return Slice(self.key(f"gkg:{name}"), payload, requests_estimated=1)

    def _read_list(self, stream: str) -> Iterator[Any]:
        wanted = set(self._chosen)
        with self.open(self._join(LISTS[stream]), max_bytes=LARGEST_LIST) as lines:
            for listed in read_list(lines):
                if listed.stream == stream and listed.slot in wanted:
                    wanted.discard(listed.slot)
                    yield self._slot(listed.slot, stream, listed.md5)
        if wanted:
            yield self.note(
                f"{len(wanted):,} of {len(self._chosen):,} slots are not in the {stream} list"
            )

    def _read_slot(self, payload: Mapping[str, Any]) -> Iterator[Any]:
        # Only the name is kept, so that another mirror can go on where the first one ended.
        url = payload.get("file") or self._join(payload["name"])
        before = self._reader.damaged
        try:
            data = self._fetched(url, payload.get("md5"))
        except FileNotFoundError:
            yield self.note("a slot is not there (GDELT names some that it lost); skipped")
            return
        with ExitStack() as stack:
            stream = stack.enter_context(_inflated(data, url))
            try:
                yield from self._reader.read(stream)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise SourceError(f"{url}: damaged zip ({error}); fetch it again") from error
        damaged = self._reader.damaged - before
        if damaged:
            yield self.note(f"rows without 27 columns are left out: {damaged}")

    def _join(self, name: str) -> str:
        return join(self.options.base, name, self.plan.folder)

    def _fetched(self, url: str, md5: str | None) -> bytes:
        with self.open(url, max_bytes=LARGEST_SLOT) as stream:
            data = stream.read()
        found = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if md5 is not None and found != md5:
            raise SourceError(
                f"{url}: its MD5 is {found}, GDELT's list says {md5}; nothing of it is kept, run "
                "the same command to fetch it again"
            )
        return data


def _inflated(data: bytes, url: str) -> IO[bytes]:
    if not data.startswith(ZIP):
        return io.BytesIO(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        member = archive.infolist()[0]
    except (zipfile.BadZipFile, IndexError) as error:
        raise SourceError(f"{url}: damaged zip ({error}); fetch it again") from error
    if member.file_size > LARGEST_INFLATED:
        raise SourceError(f"{url}: {member.file_size:,} bytes when inflated; it is left out")
    return archive.open(member)
