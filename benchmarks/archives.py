"""Free archives: megabytes a second of GKG slots, pages a second of a WARC beside its peers.

    .venv/bin/python benchmarks/archives.py [--pages 20000] [--peers PYTHON]

With CCGCII_REAL_DATA the rows and pages are made from real ones. `--peers` names the Python of an
environment that has fundus and news-please, whose CC-NEWS code then reads such a file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

# It stands beside this script, which is run by its path.
from archivefiles import slot_of, write_warc
from fastwarc.warc import ArchiveIterator, WarcRecordType
from processors import processor_time

from ccgcii.config import Settings
from ccgcii.crawling.runs import crawl
from ccgcii.workspace import Workspace
from ccgcii_archives.gdelt import MEGABYTES

WORKERS = 2
SLOTS = 192  # two days of one stream
SLOTS_OF_2020 = 96 * 366
RELEVANT = 0.03
EXTRACTED = 1_000
PEER_PAGES = 200
PEER = Path(__file__).with_name("archivepeers.py")


def crawled(folder: Path, source: str, **options: Any) -> tuple[float, float, Any]:
    """Return seconds and processor seconds of a crawl of one source, and its counts.

    From its plan to its last row; the workers start cold, and their start is part of it.
    """
    settings = Settings(
        study={"since": date(2020, 1, 1), "until": date(2020, 12, 31)},
        store={"url": f"sqlite:///{folder}/{source}.db", "archive": folder / "archive"},
        execution={"workers": WORKERS},
        sources={source: options},
    )
    began, used = time.perf_counter(), processor_time()
    with Workspace(settings, create=True) as workspace:
        counts = crawl(workspace, [source]).sources[0]
    return time.perf_counter() - began, processor_time() - used, counts


def measure_gkg(folder: Path, real: Path | None) -> None:
    """Print how fast slots are read, and what a year of them takes."""
    slots = folder / "gkg"
    slots.mkdir()
    plain = 0
    for number in range(SLOTS):
        packed, size = slot_of(real, number)
        (slots / f"{number:02}.gkg.csv.zip").write_bytes(packed)
        plain += size
    zipped = sum(path.stat().st_size for path in slots.iterdir())
    seconds, work, counts = crawled(folder, "gdelt", files=[f"{slots}/*.zip"])
    print(f"GKG: {SLOTS} slots, {zipped / 1e6:.0f} MB zipped, {plain / 1e6:.0f} MB inflated")
    print(f"  {counts.captures} rows that name a city, {seconds:.1f} s on {WORKERS} cores")
    print(f"  {zipped / 1e6 / seconds:.1f} MB/s zipped, {plain / 1e6 / seconds:.0f} MB/s inflated")
    print(f"  {zipped / 1e6 / work:.1f} MB zipped a second of one processor")
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
    seconds, work, counts = crawled(folder, "warc", files=[str(path)])
    ours, ours_alone = number / seconds, number / work
    print(f"  {counts.captures} pages kept ({counts.captures / number:.1%})")
    theirs, theirs_alone = extracting(path)
    print(f"  on {WORKERS} cores, in pages a second:")
    print(f"  ccgcii, prefilter on bytes    {ours:8,.0f}")
    print(f"  trafilatura fast on each page {theirs:8,.0f}   x {ours / theirs:.1f}")
    print("  in pages a second of one processor, whatever else the machine does:")
    print(f"  ccgcii, prefilter on bytes    {ours_alone:8,.0f}")
    print(
        f"  trafilatura fast on each page {theirs_alone:8,.0f}   x {ours_alone / theirs_alone:.1f}"
    )
    if peers:
        few = folder / "few.warc.gz"
        write_warc(few, PEER_PAGES, RELEVANT, real)
        command = [peers, str(PEER), str(few), str(PEER_PAGES)]
        for line in subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines():
            name, rate, remark = line.decode().split("\t")
            if rate == "-":
                print(f"  {name:29} NOT MEASURED: {remark}")
                continue
            print(
                f"  {name:29} {float(rate):8,.1f}   x {ours_alone / float(rate):.1f}   ({remark})"
            )
    else:
        print(
            "  fundus, news-please           NOT MEASURED: name a Python that has them by --peers"
        )


def extracting(path: Path) -> tuple[float, float]:
    """Return pages a second of trafilatura on every page, on as many cores and on one processor.

    Its processes are warm, and only the first pages of the file are read.
    """
    share = EXTRACTED // WORKERS
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        list(pool.map(extract_some, [path] * WORKERS, [0] * WORKERS, [5] * WORKERS))  # warm
        began = time.perf_counter()
        starts = [worker * share for worker in range(WORKERS)]
        used = list(pool.map(extract_some, [path] * WORKERS, starts, [share] * WORKERS))
        return EXTRACTED / (time.perf_counter() - began), EXTRACTED / sum(used)


def extract_some(path: Path, start: int, number: int) -> float:
    """Extract `number` pages from the one at `start`; return the processor seconds it took."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - in the worker only

    used = time.process_time()
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True)
        for place, record in enumerate(records):
            if place >= start + number:
                break
            if place >= start:
                bare_extraction(record.reader.read(), fast=True, with_metadata=True)
    return time.process_time() - used


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--peers", help="a Python that has fundus and news-please")
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
