"""Any table of pieces: by a mapping, or by what its columns are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from ccgcii import (
    CHANNELS,
    BadRow,
    ColumnMapping,
    FileHead,
    FormatFacts,
    ImportFileError,
    Record,
    load_mapping,
    open_table,
    parse_mapping,
)
from ccgcii_imports.synonyms import ALIASES, HOSTS, SIGNATURES, SYNONYMS, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ccgcii import Table


@dataclass(frozen=True, slots=True)
class GenericReader:
    """CSV, JSON Lines, Parquet and Excel whose rows are pieces.

    `mapping` is a TOML file that says which column holds what; without one, columns are known by
    their usual names. `channel` wins over what the columns let one guess, `timezone` and
    `date_format` over those of the mapping.
    """

    name: ClassVar[str] = "generic"

    mapping: Path | None = None
    channel: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    watch: Callable[[int], None] | None = None

    def matches(self, head: FileHead) -> float:
        """Take any table that has a text, a title or a URL, if nobody else does."""
        if self.mapping is not None:
            return 0.2
        return 0.1 if {"text", "title", "url"} & guess_columns(head.columns).keys() else 0.0

    def explain(self, path: Path) -> str:
        """Say which column is read as what."""
        mapping = self._mapping_of(open_table(path))
        fields = {name: place for name, place in mapping.columns.items() if name != "channel"}
        return (
            f"channel {_channel_in_words(mapping)}; {replace(mapping, columns=fields).in_words()}"
        )

    def facts(self) -> FormatFacts:
        """Tell how tables are read that are of no known format."""
        known = ("a text, a title or a URL under a usual name; --mapping for all others",)
        return FormatFacts("any table (CSV, JSON Lines, Parquet, Excel)", known, tuple(SYNONYMS))

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every row of the table as a record, or why it is none."""
        table = open_table(path)
        make = self._mapping_of(table).record_maker(table)
        for row in table.rows(self.watch):
            yield row if isinstance(row, BadRow) else make(row)

    def _mapping_of(self, table: Table) -> ColumnMapping:
        mapping = self._with_channel(*self._named_or_guessed(table))
        return replace(
            mapping,
            timezone=self.timezone or mapping.timezone,
            date_format=self.date_format or mapping.date_format,
        )

    def _named_or_guessed(self, table: Table) -> tuple[ColumnMapping, str | None]:
        if self.mapping is not None:
            return load_mapping(self.mapping), None
        columns: dict[str, Any] = dict(guess_columns(table.columns))
        if not {"text", "title", "url"} & columns.keys():
            names = ", ".join(column[:40] for column in table.columns[:20])
            raise ImportFileError(
                f"{table.path}: no column looks like a text, a title or a URL "
                f"(columns: {names}); name them in a mapping (--mapping)"
            )
        if self.channel is None and (said := _channel_column(table.columns, table.sample)):
            return ColumnMapping({**columns, "channel": said, **_texts(table.columns)}), None
        channel = self.channel or channel_of_columns(table.columns)
        if channel is None and "url" in columns:
            channel = _channel_of_url(str(table.sample.get(columns["url"], "")))
            said = _channel_of_address(columns["url"], table.path)
            columns |= {"channel": said} if channel else {}
            return ColumnMapping({**columns, **_texts(table.columns)}), channel
        if channel != "media":
            columns.pop("outlet", None)
        if channel == "facebook" and squeeze(columns.get("url", "")) == "link":
            del columns["url"]  # what the post links to, not where it stands
        return ColumnMapping({**columns, **_texts(table.columns)}), channel

    def _with_channel(self, mapping: ColumnMapping, guessed: str | None) -> ColumnMapping:
        channel = self.channel or mapping.constants.get("channel") or guessed
        if channel is None:
            return mapping
        columns = dict(mapping.columns)
        if self.channel is not None:
            columns.pop("channel", None)
        return replace(
            mapping, columns=columns, constants={**mapping.constants, "channel": channel}
        )


def _channel_in_words(mapping: ColumnMapping) -> str:
    column, other = mapping.columns.get("channel"), mapping.constants.get("channel")
    if column is None:
        return str(other or "unknown")
    return f"of column {column}" + (f", else {other}" if other else "")


def _texts(columns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return every column that may hold the text, so that a post without a message has one."""
    by_name = {squeeze(column): column for column in reversed(columns)}
    texts = tuple(by_name[name] for name in SYNONYMS["text"] if name in by_name)
    return {"text": texts} if texts else {}


def guess_columns(columns: tuple[str, ...]) -> dict[str, str]:
    """Return field and column for every column known by its name; the usual name wins."""
    by_name = {squeeze(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for field, names in SYNONYMS.items():
        known = next((by_name[name] for name in names if name in by_name), None)
        if known is not None:
            found[field] = known
    return found


def channel_of_columns(columns: tuple[str, ...]) -> str | None:
    """Return the channel whose exports alone have one of these columns, None if none has."""
    squeezed = {squeeze(column) for column in columns}
    return next((name for name, own in SIGNATURES.items() if squeezed & own), None)


def _channel_column(columns: tuple[str, ...], sample: Mapping[str, Any]) -> str | None:
    """Return the column that names each row's channel; one of that name may hold YouTube's."""
    for column in columns:
        value = str(sample.get(column, "")).strip().casefold()
        if squeeze(column) in ("channel", "platform") and (value in CHANNELS or value in ALIASES):
            return column
    return None


def _channel_of_address(column: str, path: Path) -> Any:
    """Return how the channel of a row is taken from its address: nothing for another site's."""
    hosts = "|".join(map(re.escape, HOSTS))
    pattern = rf"^\s*(?:https?:)?//(?:[\w-]+\.)*({hosts})(?:[:/?#]|\s*$)"
    place = {"from": column, "pattern": pattern, "words": HOSTS}
    return parse_mapping({"mapping": {"channel": place}}, path).columns["channel"]


def _channel_of_url(url: str) -> str | None:
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return None
    for site, channel in HOSTS.items():
        if host == site or host.endswith(f".{site}"):
            return channel
    return "media" if "." in host else None
