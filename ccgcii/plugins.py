"""Finding plugins, loading them one by one, and collecting what they bring.

A plugin that cannot be imported, misspells a hook, returns the wrong thing or raises is shown as
broken with its reason and costs only itself. What keeps a plugin out (`CCGCII_PLUGINS`,
`--no-plugin`, `[plugins] disabled`) acts before anything of it is imported.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from ccgcii import hookspecs
from ccgcii.errors import PluginError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

    from ccgcii.cities import Study
    from ccgcii.crawling.bulk.sources import BulkSource
    from ccgcii.crawling.sources import Source
    from ccgcii.documents import Filter, TwinFilter
    from ccgcii.indicators import Indicator
    from ccgcii.methods import Method
    from ccgcii.readers import Reader
    from ccgcii.reports import ReportWriter

GROUP = "ccgcii"


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """A plugin as `ccgcii plugins` shows it: `status` is ok, disabled or broken (with `reason`)."""

    name: str
    distribution: str
    version: str
    brings: tuple[str, ...]
    status: str
    reason: str = ""


@dataclass(slots=True)
class _Found:
    name: str
    distribution: str
    version: str
    load: Callable[[], ModuleType]
    status: str = "ok"
    reason: str = ""
    brings: list[str] = field(default_factory=list)


class Plugins:
    """The plugins of this run, behind one method a hook."""

    def __init__(
        self,
        found: Sequence[_Found],
        manager: pluggy.PluginManager,
        arguments: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._found = {plugin.name: plugin for plugin in found}
        self._manager = manager
        self._arguments = dict(arguments)

    @classmethod
    def load(cls, disabled: Iterable[str] = (), files: Iterable[Path | str] = ()) -> Plugins:
        """Load every installed plugin and the single files, except the disabled ones."""
        arguments = {
            "disabled": tuple(disabled),
            "files": tuple(str(Path(file).resolve()) for file in files),
        }
        found = [*_installed(), *(_single_file(Path(file)) for file in arguments["files"])]
        _refuse_namesakes(found)
        _check_names(arguments["disabled"], found)
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        for plugin in found:
            if _is_kept_out(plugin.name, arguments["disabled"]):
                plugin.status = "disabled"
            else:
                _register(plugin, manager)
        return cls(found, manager, arguments)

    def arguments(self) -> dict[str, tuple[str, ...]]:
        """Return what `Plugins.load` needs to do the same again in another process."""
        return self._arguments

    def sources(self) -> dict[str, type[Source | BulkSource]]:
        """Return what can be crawled, by name: sources of the web and of files."""
        return self._named("ccgcii_sources", _check_source, wanted=_is_source)

    def readers(self) -> dict[str, Reader]:
        """Return the file formats by name."""
        return self._named("ccgcii_sources", _check_source, wanted=_is_reader)

    def filters(self, study: Study) -> list[Filter | TwinFilter]:
        """Return the cleaning filters in the order in which they run."""
        named = self._named("ccgcii_filters", _check_filter, study=study)
        return sorted(named.values(), key=lambda thing: (thing.layer, thing.name))

    def indicators(self) -> list[Indicator]:
        """Return the indicators ordered by id."""
        named = self._named("ccgcii_indicators", _check_indicator, name="id")
        return [named[key] for key in sorted(named)]

    def methods(self) -> dict[tuple[str, str], Method]:
        """Return the steps of scoring by (kind, name)."""
        methods: dict[tuple[str, str], Method] = {}
        owners: dict[tuple[str, str], str] = {}
        for owner, method in self._collect("ccgcii_methods", _check_method):
            key = (method.kind, method.name)
            _refuse_twice(f"{method.kind} {method.name!r}", owner, owners.setdefault(key, owner))
            if key in methods:
                raise PluginError(f"plugin {owner!r} gives {method.kind} {method.name!r} twice")
            methods[key] = method
        return methods

    def reports(self) -> dict[str, ReportWriter]:
        """Return the report writers by name."""
        return self._named("ccgcii_reports", _check_report)

    def finished(self, run: Any) -> list[str]:
        """Tell everyone that a run is over; return what went wrong in telling."""
        problems = []
        for implementation in self._manager.hook.ccgcii_run_finished.get_hookimpls():
            try:
                implementation.function(*_arguments_for(implementation, {"run": run}))
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises costs only itself
                problems.append(f"plugin {implementation.plugin_name!r}: {_reason(error)}")
        return problems

    def versions(self) -> dict[str, str]:
        """Return name and version of the distributions that plugins come from."""
        return {
            plugin.distribution: plugin.version
            for plugin in self._found.values()
            if plugin.status == "ok" and plugin.version
        }

    def broken(self) -> dict[str, str]:
        """Return the plugins that broke so far, with the reason."""
        return {
            name: plugin.reason for name, plugin in self._found.items() if plugin.status == "broken"
        }

    def statuses(self, study: Study | None = None) -> list[PluginStatus]:
        """Return every plugin found with what it brings and how it fares.

        All hooks are called, so that a plugin that breaks only when asked is shown as well.
        """
        self._ask_everything(study)
        return [
            PluginStatus(
                plugin.name,
                plugin.distribution,
                plugin.version,
                tuple(dict.fromkeys(plugin.brings)),
                plugin.status,
                plugin.reason,
            )
            for plugin in sorted(self._found.values(), key=lambda plugin: plugin.name)
        ]

    def _ask_everything(self, study: Study | None) -> None:
        for plugin in self._found.values():
            plugin.brings.clear()
        things: list[tuple[str, str, Any]] = [
            ("ccgcii_sources", "source", _check_source),
            ("ccgcii_filters", "filter", _check_filter),
            ("ccgcii_indicators", "indicator", _check_indicator),
            ("ccgcii_methods", "method", _check_method),
            ("ccgcii_reports", "report", _check_report),
        ]
        for hook, kind, check in things:
            for owner, thing in self._collect(hook, check, study=study or _any_study()):
                label = thing.id if kind == "indicator" else thing.name
                self._found[owner].brings.append(f"{kind} {label}")

    def _named(
        self,
        hook: str,
        check: Any,
        name: str = "name",
        wanted: Callable[[Any], bool] = bool,
        **given: Any,
    ) -> dict[str, Any]:
        things: dict[str, Any] = {}
        owners: dict[str, str] = {}
        for owner, thing in self._collect(hook, check, **given):
            if not wanted(thing):
                continue
            label = getattr(thing, name)
            what = f"{hook.removeprefix('ccgcii_').removesuffix('s')} {label!r}"
            if label in things:
                _refuse_twice(what, owner, owners[label])
                raise PluginError(f"plugin {owner!r} gives {what} twice; rename one")
            things[label], owners[label] = thing, owner
        return things

    def _collect(self, hook: str, check: Any, **given: Any) -> list[tuple[str, Any]]:
        collected: list[tuple[str, Any]] = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            owner = implementation.plugin_name
            try:
                things = list(implementation.function(*_arguments_for(implementation, given)))
                for thing in things:
                    check(thing)
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises costs only itself
                self._break(owner, f"{hook}: {_reason(error)}")
                continue
            collected.extend((owner, thing) for thing in things)
        return sorted(collected, key=lambda pair: pair[0])

    def _break(self, owner: str, reason: str) -> None:
        if os.environ.get("CCGCII_STRICT_PLUGINS") == "1":
            raise PluginError(f"plugin {owner!r}: {reason}")
        plugin = self._found[owner]
        plugin.status, plugin.reason = "broken", reason


def _installed() -> list[_Found]:
    return [
        _Found(
            name=entry.name,
            distribution=entry.dist.name if entry.dist else "?",
            version=entry.dist.version if entry.dist else "?",
            load=entry.load,
        )
        for entry in sorted(metadata.entry_points(group=GROUP), key=lambda entry: entry.name)
    ]


def _single_file(path: Path) -> _Found:
    def load() -> ModuleType:
        # A file that vanished or is no Python is this plugin's own trouble, like any import error.
        if not path.is_file():
            raise PluginError(f"{path}: no such file")
        spec = util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise PluginError(f"{path}: not a Python file; its name ends in .py")
        module = util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        return module

    return _Found(name=path.stem, distribution=str(path), version="", load=load)


def _register(plugin: _Found, manager: pluggy.PluginManager) -> None:
    try:
        module = plugin.load()
        manager.register(module, name=plugin.name)
        _refuse_unknown_hooks(plugin.name, manager)
    except Exception as error:
        if os.environ.get("CCGCII_STRICT_PLUGINS") == "1":
            raise PluginError(f"plugin {plugin.name!r}: {_reason(error)}") from error
        if manager.has_plugin(plugin.name):
            manager.unregister(name=plugin.name)
        plugin.status, plugin.reason = "broken", _reason(error)


def _refuse_unknown_hooks(name: str, manager: pluggy.PluginManager) -> None:
    known = {hook for hook in vars(hookspecs) if hook.startswith("ccgcii_")}
    for caller in manager.get_hookcallers(manager.get_plugin(name)) or []:
        if not caller.has_spec():
            raise PluginError(f"unknown hook {caller.name!r}{suggest(caller.name, known)}")


def _arguments_for(implementation: pluggy.HookImpl, given: Mapping[str, Any]) -> list[Any]:
    return [given[name] for name in implementation.argnames]


def _is_kept_out(name: str, disabled: tuple[str, ...]) -> bool:
    allowed = os.environ.get("CCGCII_PLUGINS")
    listed = None if allowed is None else {word.strip() for word in allowed.split(",")}
    return name in disabled or (listed is not None and name not in listed)


def _check_names(disabled: tuple[str, ...], found: Sequence[_Found]) -> None:
    names = [plugin.name for plugin in found]
    for word in disabled:
        if word not in names:
            raise PluginError(f"no plugin {word!r} to leave out{suggest(word, names)}")
    for word in filter(None, os.environ.get("CCGCII_PLUGINS", "").split(",")):
        if word.strip() not in names:
            raise PluginError(f"CCGCII_PLUGINS: no plugin {word!r}{suggest(word, names)}")


def _refuse_namesakes(found: Sequence[_Found]) -> None:
    owners: dict[str, str] = {}
    for plugin in found:
        if plugin.name in owners:
            raise PluginError(
                f"two plugins are called {plugin.name!r}: one of {owners[plugin.name]}, "
                f"one of {plugin.distribution}; uninstall or rename one"
            )
        owners[plugin.name] = plugin.distribution


def _refuse_twice(what: str, owner: str, first: str) -> None:
    if owner != first:
        raise PluginError(
            f"plugins {first!r} and {owner!r} both give {what}; "
            f"leave one out with --no-plugin {owner}"
        )


def _reason(error: BaseException) -> str:
    if isinstance(error, PluginError):
        return str(error)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen") and frame.filename != __file__
    ]
    last = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{last}"


def _any_study() -> Study:
    from ccgcii.catalogues import default_cities  # noqa: PLC0415 - only `ccgcii plugins` needs it
    from ccgcii.cities import Study  # noqa: PLC0415

    return Study("any", "2020-01-01", "2020-12-31", default_cities())


def _is_source(thing: Any) -> bool:
    return isinstance(thing, type)


def _is_reader(thing: Any) -> bool:
    # A platform's API and its export may share a name: one is crawled, the other imported.
    return not isinstance(thing, type)


def _check_source(thing: Any) -> None:
    if isinstance(thing, type):
        if not isinstance(getattr(thing, "name", None), str) or not hasattr(thing, "slices"):
            raise PluginError(f"{thing!r} is not a Source: it needs a `name` and `slices`")
    elif not (hasattr(thing, "matches") and hasattr(thing, "read") and hasattr(thing, "name")):
        raise PluginError(f"{thing!r} is neither a Source class nor a Reader object")


def _check_filter(thing: Any) -> None:
    if not (hasattr(thing, "clean") or hasattr(thing, "key")) or isinstance(thing, type):
        raise PluginError(f"{thing!r} is not a filter: give an object with `clean` or `key`")
    if getattr(thing, "layer", None) not in (1, 2, 3, 4, 5):
        raise PluginError(f"filter {thing!r}: `layer` must be 1 to 5")
    if not isinstance(getattr(thing, "name", None), str):
        raise PluginError(f"filter {thing!r} has no `name`")


def _check_indicator(thing: Any) -> None:
    from ccgcii.indicators import Indicator  # noqa: PLC0415 - loaded when first needed

    if not isinstance(thing, Indicator):
        raise PluginError(f"{thing!r} is not an Indicator: decorate it with @indicator(...)")


def _check_method(thing: Any) -> None:
    from ccgcii.methods import KINDS, Method  # noqa: PLC0415 - loaded when first needed

    if not isinstance(thing, Method):
        raise PluginError(f"{thing!r} is not a Method")
    if thing.kind not in KINDS:
        raise PluginError(f"method {thing.name!r}: unknown kind {thing.kind!r}")


def _check_report(thing: Any) -> None:
    if not (hasattr(thing, "write") and hasattr(thing, "suffix") and hasattr(thing, "name")):
        raise PluginError(f"{thing!r} is not a report writer")
