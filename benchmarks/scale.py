"""Scoring at scale: seconds, processor seconds and peak memory by stage, and how they grow.

    .venv/bin/python benchmarks/scale.py [DOCUMENTS] [--growth] [--folder FOLDER]

A generated store of DOCUMENTS (1,000,000 by default; ten times as many take four gigabytes of
disk) is scored cold and from its snapshot, resampled 200 times, and ten of the indicators are
computed by plain pandas on the same rows. `--growth` does it for a hundredth, a tenth and all of
them and prints the exponents of growth (1: as fast as the documents). Each size runs in processes
of its own, so that every peak of memory is that of what is measured.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stores import STUDY, generate

from ccgcii_db import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

SINCE = date(2020, 1, 1)
RECIPES = ("ccgcii-2020", "robust", "equal")
# Stages that take less say nothing about growth.
MEASURABLE = 0.1


def peak_memory() -> float:
    """Return the most gigabytes that this process has held.

    From the kernel's own count where there is one: what getrusage says of a new process is at
    least what its parent held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [each for each in status.read_text().splitlines() if each.startswith("VmHWM")]
        return int(line.split()[1]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


class Stages:
    """Times stages as they run."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def run(self, name: str, work: Callable[[], Any]) -> Any:
        """Run a stage; what it says goes to stdout, its figures are kept."""
        clock, processor = time.perf_counter(), time.process_time()
        result = work()
        self.rows.append(
            {
                "stage": name,
                "seconds": time.perf_counter() - clock,
                "processor": time.process_time() - processor,
                "peak": peak_memory(),
            }
        )
        return result


def score_store(path: Path, stages: Stages) -> None:
    """Score a store: from its snapshot if there is one of today, else cold."""
    from ccgcii.measuring.frameworks import make_tree  # noqa: PLC0415 - no part of the memory of others
    from ccgcii.measuring.loading import open_corpus  # noqa: PLC0415
    from ccgcii.measuring.matrix import measure  # noqa: PLC0415
    from ccgcii.plugins import Plugins  # noqa: PLC0415
    from ccgcii.scoring import Recipe, score  # noqa: PLC0415

    plugins = Plugins.load()
    indicators, methods = plugins.indicators(), plugins.methods()
    tree = make_tree(indicators)
    engine = open_engine(f"sqlite:///{path}")
    corpus = stages.run("store to facts", lambda: open_corpus(engine, STUDY, since=SINCE))
    cells = stages.run("sixty indicators", lambda: measure(corpus, indicators).cells)
    stages.run(
        "three recipes",
        lambda: [score(cells, tree, Recipe.load(name), methods=methods) for name in RECIPES],
    )
    for note in stages.run("keeping the snapshot", corpus.keep):
        print(note)
    engine.dispose()


def draw_store(path: Path, stages: Stages) -> None:
    """Resample a kept store 200 times, and rebuild the index 2,000 times by other methods."""
    from ccgcii.measuring.bootstrap import resample  # noqa: PLC0415 - as above
    from ccgcii.measuring.frameworks import make_tree  # noqa: PLC0415
    from ccgcii.measuring.loading import open_corpus  # noqa: PLC0415
    from ccgcii.measuring.matrix import measure  # noqa: PLC0415
    from ccgcii.plugins import Plugins  # noqa: PLC0415
    from ccgcii.scoring import Recipe, uncertainty  # noqa: PLC0415

    plugins = Plugins.load()
    indicators, methods = plugins.indicators(), plugins.methods()
    tree, recipe = make_tree(indicators), Recipe.load("ccgcii-2020")
    engine = open_engine(f"sqlite:///{path}")
    corpus = stages.run("snapshot to facts", lambda: open_corpus(engine, STUDY, since=SINCE))
    cells = measure(corpus, indicators).cells
    drawn = stages.run("200 draws of the documents", lambda: resample(corpus, indicators))
    matrices = drawn.by_leaves(tree.leaves)
    stages.run(
        "200 draws ranked",
        lambda: uncertainty.resample(cells, matrices, tree, recipe, methods=methods),
    )
    experiment = uncertainty.Experiment.of(
        cells,
        tree,
        recipe,
        channels={each.id: each.channels for each in indicators},
        methods=methods,
    )
    stages.run("2,000 rebuilds", lambda: uncertainty.vary_method(experiment))
    engine.dispose()


def peer_store(path: Path, stages: Stages) -> None:
    """Do ten of the indicators as a plain script would."""
    from peer_pandas import (  # noqa: PLC0415 - as above
        read,
        ten_indicators,
    )

    tables = stages.run("pandas: read and join", lambda: read(path))
    stages.run("pandas: ten indicators", lambda: ten_indicators(tables))


PARTS = {"score": score_store, "draw": draw_store, "peer": peer_store}


def in_its_own_process(part: str, path: Path) -> list[dict[str, Any]]:
    """Run a part in a new process and return its stages."""
    command = [sys.executable, __file__, "--part", part, "--store", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    *said, last = done.stdout.splitlines()
    for line in said:
        print(line)
    rows: list[dict[str, Any]] = json.loads(last)
    return rows


def write_store(path: Path, size: int) -> None:
    """Generate a store, in a process of its own."""
    generate(path, size).dispose()


def measure_size(folder: Path, size: int, *, peer: bool) -> dict[str, float]:
    """Measure all parts for a size, print the table and return seconds by stage."""
    path = folder / f"{size}.db"
    began = time.perf_counter()
    writer = get_context("spawn").Process(target=write_store, args=(path, size))
    writer.start()
    writer.join()
    print(
        f"\n{size:,} documents, {path.stat().st_size / 1e6:,.0f} MB, "
        f"generated in {time.perf_counter() - began:.0f} s"
    )
    print(f"{'stage':34} {'seconds':>8} {'processor':>9} {'peak GB':>8}")
    seconds: dict[str, float] = {}
    parts = [("cold", "score"), ("kept", "score"), ("", "draw"), *([("", "peer")] * peer)]
    for label, part in parts:
        rows = in_its_own_process(part, path)
        for row in rows:
            name = f"{label}: {row['stage']}" if label else row["stage"]
            seconds[name] = row["seconds"]
            print(
                f"{name:34} {row['seconds']:8.2f} {row['processor']:9.2f} {row['peak']:8.2f}",
                flush=True,
            )
        if label:
            # Saving the snapshot is paid once, after the ranking is there.
            total = sum(row["seconds"] for row in rows[:3])
            seconds[f"{label}: in all"] = total
            print(f"{label + ': in all':34} {total:8.2f}")
    for file in (path, *folder.glob(f"{size}.db*/*")):
        file.unlink()
    return seconds


def main() -> None:
    """Measure, and print how time grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--no-peer", dest="peer", action="store_false")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        stages = Stages()
        PARTS[asked.part](asked.store, stages)
        print(json.dumps(stages.rows))
        return
    sizes = [asked.documents]
    if asked.growth:
        sizes = [asked.documents // 100, asked.documents // 10, asked.documents]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        found = [measure_size(Path(folder), size, peer=asked.peer) for size in sizes]
    if asked.growth:
        print_growth(sizes, found)


def print_growth(sizes: list[int], found: list[dict[str, float]]) -> None:
    """Print log(time ratio) / log(size ratio) for each step up."""
    steps = list(pairwise(sizes))
    print(f"\n{'exponent of growth':34} " + " ".join(f"{a:>9,}-{b:,}" for a, b in steps))
    for name in found[-1]:
        if found[-1][name] < MEASURABLE:
            continue
        exponents = [
            math.log(big[name] / small[name]) / math.log(b / a)
            for (a, b), (small, big) in zip(steps, pairwise(found), strict=True)
        ]
        print(f"{name:34} " + " ".join(f"{each:18.2f}" for each in exponents))


if __name__ == "__main__":
    main()
