"""CC-NEWS: Common Crawl's WARC files of news, listed by month since August 2016."""

from __future__ import annotations

import gzip
import re
import zlib
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ccgcii import BulkSource, Estimate, Slice, SourceError, Terms
from ccgcii_archives.paths import join
from ccgcii_archives.warcs import WarcFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import Plan

FIRST = date(2016, 8, 1)
LARGEST_LIST = 64 << 20  # bytes
# What is published on a day is fetched on that day or soon after.
LATE = timedelta(days=2)
_NAME = re.compile(r"CC-NEWS-(\d{8})\d{6}-\d+\.warc\.gz$")


class CcNews(WarcFiles):
    """The pages of CC-NEWS that name a city; a month is hundreds of files of about 1 GB."""

    name = "ccnews"
    terms = Terms("Common Crawl terms of use", "2026-11")

    class Options(BulkSource.Options):
        """`[sources.ccnews]`: `share` (0-1) of the files is read, drawn by name with `seed`.

        `base` is a mirror, or a folder that is laid out alike.
        """

        base: str = "https://data.commoncrawl.org/"
        share: float = Field(1.0, gt=0, le=1)
        seed: int = 1

    def share_read(self) -> float:
        """Return the share of the files in the sample."""
        return float(self.options.share)

    def estimate(self, plan: Plan) -> Estimate:
        """Return what is known before the lists are read."""
        months = sum(1 for _ in self.slices(plan))
        share = f"{self.share_read():.2%} of the files of {months} months"
        note = f"{share}: each month's list says how many; hundreds of about 1 GB"
        return Estimate(None, notes=(note,))

    def slices(self, plan: Plan) -> Iterator[Slice]:
        """Give the list of each month; the running month's grows."""
        month = max(plan.since, FIRST).replace(day=1)
        today = datetime.now(UTC).date()
        while month <= min(plan.until + LATE, today):
            following = (month + timedelta(days=32)).replace(day=1)
            window = f"{plan.since}:{plan.until}:{self.options.share}:{self.options.seed}"
            yield Slice(
                self.key(f"list:{month:%Y-%m}:{window}"),
                {"list": f"crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"},
                polls=following + LATE > today,
            )
            month = following

    def read(self, piece: Slice) -> Iterator[Any]:
        """Read a list or a file."""
        if "list" in piece.payload:
            yield from self._listed(piece.payload["list"])
        else:
            yield from self.pages(self._join(piece.payload["path"]))

    def _listed(self, path: str) -> Iterator[Any]:
        try:
            with self.open(self._join(path), max_bytes=LARGEST_LIST) as packed:
                lines = gzip.decompress(packed.read()).decode().split()
        except FileNotFoundError:
            yield self.note(f"there is no list {path}")
            return
        except (EOFError, OSError, zlib.error) as error:
            raise SourceError(f"{path}: damaged list ({error}); run the same command") from error
        for name in lines:
            told = _NAME.search(name)
            if told and self._is_wanted(name, told[1]):
                payload = {"path": name, "share_read": self.share_read()}
                yield Slice(self.key(f"warc:{name}"), payload, requests_estimated=1)

    def _is_wanted(self, name: str, day: str) -> bool:
        began = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
        if not self.plan.since <= began <= self.plan.until + LATE:
            return False
        drawn = sha256(f"{self.options.seed}/{name}".encode()).digest()
        return int.from_bytes(drawn[:6], "big") < self.share_read() * (1 << 48)

    def _join(self, path: str) -> str:
        return join(self.options.base, path, self.plan.folder)
