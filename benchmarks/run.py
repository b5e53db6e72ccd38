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
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
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
    """Return which Python measures, for one built without optimisations takes a fifth longer."""
    flags = str(sysconfig.get_config_var("CONFIG_ARGS"))
    build = "with" if "--enable-optimizations" in flags else "without"
    return f"Python {sys.version.split()[0]}, built {build} --enable-optimizations"


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
