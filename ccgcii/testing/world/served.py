"""The world on loopback, whole: news sites and platforms on one port, and a study of them.

    with ServedWorld(World(seed=2020)) as served:
        served.write_study(folder)
        subprocess.run(["ccgcii", "-c", folder, "crawl"])

The demo, the kill test and `python -m ccgcii.testing.world serve` all use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from ccgcii.testing.loopback import LoopbackServer
from ccgcii.testing.world.archives import tables, write_archives
from ccgcii.testing.world.exports import Export, write_exports
from ccgcii.testing.world.platforms import Platforms, environment, exported

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ccgcii.testing.http import Ask, Reply
    from ccgcii.testing.world.worlds import World


class ServedWorld:
    """A world with its platforms, answering from `with` to its end; `hits` are what was asked for.

    `faults` lets the platforms fail a few times. Raises `ConfigError` saying what to install if the
    fake YouTube has no description of its API to go by.
    """

    def __init__(
        self, world: World, *, port: int = 0, latency: float = 0.0, faults: bool = False
    ) -> None:
        self.world = world
        self.platforms = Platforms(world.posts)
        if faults:
            self.platforms.misbehave()
        self._port, self._latency = port, latency
        self._server: LoopbackServer | None = None

    @property
    def server(self) -> LoopbackServer:
        """The server of all of it."""
        if self._server is None:
            raise RuntimeError("the world is not served: use it in a `with` statement")
        return self._server

    @property
    def port(self) -> int:
        """The port that all of it is on."""
        return self.server.port

    @property
    def hits(self) -> list[tuple[str, str]]:
        """Every (host, path) asked for so far."""
        return self.server.hits

    def answer(self, ask: Ask) -> Reply:
        """Answer as the site or platform that the Host header names."""
        return self.platforms.answers.get(ask.host, self.world.answer)(ask)

    def write_study(self, folder: Path, *, archives: bool = False) -> Path:
        """Write ccgcii.toml, its lists and a `.env` with the keys of the fakes.

        With `archives` a part of the pages lies in WARC and GKG files as well, and is read there.
        """
        config = self.world.write_config(folder, self.port, platforms=self.platforms)
        if archives:
            write_archives(self.world, folder / "archives", self.port)
            with config.open("a", encoding="utf-8") as file:
                file.write(tables(folder))
        (folder / ".env").write_text(environment(), encoding="utf-8")
        return config

    def write_exports(self, folder: Path) -> tuple[Export, ...]:
        """Write what the study gets from exports: posts of accounts that no API is asked for."""
        return write_exports(self.world.seed, exported(self.world.posts), folder)

    def __enter__(self) -> Self:
        self._server = LoopbackServer(self.answer, port=self._port, latency=self._latency)
        self._server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.__exit__(kind, error, trace)
