"""The five layers as one object: filters in order, each passes a document on or drops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ccgcii.documents import LAYERS, Document, Drop, Verdict
from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccgcii.cities import Study
    from ccgcii.documents import CrowdFilter, Filter, NearTwinFilter, TwinFilter
    from ccgcii.plugins import Plugins

AnyFilter: TypeAlias = "Filter | TwinFilter | NearTwinFilter | CrowdFilter"
Options: TypeAlias = Mapping[str, Mapping[str, Any]]
T = TypeVar("T")
# What a filter returns. A tuple, for `Document | Drop` is made anew for each document.
_EITHER = (Document, Drop)
_EITHER_SET = frozenset(_EITHER)
ENABLED = "enabled"


class Pipeline:
    """Filters ordered by (layer, name).

    Those of one document judge it here; those of many (`twins`, `near`, `crowds`) only give keys
    and sketches, and the store compares them.
    """

    def __init__(self, filters: Sequence[AnyFilter]) -> None:
        ordered = sorted(filters, key=lambda thing: (thing.layer, thing.name))
        self.filters: tuple[AnyFilter, ...] = tuple(ordered)
        self._cleaners: list[Any] = [thing for thing in ordered if hasattr(thing, "clean")]
        keyed: list[Any] = [thing for thing in ordered if not hasattr(thing, "clean")]
        self._keyed = keyed
        self.crowds: list[CrowdFilter] = [thing for thing in keyed if hasattr(thing, "judge")]
        self.near: NearTwinFilter | None = _only([t for t in keyed if hasattr(t, "sketch")])
        self.twins: list[TwinFilter] = [
            thing for thing in keyed if not hasattr(thing, "judge") and thing is not self.near
        ]

    @classmethod
    def build(cls, study: Study, plugins: Plugins, options: Options) -> Pipeline:
        """Take the plugins' filters, set up by `[filters.NAME]` of ccgcii.toml.

        Raises `ConfigError` for a filter or an option that does not exist.
        """
        return cls(configured(plugins.filters(study), options))

    def judge(
        self,
        document: Document,
        problems: list[tuple[str, str]] | None = None,
        since: int = 1,
    ) -> Document | Verdict:
        """Return the document as the layers from `since` on leave it, or where and why it stopped.

        A filter that raises is passed over for this document and noted in `problems` as (filter,
        reason): a broken plugin costs itself, not the study's documents.
        """
        for thing in self._cleaners:
            if thing.layer < since:
                continue
            result = _applied(thing, document, problems)
            if result is document:
                continue
            if isinstance(result, Drop):
                return Verdict(thing.layer, thing.name, result.reason, document)
            document = result
        return document

    def judge_all(
        self,
        documents: Sequence[Document],
        problems: Sequence[list[tuple[str, str]]],
        since: Sequence[int],
    ) -> list[Document | Verdict]:
        """Judge many documents, filter by filter; each has its problems and its first layer."""
        judged: list[Any] = list(documents)
        places, passed = list(range(len(judged))), list(documents)
        latest = max(since, default=1)
        for thing in self._cleaners:
            if thing.layer < latest:
                results = [
                    _all_applied(thing, [document], [problems[at]])[0]
                    if since[at] <= thing.layer
                    else document
                    for at, document in zip(places, passed, strict=True)
                ]
            else:
                results = _all_applied(thing, passed, [problems[at] for at in places])
            if Drop not in map(type, results):
                passed = results
                continue
            left = []
            for at, document, result in zip(places, passed, results, strict=True):
                if isinstance(result, Drop):
                    judged[at] = Verdict(thing.layer, thing.name, result.reason, document)
                else:
                    left.append((at, result))
            places, passed = [at for at, _ in left], [document for _, document in left]
        for at, document in zip(places, passed, strict=True):
            judged[at] = document
        return judged

    def steps(
        self, document: Document, problems: list[tuple[str, str]] | None = None
    ) -> tuple[Document, tuple[Verdict, ...]]:
        """Take a document through every filter, also past those that would drop it.

        Return what was learnt, and every verdict in order; `problems` as for `judge`.
        """
        verdicts = []
        for thing in self._cleaners:
            result = _applied(thing, document, problems)
            if isinstance(result, Drop):
                verdicts.append(Verdict(thing.layer, thing.name, result.reason))
            else:
                document = result
        return document, tuple(verdicts)

    def keys(
        self, document: Document, problems: list[tuple[str, str]] | None = None
    ) -> dict[str, str]:
        """Return what the document shares with others, by filter."""
        found = {
            thing.name: _asked(thing.name, thing.key, document, problems) for thing in self._keyed
        }
        return {name: key for name, key in found.items() if key is not None}

    def sketch(
        self, document: Document, problems: list[tuple[str, str]] | None = None
    ) -> bytes | None:
        """Return what tells near copies of the document."""
        if self.near is None:
            return None
        return _asked(self.near.name, self.near.sketch, document, problems)

    def sketches(
        self, documents: Sequence[Document], problems: Sequence[list[tuple[str, str]]]
    ) -> list[bytes | None]:
        """Return what `sketch` gives for each, from the filter's own `sketches` if it has one."""
        together = getattr(self.near, "sketches", None)
        if together is not None:
            try:
                found: list[bytes | None] = together(documents)
            except Exception:  # noqa: BLE001, S110 - whose fault it is shows when they are asked alone
                pass
            else:
                if len(found) == len(documents):
                    return found
        return [self.sketch(*each) for each in zip(documents, problems, strict=True)]


def configured(filters: Sequence[AnyFilter], options: Options) -> list[AnyFilter]:
    """Return the filters with their options set, without those that are switched off."""
    names = [thing.name for thing in filters]
    for name in options:
        if name not in names:
            raise ConfigError(f"[filters.{name}]: no such filter{suggest(name, names)}")
    kept: list[AnyFilter] = []
    for thing in filters:
        table = dict(options.get(thing.name, {}))
        enabled = table.pop(ENABLED, True)
        if not isinstance(enabled, bool):
            raise ConfigError(f"[filters.{thing.name}] {ENABLED}: true or false, not {enabled!r}")
        if enabled:
            kept.append(_with_options(thing, table))
    return kept


def _with_options(thing: AnyFilter, table: dict[str, Any]) -> AnyFilter:
    if not table:
        return thing
    plain: Any = thing  # the protocol does not say that it is a dataclass
    known = {item.name: item for item in fields(plain)} if is_dataclass(plain) else {}
    values = {}
    for name, value in table.items():
        if name not in known:
            hint = suggest(name, [*known, ENABLED])
            raise ConfigError(f"[filters.{thing.name}]: unknown option {name!r}{hint}")
        values[name] = _checked(thing.name, known[name], value)
    changed: AnyFilter = replace(plain, **values)
    return changed


def _checked(owner: str, item: Field[Any], value: Any) -> Any:
    default = item.default
    if isinstance(value, list):
        value = tuple(value)
    if default is MISSING or default is None:
        return value
    whole_for_number = isinstance(default, float) and type(value) is int
    if type(value) is not type(default) and not whole_for_number:
        raise ConfigError(
            f"[filters.{owner}] {item.name}: expected {type(default).__name__} like {default!r}, "
            f"got {value!r}"
        )
    return value


def _only(near: Sequence[NearTwinFilter]) -> NearTwinFilter | None:
    if len(near) > 1:
        names = " and ".join(repr(thing.name) for thing in near)
        raise ConfigError(
            f"{names} both compare near copies, and a document has one story: switch one off with "
            f"[filters.{near[1].name}] {ENABLED} = false"
        )
    return near[0] if near else None


def _asked(
    name: str,
    ask: Callable[[Document], T | None],
    document: Document,
    problems: list[tuple[str, str]] | None,
) -> T | None:
    try:
        return ask(document)
    except Exception as error:
        if problems is None:
            raise
        problems.append((name, f"{type(error).__name__}: {error}"))
        return None


def _all_applied(
    thing: Any, documents: Sequence[Document], problems: Sequence[list[tuple[str, str]]]
) -> list[Any]:
    """Give many documents to a filter; one by one only where it does not do as it should."""
    clean = thing.clean
    try:
        results = [clean(document) for document in documents]
        if _EITHER_SET.issuperset(map(type, results)):
            return results
    except Exception:  # noqa: BLE001, S110 - whose fault it is shows when they are asked alone
        pass
    return [_applied(thing, *each) for each in zip(documents, problems, strict=True)]


def _applied(
    thing: Any, document: Document, problems: list[tuple[str, str]] | None
) -> Document | Drop:
    try:
        result = thing.clean(document)
    except Exception as error:
        if problems is None:
            raise
        problems.append((thing.name, f"{type(error).__name__}: {error}"))
        return document
    if isinstance(result, _EITHER):
        return result
    said = f"returned {type(result).__name__}, neither a Document nor a Drop"
    if problems is None:
        layer = LAYERS[thing.layer]
        raise ConfigError(f"filter {thing.name!r} ({layer}) {said}; switch it off or repair it")
    problems.append((thing.name, said))
    return document
