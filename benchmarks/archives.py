"""Free archives: megabytes a second of GKG slots, pages a second of a WARC beside its peers.

    .venv/bin/python benchmarks/archives.py [--pages 20000] [--peers PYTHON]

With CCGCII_REAL_DATA the rows and pages are made from real ones. `--peers` names the Python of an
environment that has news-please, whose CC-NEWS code then reads the same file.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from archivefiles import slot_of, write_warc
from fastwarc.warc import ArchiveIterator, WarcRecordType

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.workspace import Workspace
from ccgcii_archives.gdelt import MEGABYTES

WORKERS = 2
SLOTS = 24
SLOTS_OF_2020 = 96 * 366
RELEVANT = 0.03
PEER_PAGES = 1_000
PEER = Path(__file__).with_name("archivepeers.py")


def crawled(folder: Path, source: str, **options: Any) -> tuple[float, Any]:
    """Return the seconds of a crawl of one source, from its plan to its last row, and its counts.

    The workers start cold: their start is part of it.
    """
    settings = Settings(
        study={"since": date(2020, 1, 1), "until": date(2020, 12, 31)},
        store={"url": f"sqlite:///{folder}/{source}.db", "archive": folder / "archive"},
        execution={"workers": WORKERS},
        sources={source: options},
    )
    began = time.perf_counter()
    with Workspace(settings, create=True) as workspace:
        counts = crawl(workspace, [source]).sources[0]
    return time.perf_counter() - began, counts


def measure_gkg(folder: Path, real: Path | None) -> None:
    """Print how fast slots are read, and what a year of them takes."""
    slots = folder / "gkg"
    slots.mkdir()
    plain = 0
    for number in range(SLOTS):
        packed, size = slot_of(real, random.Random(number))
        (slots / f"{number:02}.gkg.csv.zip").write_bytes(packed)
        plain += size
    zipped = sum(path.stat().st_size for path in slots.iterdir())
    seconds, counts = crawled(folder, "gdelt", files=[f"{slots}/*.zip"])
    print(f"GKG: {SLOTS} slots, {zipped / 1e6:.0f} MB zipped, {plain / 1e6:.0f} MB inflated")
    print(f"  {counts.captures} rows that name a city, {seconds:.1f} s on {WORKERS} cores")
    print(f"  {zipped / 1e6 / seconds:.1f} MB/s zipped, {plain / 1e6 / seconds:.0f} MB/s inflated")
    year = sum(MEGABYTES.values()) * SLOTS_OF_2020
    for name, share in (("every slot", 1.0), ("4 a day", 4 / 96)):
        hours = year * share / (zipped / 1e6 / seconds) / 3600
        line = year * share / 12.5 / 3600
        print(
            f"  a year, both streams, {name}: {year * share / 1e3:,.0f} GB, {hours:.1f} h of work, "
            f"{line:.1f} h on a line of 100 Mbit/s"
        )


def measure_warc(folder: Path, real: Path | None, number: int, peers: str | None) -> None:
    """Print pages a second of our crawl and of those who read every page."""
    path = folder / "pages.warc.gz"
    size = write_warc(path, number, RELEVANT, real)
    megabytes = path.stat().st_size / 1e6
    print(f"WARC: {number:,} pages of {size / number / 1e3:.0f} kB, {megabytes:.0f} MB packed")
    seconds, counts = crawled(folder, "warc", files=[str(path)])
    ours = number / seconds
    print(f"  {counts.captures} pages kept ({counts.captures / number:.1%})")
    print(f"  ccgcii, prefilter on bytes    {ours:8,.0f} pages/s")
    theirs = extracting(path)
    print(f"  trafilatura fast on each page {theirs:8,.0f} pages/s   x {ours / theirs:.1f}")
    if peers:
        done = subprocess.run(
            [peers, PEER, str(path), str(PEER_PAGES)], capture_output=True, text=True, check=False
        )
        told = done.stdout.strip().splitlines()
        for line in [one for one in told if one.startswith("peer ")]:
            _, name, rate = line.split("\t")
            print(f"  {name:29} {float(rate):8,.0f} pages/s   x {ours / float(rate):.1f}")
        if done.returncode:
            print(f"  peers: {done.stderr.strip().splitlines()[-1]}")


def extracting(path: Path) -> float:
    """Return pages a second of trafilatura on every page of a WARC, on as many cores."""
    share = PEER_PAGES // WORKERS
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        list(pool.map(extract_some, [path] * WORKERS, [0] * WORKERS, [5] * WORKERS))  # warm
        began = time.perf_counter()
        starts = [worker * share for worker in range(WORKERS)]
        done = sum(pool.map(extract_some, [path] * WORKERS, starts, [share] * WORKERS))
        return done / (time.perf_counter() - began)


def extract_some(path: Path, start: int, number: int) -> int:
    """Extract `number` pages from the one at `start`; return how many there were."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - in the worker only

    done = 0
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True)
        for place, record in enumerate(records):
            if place >= start + number:
                break
            if place >= start:
                bare_extraction(record.reader.read(), fast=True, with_metadata=True)
                done += 1
    return done


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--peers", help="a Python that has news-please")
    options = parser.parse_args()
    told = os.environ.get("CCGCII_REAL_DATA")
    real = Path(told) if told else None
    print(f"made from {'real rows and pages' if real else 'generated rows and pages'}")
    with tempfile.TemporaryDirectory() as folder:
        measure_gkg(Path(folder), real)
        sys.stdout.flush()
        measure_warc(Path(folder), real, options.pages, options.peers)


if __name__ == "__main__":
    main()
