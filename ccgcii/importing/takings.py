"""Takings: how a value is taken from the columns of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ccgcii.importing import values as cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Get = Callable[[Mapping[str, Any]], Any]

WAYS = ("from", "sum", "join", "given")
OPTIONS = ("pattern", "words", "zero")


@dataclass(frozen=True, slots=True)
class Taking:
    """One way to a value, by the columns it stands in.

    `way` is `from` (the value of one column), `sum` (of counts; unknown if one of them is),
    `join` (the texts, one after the other, none twice) or `given` (whether the column holds
    anything). A column is a name, or a dotted path into nested JSON with numbers for places in
    lists. `pattern` is a regular expression whose first group is the value; `words` maps what
    stands there (without case) to what it means, and all else to nothing; with `zero_is_known`
    off, 0 means "not counted".
    """

    columns: tuple[str, ...]
    way: str = "from"
    pattern: str | None = None
    words: Mapping[str, Any] | None = None
    zero_is_known: bool = True

    def getter(self, names: Iterable[str]) -> Get:
        """Return what takes the value from a row of a table whose columns have these names."""
        names = frozenset(names)
        gets = [_getter(column, names) for column in self.columns]
        get = COMBINED[self.way](gets)
        for change in self._changes():
            get = partial(_changed, get, change)
        return get

    def fitting(self, resolve: Callable[[str], str | None]) -> Taking | None:
        """Return the taking with the columns that are there, None if it is lost without one."""
        there = tuple(found for name in self.columns if (found := resolve(name)) is not None)
        needed = 1 if self.way == "join" else len(self.columns)
        return replace(self, columns=there) if len(there) >= needed else None

    def _changes(self) -> list[Callable[[Any], Any]]:
        changes: list[Callable[[Any], Any]] = []
        if self.pattern is not None:
            changes.append(partial(_found, re.compile(self.pattern)))
        if self.words is not None:
            changes.append(partial(_meant, {str(k).casefold(): v for k, v in self.words.items()}))
        if not self.zero_is_known:
            changes.append(_not_zero)
        return changes

    def __str__(self) -> str:
        return _SIGNS.get(self.way, "").join(self.columns) or ""


_SIGNS = {"sum": " + ", "join": " & "}


def _getter(column: str, names: frozenset[str]) -> Get:
    if column in names or "." not in column:
        return lambda values: values.get(column)
    return partial(walk, parts=tuple(column.split(".")))


def walk(values: Any, parts: tuple[str, ...]) -> Any:
    """Return what stands at the end of a path through objects and lists, None if it ends early."""
    for part in parts:
        if isinstance(values, dict):
            values = values.get(part)
        elif isinstance(values, list) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        else:
            return None
    return values


def _from(gets: list[Get]) -> Get:
    return gets[0]


def _sum(gets: list[Get]) -> Get:
    def get(values: Mapping[str, Any]) -> int | None:
        total = 0
        for one in gets:
            count = cells.as_count(one(values))
            if count is None:
                return None
            total += count
        return total

    return get


def _join(gets: list[Get]) -> Get:
    def get(values: Mapping[str, Any]) -> str | None:
        texts: list[str] = []
        for one in gets:
            text = cells.as_text(one(values))
            if text is not None and not any(text.strip() in before for before in texts):
                texts.append(text.strip())
        return " ".join(texts) or None

    return get


def _given(gets: list[Get]) -> Get:
    def get(values: Mapping[str, Any]) -> bool:
        value = gets[0](values)
        return bool(value) if isinstance(value, (dict, list)) else cells.as_name(value) is not None

    return get


COMBINED: dict[str, Callable[[list[Get]], Get]] = {
    "from": _from,
    "sum": _sum,
    "join": _join,
    "given": _given,
}


def _changed(get: Get, change: Callable[[Any], Any], values: Mapping[str, Any]) -> Any:
    value = get(values)
    return None if value is None or value == "" else change(value)


def _found(pattern: re.Pattern[str], value: Any) -> str | None:
    found = pattern.search(str(value))
    return found[1] if found is not None else None


def _meant(words: Mapping[str, Any], value: Any) -> Any:
    return words.get(str(value).strip().casefold())


def _not_zero(value: Any) -> Any:
    return None if cells.as_count(value) == 0 else value
