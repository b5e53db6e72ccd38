"""A whole synthetic world: cities, sites, stories, posts, events, and the truth about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.catalogues import default_cities
from ccgcii.errors import ConfigError
from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.world.configs import write_config
from ccgcii.testing.world.events import PlantedEvent, planted_events
from ccgcii.testing.world.exports import Export, write_exports
from ccgcii.testing.world.latents import plant
from ccgcii.testing.world.newsroom import write_stories
from ccgcii.testing.world.posts import write_posts
from ccgcii.testing.world.sites import SITES
from ccgcii.testing.world.traps import (
    CALENDAR_SITE,
    Trap,
    calendar_page,
    set_traps,
    traps_of_stories,
)
from ccgcii.testing.world.web import weave

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccgcii.cities import City
    from ccgcii.testing.world.platforms import Platforms
    from ccgcii.testing.world.resources import Resource


@dataclass(frozen=True, slots=True)
class CityTruth:
    """What was planted for a city, and what a perfect study of the window counts.

    `rank` 1 is the highest planted `index` (0-100); the four dimensions are latents in 0-1.
    `articles` counts kept articles that name it, `posts` its posts without shares, `shares` its
    shared posts.
    """

    rank: int
    index: float
    penetration: float
    breadth: float
    dynamism: float
    responsiveness: float
    articles: int
    posts: int
    shares: int


class World:
    """A world that is the same for the same seed, cities and sizes.

    `stories` and `posts` hold everything written, each with what is true of it; `truth` has a
    line for each city key, `planted_order` the keys, strongest first; `traps` says for each
    `host/path` what must become of it. Serve it with `LoopbackServer(world.answer)`.
    """

    def __init__(
        self,
        seed: int = 2020,
        *,
        cities: Sequence[City] | int = 100,
        articles: int = 1200,
        posts: int = 4000,
    ) -> None:
        """Make the world; a number of cities means the first of those that ship with ccgcii."""
        chosen = default_cities()[:cities] if isinstance(cities, int) else tuple(cities)
        if not chosen:
            raise ConfigError("a world needs at least one city: give `cities`")
        self.seed = seed
        self.cities: tuple[City, ...] = tuple(chosen)
        self.latents = plant(seed, self.cities)
        self.sites = SITES
        self.events: tuple[PlantedEvent, ...] = planted_events()
        self.stories = write_stories(seed, self.latents, articles)
        self.posts = write_posts(seed, self.latents, posts)
        self.traps: dict[str, Trap] = self._traps()
        self._web: dict[tuple[str, str], Resource] = weave(self.stories)
        self._replies: dict[tuple[str, str, str], Reply] = {}

    @property
    def planted_order(self) -> tuple[str, ...]:
        """The keys of the cities by planted index, strongest first."""
        return tuple(latent.city.key for latent in self.latents)

    @property
    def truth(self) -> dict[str, CityTruth]:
        """What is true of each city, strongest first."""
        articles = Counter(
            key for story in self.stories if story.fate == "kept" for key in story.cities
        )
        posts = Counter(key for p in self.posts if not p.is_share for key in p.cities)
        shares = Counter(key for p in self.posts if p.is_share for key in p.cities)
        return {
            latent.city.key: CityTruth(
                rank=rank,
                index=latent.index,
                penetration=latent.penetration,
                breadth=latent.breadth,
                dynamism=latent.dynamism,
                responsiveness=latent.responsiveness,
                articles=articles[latent.city.key],
                posts=posts[latent.city.key],
                shares=shares[latent.city.key],
            )
            for rank, latent in enumerate(self.latents, 1)
        }

    def paths(self) -> tuple[tuple[str, str], ...]:
        """Return every (host, path) there is; the calendar has more, without end."""
        return tuple(self._web)

    def answer(self, ask: Ask) -> Reply:
        """Answer a request as the site named by its Host header."""
        _, colon, port = ask.headers.get("host", "").partition(":")
        found = self._find(ask.host, ask.path)
        if found is None:
            return Reply(b"<html><title>404 Not Found</title><p>Not Found</p></html>", 404)
        path, resource = found
        key = (ask.host, path, colon + port)
        if key not in self._replies:
            self._replies[key] = resource.reply(colon + port)
        return self._replies[key]

    def write_exports(self, folder: Path) -> tuple[Export, ...]:
        """Write the posts as exports of the platforms; returns what lies in each file."""
        return write_exports(self.seed, self.posts, folder)

    def write_config(self, folder: Path, port: int, *, platforms: Platforms | None = None) -> Path:
        """Write a ccgcii.toml, with outlets and events beside it, for this world on that port.

        With `platforms` the study crawls those too.
        """
        cities = None if self._has_our_cities() else self.cities
        return write_config(folder, port, cities, platforms)

    def _find(self, host: str, path: str) -> tuple[str, Resource] | None:
        for candidate in (path, path.partition("?")[0]):
            resource = self._web.get((host, candidate))
            if resource is None and host == CALENDAR_SITE:
                resource = calendar_page(candidate)
            if resource is not None:
                return candidate, resource
        return None

    def _traps(self) -> dict[str, Trap]:
        pages = [each.trap for each in set_traps(self.stories)]
        every = [*pages, *traps_of_stories(self.stories)]
        return {trap.host + trap.path: trap for trap in every}

    def _has_our_cities(self) -> bool:
        return self.cities == default_cities()
