"""Mappings in TOML: read, checked, and told what is wrong with them."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ccgcii.documents import CHANNELS
from ccgcii.errors import ImportFileError, suggest
from ccgcii.importing import values as cells
from ccgcii.importing.dates import is_pattern
from ccgcii.importing.making import CONVERTERS, FIELDS, ColumnMapping, Refusal
from ccgcii.importing.takings import OPTIONS, WAYS, Taking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ccgcii.importing.making import Places

TABLES = {
    "channel": (),
    "own_ids": (),
    "mapping": FIELDS,
    "constants": FIELDS,
    "dates": ("format", "timezone"),
    "only": CHANNELS,
    "refuse": ("column", "is", "reason"),
}


def load_mapping(path: Path) -> ColumnMapping:
    """Read a mapping from TOML; raises `ImportFileError` naming the file and the wrong key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportFileError(f"{path}: the mapping cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path}: not valid TOML: {error}") from error
    return parse_mapping(tables, path)


def parse_mapping(tables: Mapping[str, Any], path: Path) -> ColumnMapping:
    """Make a mapping of what stood in a TOML file; `path` is for the messages.

    Raises `ImportFileError` for a key or a value that means nothing.
    """
    _check_tables(path, tables)
    constants = dict(tables.get("constants", {}))
    if "channel" in tables:
        constants["channel"] = tables["channel"]
    dates = tables.get("dates", {})
    formats = dates.get("format")
    mapping = ColumnMapping(
        _places(path, "mapping", tables.get("mapping", {})),
        constants,
        tuple(formats) if isinstance(formats, list) else formats,
        dates.get("timezone"),
        only={
            channel: _places(path, f"only.{channel}", content)
            for channel, content in tables.get("only", {}).items()
        },
        own_ids=tables.get("own_ids", False),
        refusals=tuple(_refusal(path, rule) for rule in tables.get("refuse", [])),
    )
    _check_values(path, mapping)
    return mapping


def _check_tables(path: Path, tables: Mapping[str, Any]) -> None:
    for name, content in tables.items():
        if name not in TABLES:
            raise ImportFileError(f"{path}: unknown key {name!r}{suggest(name, TABLES)}")
        if name == "own_ids" and not isinstance(content, bool):
            raise ImportFileError(f"{path}: own_ids must be true or false, not {content!r}")
        if name in ("channel", "own_ids", "refuse"):
            continue
        if not isinstance(content, dict):
            raise ImportFileError(f"{path}: {name!r} must be a table: write [{name}]")
        _check_keys(path, name, content, TABLES[name])
        if name == "dates":
            _check_dates(path, content)


def _check_dates(path: Path, content: Mapping[str, Any]) -> None:
    for key, value in content.items():
        texts = value if isinstance(value, list) and key == "format" else [value]
        if not all(isinstance(text, str) for text in texts):
            raise ImportFileError(f"{path}: dates.{key} must be text, not {value!r}")
        if not texts:
            raise ImportFileError(f"{path}: dates.{key} names no pattern; leave it out")
        for text in texts if key == "format" else ():
            if not is_pattern(text):
                raise ImportFileError(
                    f"{path}: dates.{key} {text!r} is no pattern as strptime takes it, "
                    "such as '%d/%m/%Y'"
                )


def _check_keys(path: Path, name: str, content: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in content:
        if key not in known:
            raise ImportFileError(f"{path}: unknown key '{name}.{key}'{suggest(key, known)}")


def _places(path: Path, table: str, content: Mapping[str, Any]) -> dict[str, Places]:
    _check_keys(path, table, content, FIELDS)
    return {name: _place(path, f"{table}.{name}", value) for name, value in content.items()}


def _place(path: Path, where: str, value: Any) -> Places:
    if isinstance(value, list) and value:
        return tuple(_one_place(path, where, one) for one in value)
    return _one_place(path, where, value)


def _one_place(path: Path, where: str, value: Any) -> str | Taking:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise ImportFileError(f"{path}: {where} must be text, not {value!r}")
    _check_keys(path, where, value, (*WAYS, *OPTIONS))
    ways = [way for way in WAYS if way in value]
    if len(ways) != 1:
        raise ImportFileError(f"{path}: {where} needs one of {', '.join(WAYS)}")
    columns = value[ways[0]]
    names = tuple(columns) if isinstance(columns, list) else (columns,)
    if not names or not all(isinstance(name, str) for name in names):
        raise ImportFileError(f"{path}: {where}.{ways[0]} must name columns, not {columns!r}")
    zero = value.get("zero", "known")
    if zero not in ("known", "unknown"):
        raise ImportFileError(f"{path}: {where}.zero must be 'known' or 'unknown', not {zero!r}")
    pattern, words = _pattern(path, where, value.get("pattern")), value.get("words")
    if not isinstance(words, dict | None):
        raise ImportFileError(f"{path}: {where}.words must be a table, not {words!r}")
    return Taking(names, ways[0], pattern, words, zero == "known")


def _pattern(path: Path, where: str, pattern: Any) -> str | None:
    if pattern is None:
        return None
    try:
        if re.compile(pattern).groups == 1:
            return str(pattern)
    except (re.error, TypeError) as error:
        raise ImportFileError(f"{path}: {where}.pattern: {error}") from error
    raise ImportFileError(f"{path}: {where}.pattern must have one group ( ) for the value")


def _refusal(path: Path, rule: Any) -> Refusal:
    known = TABLES["refuse"]
    if not isinstance(rule, dict) or set(rule) != set(known):
        raise ImportFileError(f"{path}: [[refuse]] has the keys {', '.join(known)}, not {rule!r}")
    if not isinstance(rule["column"], str) or not isinstance(rule["reason"], str):
        raise ImportFileError(f"{path}: [[refuse]] column and reason must be text, not {rule!r}")
    words = rule["is"] if isinstance(rule["is"], list) else [rule["is"]]
    return Refusal(rule["column"], frozenset(str(w).casefold() for w in words), rule["reason"])


def _check_values(path: Path, mapping: ColumnMapping) -> None:
    if not mapping.columns:
        raise ImportFileError(f'{path}: no column is mapped; write `text = "..."` in [mapping]')
    for name, value in mapping.constants.items():
        if name == "published_at":
            raise ImportFileError(f"{path}: published_at cannot be one constant for all rows")
        if CONVERTERS[name](value) is None:
            raise ImportFileError(f"{path}: {name} = {value!r} is not a value for {name!r}")
    channel = mapping.constants.get("channel")
    if channel is not None and cells.as_channel(channel) not in CHANNELS:
        raise ImportFileError(f"{path}: unknown channel {channel!r}{suggest(channel, CHANNELS)}")
    try:
        ZoneInfo("UTC" if mapping.timezone is None else mapping.timezone)
    except (KeyError, ValueError, OSError):
        raise ImportFileError(
            f"{path}: unknown timezone {mapping.timezone!r}; write it like 'Asia/Shanghai'"
        ) from None
