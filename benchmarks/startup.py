"""How long `ccgcii --help` takes, beside an empty Python and one that imports scrapy and pandas.

.venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 9
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import ccgcii": ["-c", "import ccgcii"],
    "ccgcii --help": ["-m", "ccgcii", "--help"],
    "import scrapy, pandas, sqlmodel": ["-c", "import scrapy, pandas, sqlmodel"],
}


def seconds(arguments: list[str]) -> float:
    """Return the median time of a fresh interpreter with these arguments."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    """Print a line a command."""
    empty = seconds(COMMANDS["python -c pass"])
    for name, arguments in COMMANDS.items():
        took = seconds(arguments)
        print(f"{name:32} {took:6.3f} s   {took / empty:5.1f} x an empty Python")


if __name__ == "__main__":
    main()
