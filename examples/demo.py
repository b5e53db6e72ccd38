"""The main job on the embedded world: crawl, import, clean, score, report. No key, no network.

    make demo            (or: .venv/bin/python examples/demo.py --seed 7 --folder /tmp/demo)

A seeded world of news sites and platforms (YouTube, X, Instagram, Facebook) is served on loopback
and crawled for real over HTTP, though the platforms fail now and then. What the APIs are not asked
for comes from exports; what comes twice is counted once. All of it is cleaned, measured and ranked;
at the end stands how near the ranking comes to the one that was planted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from ccgcii import default_cities
from ccgcii.testing import ServedWorld, World, compare_orders


def ccgcii(folder: Path, *arguments: str) -> None:
    """Run one command of the study as a user would, and show it."""
    print(f"\n$ ccgcii {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", "ccgcii", "-c", str(folder), *arguments], check=True)


def main() -> None:
    """Make the world, run the five verbs over it, and compare with the truth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--folder", type=Path, default=Path("demo"))
    options = parser.parse_args()
    began = time.monotonic()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    world = World(seed=options.seed, cities=default_cities())
    with ServedWorld(world, faults=True) as served:
        served.write_study(options.folder)
        exports = served.write_exports(options.folder / "exports")
        ccgcii(options.folder, "crawl")
        for platform, failures in served.platforms.shown.items():
            told = ", ".join(f"{number} x {kind}" for kind, number in failures.items())
            print(f"{platform} failed on purpose and was survived: {told}")
    for export in exports:
        ccgcii(options.folder, "import", str(export.path), "--mapping", str(export.mapping))
    ccgcii(options.folder, "clean")
    ccgcii(options.folder, "score")
    ccgcii(options.folder, "report")
    found = json.loads(
        subprocess.run(
            [sys.executable, "-m", "ccgcii", "-c", str(options.folder), "report", "--json"],
            check=True,
            capture_output=True,
        ).stdout
    )
    order = [row["city"] for row in found["ranking"]]
    tau = compare_orders(order, world.planted_order)
    print(f"\nthe planted order came back with Kendall tau {tau:.3f} (1 is the same order)")
    print(f"{len(exports)} export files, {time.monotonic() - began:.0f} s in all")
    print(f"the study is in {options.folder}: try `ccgcii -c {options.folder} explain wuhan`")


if __name__ == "__main__":
    main()
