"""The one object that every verb gets: settings, plugins, study and store, opened on first use."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ccgcii.catalogues import (
    default_accounts,
    default_cities,
    default_events,
    lay_outlets_over,
    lay_over,
    outlets,
    read_accounts,
    read_cities,
    read_events,
    read_outlets,
    told_outlets,
)
from ccgcii.cities import Study
from ccgcii.config import Settings, load_settings, locate_config
from ccgcii.interrupts import interrupts_held
from ccgcii.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine

    from ccgcii.catalogues import CityAccount, Event, Outlet
    from ccgcii.cities import City


class Workspace:
    """A study at work.

    Use it as a context manager: leaving it closes the store. `Workspace.open` reads ccgcii.toml,
    `Workspace(settings)` takes settings as they are (a script, a test). `folder` is that of
    ccgcii.toml, from which the paths in it are told.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        create: bool = False,
        disabled: Iterable[str] = (),
        files: Iterable[Path] = (),
        folder: Path | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder or Path.cwd()
        self._create = create
        self._disabled = (*settings.plugins.disabled, *disabled)
        self._files = (*settings.plugins.files, *files)

    @classmethod
    def open(
        cls,
        config: Path | None = None,
        *,
        create: bool = False,
        disabled: Iterable[str] = (),
        files: Iterable[Path] = (),
    ) -> Self:
        """Open the study of a ccgcii.toml (a file, its folder, or the nearest one above).

        `create` makes the store if it is missing; `disabled` and `files` add to `[plugins]`.
        """
        path = locate_config(config)
        settings, folder = load_settings(path), path.parent.resolve()
        return cls(settings, create=create, disabled=disabled, files=files, folder=folder)

    @cached_property
    def plugins(self) -> Plugins:
        """The plugins of this study."""
        return Plugins.load(self._disabled, self._files)

    def broken_plugins(self) -> dict[str, str]:
        """Return the plugins that broke so far, with the reason; loads none."""
        return self.plugins.broken() if "plugins" in vars(self) else {}

    def aside(
        self, settings: Settings, sources: Mapping[str, type[Any]], *, create: bool = False
    ) -> Workspace:
        """Return this study under other settings and with other sources, for a crawl of its own."""
        other = Workspace(settings, create=create, folder=self.folder)
        other.plugins = _WithSources(self.plugins, sources)  # type: ignore[assignment]
        return other

    @cached_property
    def study(self) -> Study:
        """What is studied, and when."""
        study = self.settings.study
        days = study.since.isoformat(), study.until.isoformat()
        return Study(study.name, *days, self._cities, self.outlets)

    @cached_property
    def _cities(self) -> tuple[City, ...]:
        path = self.settings.study.cities
        return default_cities() if path is None else read_cities(path)

    @cached_property
    def outlets(self) -> dict[str, Outlet]:
        """The catalogue by domain: what ships, the study's file over it, then its `[outlets]`."""
        path, tables = self.settings.study.outlets, self.settings.outlets
        ours = {} if self._begins_empty("outlets") else outlets()
        theirs = () if path is None else read_outlets(path, self._cities).values()
        catalogue = lay_outlets_over(ours, theirs) if theirs else ours
        if not tables:
            return catalogue
        told = {name: table.model_dump(exclude_unset=True) for name, table in tables.items()}
        return told_outlets(catalogue, told)

    @cached_property
    def accounts(self) -> tuple[CityAccount, ...]:
        """The cities' own accounts: the study's file after what ships, of the study's cities."""
        keys = {city.key for city in self.study.cities}
        shipped = () if self._begins_empty("accounts") else default_accounts()
        ours = tuple(account for account in shipped if account.city in keys)
        path = self.settings.study.accounts
        return ours if path is None else ours + read_accounts(path, self.study.cities)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events of the study by first day, its own file over what ships."""
        path = self.settings.study.events
        ours = () if self._begins_empty("events") else default_events()
        return ours if path is None else lay_over(ours, read_events(path))

    def _begins_empty(self, name: str) -> bool:
        return name in self.settings.study.from_scratch

    @cached_property
    def engine(self) -> Engine:
        """The store, open, its lists filled."""
        from ccgcii.leave import mark_withheld  # noqa: PLC0415 - sqlmodel takes 0.3 s
        from ccgcii.store import fill_lists, open_store  # noqa: PLC0415

        engine = open_store(self.settings, create=self._create)
        fill_lists(engine, self.study.cities, self.outlets, self.events)
        mark_withheld(engine, self.settings.sources)
        return engine

    def start_run(self, kind: str, arguments: Mapping[str, Any]) -> int:
        """Write that a run begins; return its id."""
        from ccgcii import runs  # noqa: PLC0415 - sqlmodel takes 0.3 s

        return runs.start_run(self.engine, self.plugins, kind, arguments)

    def finish_run(
        self, run_id: int, state: str = "done", summary: Mapping[str, Any] | None = None
    ) -> list[str]:
        """Write how a run ended (done, stopped or failed) and tell the plugins.

        Returns what went wrong in telling: errors of listeners are never fatal.
        """
        from ccgcii import runs  # noqa: PLC0415 - sqlmodel takes 0.3 s

        return self.plugins.finished(runs.finish_run(self.engine, run_id, state, summary or {}))

    def __enter__(self) -> Self:
        """Give the workspace; the store opens when it is first used."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store if it was opened."""
        if "engine" in self.__dict__:
            with interrupts_held():
                self.engine.dispose()


class _WithSources:
    """The plugins of a study with other sources in the place of theirs."""

    def __init__(self, plugins: Plugins, sources: Mapping[str, type[Any]]) -> None:
        self._plugins, self._sources = plugins, dict(sources)

    def sources(self) -> dict[str, type[Any]]:
        return self._sources

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plugins, name)
