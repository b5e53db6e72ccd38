"""Mappings: which column of a table holds which field of a record."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ccgcii.cleaning.addresses import outlet_domain
from ccgcii.documents import CHANNELS, Record
from ccgcii.errors import ImportFileError, suggest
from ccgcii.importing import values as cells
from ccgcii.importing.dates import DateReader
from ccgcii.importing.places import as_country, named_outlet
from ccgcii.readers import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ccgcii.importing.tables import Row, Table

    Convert = Callable[[Any], Any]
    Get = Callable[[Mapping[str, Any]], Any]
    Step = tuple[str, tuple[Get, ...], Convert]

CONVERTERS: dict[str, Convert] = {
    "id": cells.as_id,
    "channel": cells.as_channel,
    "url": cells.as_name,
    "title": cells.as_text,
    "text": cells.as_text,
    "outlet": cells.as_name,
    "author": cells.as_name,
    "author_followers": cells.as_count,
    "country": as_country,
    "language": cells.as_language,
    "likes": cells.as_count,
    "comments": cells.as_count,
    "shares": cells.as_count,
    "views": cells.as_count,
    "is_share": cells.as_flag,
}
FIELDS = (*CONVERTERS, "published_at")
TABLES = {"channel": (), "mapping": FIELDS, "constants": FIELDS, "dates": ("format", "timezone")}
RETWEET = re.compile(r"RT @\w+:")
# A handle of X; an account's number is not one.
HANDLE = re.compile(r"(?!\d+$)\w{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where the fields of a `Record` stand in a table.

    `columns` maps a field to a column, a dotted path into nested JSON, or several of them of
    which the first with a value counts; `constants` to a value that holds for every row.
    `date_format` is as `strptime` takes it; `timezone` is that of moments that name none (an IANA
    name, UTC by default).
    """

    columns: Mapping[str, str | tuple[str, ...]]
    constants: Mapping[str, Any] = field(default_factory=dict)
    date_format: str | None = None
    timezone: str | None = None

    def record_maker(self, table: Table) -> Callable[[Row], Record | BadRow]:
        """Return what makes records of the rows of a table.

        Raises `ImportFileError` for a column that the table lacks, and where no channel is given.
        """
        for name, columns in self.columns.items():
            self._check(name, _several(columns), table)
        if "channel" not in self.columns and "channel" not in self.constants:
            raise ImportFileError(
                f"{table.path}: which channel are these rows of? Give --channel "
                f"({', '.join(CHANNELS)}), or `channel` in a mapping"
            )
        steps = self._steps(table)
        constants = {name: CONVERTERS[name](value) for name, value in self.constants.items()}
        return lambda row: _make(row, steps, constants)

    def fitting(self, table: Table) -> ColumnMapping:
        """Return the mapping without the columns that a table lacks."""
        fitting = {
            name: tuple(column for column in _several(columns) if table.has(column))
            for name, columns in self.columns.items()
        }
        return replace(self, columns={name: there for name, there in fitting.items() if there})

    def _check(self, name: str, columns: tuple[str, ...], table: Table) -> None:
        if any(table.has(column) for column in columns):
            return
        raise ImportFileError(
            f"{table.path}: no column {columns[0]!r} for {name!r}"
            f"{suggest(columns[0], table.columns)} (columns: {columns_of(table)})"
        )

    def _steps(self, table: Table) -> list[Step]:
        converters = CONVERTERS | {"published_at": DateReader(self.date_format, self._zone())}
        return [
            (name, tuple(_getter(column, table) for column in _several(columns)), converters[name])
            for name, columns in self.columns.items()
        ]

    def _zone(self) -> tzinfo:
        return UTC if self.timezone is None else ZoneInfo(self.timezone)


def columns_of(table: Table) -> str:
    """Return the names of a table's columns for a message, the long and the many cut."""
    names = [column[:40] for column in table.columns[:40]]
    return ", ".join(names) + (", ..." if len(table.columns) > 40 else "")


def load_mapping(path: Path) -> ColumnMapping:
    """Read a mapping from TOML; raises `ImportFileError` naming the file and the wrong key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportFileError(f"{path}: the mapping cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path}: not valid TOML: {error}") from error
    _check_keys(path, tables)
    constants = dict(tables.get("constants", {}))
    if "channel" in tables:
        constants["channel"] = tables["channel"]
    dates = tables.get("dates", {})
    columns = {
        name: tuple(column) if isinstance(column, list) else column
        for name, column in tables.get("mapping", {}).items()
    }
    mapping = ColumnMapping(columns, constants, dates.get("format"), dates.get("timezone"))
    _check_values(path, mapping)
    return mapping


def _check_keys(path: Path, tables: Mapping[str, Any]) -> None:
    for name, content in tables.items():
        if name not in TABLES:
            raise ImportFileError(f"{path}: unknown key {name!r}{suggest(name, TABLES)}")
        if name == "channel":
            continue
        if not isinstance(content, dict):
            raise ImportFileError(f"{path}: {name!r} must be a table: write [{name}]")
        for key, value in content.items():
            if key not in TABLES[name]:
                where = f"{name}.{key}"
                raise ImportFileError(f"{path}: unknown key {where!r}{suggest(key, TABLES[name])}")
            if not _is_allowed(name, value):
                raise ImportFileError(f"{path}: {name}.{key} must be text, not {value!r}")


def _is_allowed(table: str, value: Any) -> bool:
    if table == "mapping" and isinstance(value, list):
        return bool(value) and all(isinstance(column, str) for column in value)
    return table == "constants" or isinstance(value, str)


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
        ZoneInfo(mapping.timezone or "UTC")
    except (KeyError, ValueError, OSError):
        raise ImportFileError(
            f"{path}: unknown timezone {mapping.timezone!r}; write it like 'Asia/Shanghai'"
        ) from None


def _several(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(columns)


def _getter(column: str, table: Table) -> Get:
    if column in table.columns or "." not in column:
        return lambda values: values.get(column)
    parts = column.split(".")

    def walk(values: Any) -> Any:
        for part in parts:
            if not isinstance(values, dict):
                return None
            values = values.get(part)
        return values

    return walk


def _make(row: Row, steps: list[Step], constants: Mapping[str, Any]) -> Record | BadRow:
    found: dict[str, Any] = {"id": "", **constants}
    for name, getters, convert in steps:
        for get in getters:
            raw = get(row.values)
            value = None if raw is None or raw == "" else convert(raw)
            if value is not None:
                found[name] = value
                break
    if not ("text" in found or "title" in found or "url" in found):
        return BadRow(row.line, "no text, no title and no url", cells.shorten(row.values))
    if found.get("channel") not in CHANNELS:
        reason = f"channel {found.get('channel')!r} is not one of {', '.join(CHANNELS)}"
        return BadRow(row.line, reason, cells.shorten(row.values))
    return Record(**complete(found))


def complete(found: dict[str, Any]) -> dict[str, Any]:
    """Add what the channel lets us know: the outlet of an article, a missing URL, a retweet.

    An outlet written as a domain wins over the URL's, the URL's over a name.
    """
    channel = found["channel"]
    name = found.pop("outlet", None)
    if channel == "media":
        found["outlet"] = _outlet(name, found.get("url"))
    elif channel == "x" and RETWEET.match(found.get("text", "")):
        found["is_share"] = True
    if "url" not in found and found["id"]:
        found["url"] = _url_of_post(channel, found["id"], found.get("author", ""))
    return found


def _url_of_post(channel: str, number: str, author: str) -> str:
    if channel == "x":
        by = author if HANDLE.fullmatch(author) else "i/web"
        return f"https://x.com/{by}/status/{number}"
    places = {
        "youtube": "https://www.youtube.com/watch?v=",
        "facebook": "https://www.facebook.com/",
        "instagram": "https://www.instagram.com/p/",
    }
    return places[channel] + number if channel in places else ""


def _outlet(name: str | None, url: str | None) -> str | None:
    named = named_outlet(name) if name else None
    if named is not None and name is not None and "." in name:
        return named
    return (outlet_domain(url) if url else None) or named
