"""A synthetic world with a known truth, to crawl, clean, measure and score for real.

    with ServedWorld(World(seed=2020)) as served:
        served.write_study(folder)
        served.write_exports(folder / "exports")

That is all of it: news sites, YouTube, X, Instagram and Facebook. For the sites alone, which need
no keys, `LoopbackServer(world.answer)` and `world.write_config(folder, server.port)` do.

Everything in it is our own invention: sites, texts, posts and events; only the cities are real,
and what is said of them is not.
"""

from __future__ import annotations

from ccgcii.testing.world.events import PlantedEvent
from ccgcii.testing.world.exports import Export
from ccgcii.testing.world.posts import Post
from ccgcii.testing.world.served import ServedWorld
from ccgcii.testing.world.stories import Story
from ccgcii.testing.world.traps import Trap
from ccgcii.testing.world.worlds import CityTruth, World

__all__ = ["CityTruth", "Export", "PlantedEvent", "Post", "ServedWorld", "Story", "Trap", "World"]
