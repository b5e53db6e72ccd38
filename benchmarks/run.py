"""Every benchmark, one after the other: each compares with a peer or a limit in the same run.

make bench

At the end stands one table of all figures that have an aim. A figure by processor time says the
same on a busy machine; one by the clock is only worth what the load beside it allows.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import timeit
from pathlib import Path

HERE = Path(__file__).parent
NUMBERS = "numbers = range(10_000)"
BENCHMARKS = (
    "startup",
    "feeds",
    "prefilter",
    "cleaning",
    "memory",
    "crawl",
    "scale",
    "uncertainty",
)
# "what: figure (aim: figure)", as a benchmark prints what it is measured by.
_AIMED = re.compile(r"^(.*): (.*) \(aim: (.*)\)$")


def main() -> None:
    """Run them all; the exit code is 1 if one of them failed."""
    failed = []
    aimed: list[tuple[str, str, str, str]] = []
    for name in BENCHMARKS:
        print(f"\n== {name} ({load()})", flush=True)
        process = subprocess.Popen(
            [sys.executable, "-u", HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True
        )
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if found := _AIMED.match(line.strip()):
                what, figure, aim = found.groups()
                aimed.append((name, what, figure, aim))
        if process.wait():
            failed.append(name)
    print_table(aimed)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def interpreter() -> str:
    """Return which Python measures, and how fast it is: builds differ by a third."""
    seconds = min(timeit.repeat("for i in numbers: x = str(i)", NUMBERS, number=20, repeat=5))
    each = seconds / 20 / 10_000 * 1e9
    return f"Python {sys.version.split()[0]}, {each:.0f} ns to turn a number into a string"


def load() -> str:
    """Return how many processes want a processor, and how many processors there are."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def print_table(aimed: list[tuple[str, str, str, str]]) -> None:
    """Print what has an aim beside its aim."""
    print(f"\n== what has an aim ({load()}; {interpreter()})")
    for benchmark, what, figure, aim in aimed:
        print(f"{benchmark:10} {what:62} {figure:34} aim {aim}")


if __name__ == "__main__":
    main()
