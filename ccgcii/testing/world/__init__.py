"""A synthetic world with a known truth, to crawl, clean, measure and score for real.

    world = World(seed=2020)
    with LoopbackServer(world.answer) as server:
        world.write_config(folder, server.port)
        world.write_exports(folder / "exports")

Everything in it is our own invention: sites, texts, posts and events; only the cities are real,
and what is said of them is not.
"""

from __future__ import annotations

from ccgcii.testing.world.events import PlantedEvent
from ccgcii.testing.world.exports import Export
from ccgcii.testing.world.posts import Post
from ccgcii.testing.world.stories import Story
from ccgcii.testing.world.traps import Trap
from ccgcii.testing.world.worlds import CityTruth, World

__all__ = ["CityTruth", "Export", "PlantedEvent", "Post", "Story", "Trap", "World"]
