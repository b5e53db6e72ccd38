"""Peak memory of all processes of `ccgcii clean` over some posts, and over ten times as many.

    .venv/bin/python benchmarks/memory.py [SIZE ...]

The posts are those of many embedded worlds, all of one year, each with addresses of its own: ten
times as many stand ten times as close in time. `make bench` takes the sizes below; 100000 1000000
takes ten minutes. Memory is the proportional set size (shared pages count once), sampled twice a
second.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil
from processors import processor_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii.config import Settings
    from ccgcii.testing.world.posts import Post

SIZES = (20_000, 200_000)
AT_ONCE = 50_000
# How much more memory ten times as many documents may take.
MORE = 1.25


class Watch:
    """The peak memory of this process and its workers, in megabytes, by stage."""

    def __init__(self) -> None:
        self.peaks: dict[str, float] = {}
        self.stage = "cleaning"
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.5):
            total = 0.0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss / 1e6
                except psutil.Error:
                    continue  # it has just ended
            self.peaks[self.stage] = max(self.peaks.get(self.stage, 0.0), total)


def posts(size: int) -> Iterator[list[Post]]:
    """Yield posts, a world at a time."""
    from ccgcii.testing import World  # noqa: PLC0415 - not in workers

    for seed in range(-(-size // AT_ONCE)):
        written = World(seed, articles=10, posts=AT_ONCE).posts[
            : min(AT_ONCE, size - seed * AT_ONCE)
        ]
        yield [replace(p, id=f"{seed}-{p.id}", url=f"{p.url}-{seed}") for p in written]


def settings_of(folder: Path) -> Settings:
    """Return the settings of a study in a folder."""
    from ccgcii.config import Settings  # noqa: PLC0415 - not in workers

    return Settings(
        store={"url": f"sqlite:///{folder}/store.db", "archive": folder / "archive"},
        execution={"workers": 2},
    )


def fill(folder: Path, size: int) -> None:
    """Put posts into a new study."""
    from ccgcii.workspace import Workspace  # noqa: PLC0415 - not in workers
    from cleaning import add_posts  # noqa: PLC0415

    with Workspace(settings_of(folder), create=True) as workspace:
        for batch in posts(size):
            add_posts(workspace, batch)


def measure(size: int) -> float:
    """Clean so many posts, print the peaks, and return the highest in megabytes."""
    from ccgcii.cleaning import runs  # noqa: PLC0415
    from ccgcii.workspace import Workspace  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        # What writes the posts needs memory of its own.
        filling = get_context("spawn").Process(target=fill, args=(Path(folder), size))
        filling.start()
        filling.join()
        with Workspace(settings_of(Path(folder))) as workspace:
            began, busy = time.perf_counter(), processor_time()
            with Watch() as watch:

                def progress(done: int, total: int) -> None:
                    watch.stage = "cleaning" if done < total else "twins, crowds, stories"
                    if done // 100_000 != (done - 2_000) // 100_000:
                        took = time.perf_counter() - began
                        print(f"  {done:,} in {took:.0f} s, peaks {watch.peaks}", flush=True)

                summary = runs.clean(workspace, progress=progress)
            took, used = time.perf_counter() - began, processor_time() - busy
    peaks = ", ".join(f"{stage} {peak:.0f} MB" for stage, peak in watch.peaks.items())
    print(f"{size:,} posts, {summary.kept:,} kept: {peaks}; {took:.0f} s, {used:.0f} of processors")
    return max(watch.peaks.values())


def main() -> None:
    """Measure every size, and the last against the first."""
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    highest = [measure(size) for size in sizes]
    print(
        f"memory of {sizes[-1]:,} posts / of {sizes[0]:,}: {highest[-1] / highest[0]:.2f} "
        f"(aim: {MORE})"
    )


if __name__ == "__main__":
    main()
