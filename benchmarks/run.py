"""Every benchmark, one after the other: each compares with a peer or a limit in the same run.

make bench
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BENCHMARKS = ("startup", "feeds", "prefilter", "crawl", "scale", "uncertainty")


def main() -> None:
    """Run them all; the exit code is 1 if one of them failed."""
    failed = []
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
