"""Pages a second of the prefilter against extraction, on the same pages in the same run.

.venv/bin/python benchmarks/prefilter.py [FOLDER OF HTML PAGES]

Without a folder the pages are those of the embedded world.
"""

from __future__ import annotations

import gzip
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trafilatura import bare_extraction

from ccgcii import default_cities
from ccgcii.cleaning.prefilter import prefilter_for
from ccgcii.cleaning.reading.pages import RawPage, read_page
from ccgcii.testing import Ask, World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAST = 3.0  # seconds that each contender runs


def pages_of_world() -> list[bytes]:
    """Return the article pages of the embedded world."""
    world = World(articles=300, posts=0)
    replies = [world.answer(Ask("GET", host, path, {}, b"")) for host, path in world.paths()]
    return [reply.body for reply in replies if reply.body.startswith(b"<!") and reply.status == 200]


def pages_of(folder: Path) -> list[bytes]:
    """Return the pages of a folder, unpacked."""
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in sorted(folder.glob("*.htm*"))
    ]


def rate(work: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    """Return how many pages a second some work does, on one core."""
    done, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < LEAST:
        work(pages[done % len(pages)])
        done += 1
    return done / took


def main() -> None:
    """Print pages and megabytes a second, and the ratio to trafilatura's fast extraction."""
    pages = pages_of(Path(sys.argv[1])) if len(sys.argv) > 1 else pages_of_world()
    size = sum(map(len, pages)) / len(pages)
    prefilter = prefilter_for(default_cities())
    now = datetime.now(UTC)

    def whole(body: bytes) -> object:
        return read_page(RawPage("bench", "media", "https://a.example/b", now, body))

    rates = {
        "trafilatura fast, with metadata": rate(
            lambda body: bare_extraction(body, fast=True, with_metadata=True), pages
        ),
        "prefilter (names of 100 cities)": rate(prefilter.names_a_city, pages),
        "our page reading (text, date, title)": rate(whole, pages),
    }
    peer = rates["trafilatura fast, with metadata"]
    print(f"{len(pages)} pages of {size / 1000:.0f} kB on average, one core")
    for name, speed in rates.items():
        print(
            f"{name:38} {speed:9,.0f} pages/s {speed * size / 1e6:7.0f} MB/s  x {speed / peer:.2f}"
        )


if __name__ == "__main__":
    main()
