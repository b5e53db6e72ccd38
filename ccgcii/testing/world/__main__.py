"""Serve the world for people and programs to look at.

`python -m ccgcii.testing.world serve --seed 2020 --port 8000`
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccgcii.testing.loopback import wait_for_interrupt
from ccgcii.testing.world.served import ServedWorld
from ccgcii.testing.world.worlds import World


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m ccgcii.testing.world")
    command = parser.add_subparsers(dest="command", required=True)
    serve = command.add_parser("serve", help="serve the world's sites and platforms on loopback")
    serve.add_argument("--seed", type=int, default=2020)
    serve.add_argument("--port", type=int, default=8000, help="0 is any free one")
    serve.add_argument("--articles", type=int, default=1200)
    serve.add_argument("--posts", type=int, default=4000)
    serve.add_argument("--faults", action="store_true", help="let the platforms fail a few times")
    serve.add_argument("--archives", action="store_true", help="write WARC and GKG files too")
    serve.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    serve.add_argument("--config", type=Path, help="folder to write a study of the world into")
    options = parser.parse_args()
    world = World(options.seed, articles=options.articles, posts=options.posts)
    served = ServedWorld(world, port=options.port, latency=options.latency, faults=options.faults)
    with served:
        if options.config:
            served.write_study(options.config, archives=options.archives)
            served.write_exports(options.config / "exports")
        for site in world.sites:
            sys.stderr.write(f"  {served.server.url(site.domain)}  {site.name}\n")
        for host in served.platforms.answers:
            sys.stderr.write(f"  {served.server.url(host)}\n")
        wait_for_interrupt(served.server)


if __name__ == "__main__":
    main()
