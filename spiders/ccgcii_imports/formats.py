"""Exports known by their columns: what each holds stands in a TOML file of the folder `formats`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii import (
    BadRow,
    ColumnMapping,
    FileHead,
    FormatFacts,
    ImportFileError,
    Record,
    Row,
    find_column,
    open_table,
    parse_mapping,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Prepare = Callable[[Row], Iterable[Row | BadRow]]

KEYS = ("title", "signature", "signatures", "without", "notes")
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of export.

    A file is of it if it has every column of one of the `signatures` (`a | b`: one of the two;
    `a*`: one that begins so; without case) and none of those in `without`.
    """

    name: str
    title: str
    mapping: ColumnMapping
    signatures: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    notes: str = ""

    def fits(self, columns: tuple[str, ...]) -> bool:
        """Say whether a file with these columns is of this kind."""
        if any(find_column(name, columns) for name in self.without):
            return False
        return any(
            all(any(find_column(n, columns) for n in part.split(" | ")) for part in signature)
            for signature in self.signatures
        )


@dataclass(frozen=True, slots=True)
class FormatReader:
    """A file of one format, its rows made records by the format's mapping.

    `prepare` makes of a row as it stands in the file the rows that the mapping reads: for pages of
    posts and for objects that say a thing in several places. `timezone` and `date_format` replace
    those of the format.
    """

    format: Format
    prepare: Prepare | None = None
    timezone: str | None = None
    date_format: str | None = None
    watch: Callable[[int], None] | None = None

    @property
    def name(self) -> str:
        """The format's name."""
        return self.format.name

    def matches(self, head: FileHead) -> float:
        """Know a file of the format by its columns."""
        return SURE if self.format.fits(head.columns) else 0.0

    def explain(self, path: Path) -> str:
        """Say whose export it is, which column is read as what, and what to beware of."""
        fitting = self._mapping().fitting(open_table(path))
        return f"{self.format.title}: {fitting.in_words()}. {self.format.notes}".rstrip()

    def facts(self) -> FormatFacts:
        """Tell whose format it is, how it is known and what it gives."""
        found = (*self.format.mapping.columns, *self.format.mapping.constants)
        more = (name for places in self.format.mapping.only.values() for name in places)
        gives = tuple(dict.fromkeys((*found, *more)))
        known = tuple(", ".join(signature) for signature in self.format.signatures)
        return FormatFacts(self.format.title, known, gives, self.format.notes)

    def read(self, path: Path) -> Iterator[Record | BadRow]:
        """Yield every row."""
        table = open_table(path)
        make = self._mapping().fitting(table).record_maker(table)
        for row in table.rows(self.watch):
            if isinstance(row, BadRow) or self.prepare is None:
                yield row if isinstance(row, BadRow) else make(row)
                continue
            for prepared in self.prepare(row):
                yield prepared if isinstance(prepared, BadRow) else make(prepared)

    def _mapping(self) -> ColumnMapping:
        mapping = self.format.mapping
        return replace(
            mapping,
            timezone=self.timezone or mapping.timezone,
            date_format=self.date_format or mapping.date_format,
        )


def load_formats() -> list[Format]:
    """Return every format of the folder, by name."""
    folder = files("ccgcii_imports") / "formats"
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return [
        parse_format(tomllib.loads(file.read_text(encoding="utf-8")), Path(file.name))
        for file in sorted(found, key=lambda file: file.name)
    ]


def parse_format(tables: Mapping[str, Any], path: Path) -> Format:
    """Make a format, named as its file, of a mapping and a table `[format]`.

    Raises `ImportFileError` naming the file for what is missing or means nothing.
    """
    facts = tables.get("format", {})
    for key in facts:
        if key not in KEYS:
            raise ImportFileError(f"{path}: unknown key 'format.{key}'{suggest(key, KEYS)}")
    signatures = facts.get("signatures") or [facts.get("signature", [])]
    if not all(signatures) or "title" not in facts:
        raise ImportFileError(f"{path}: [format] needs a title and a signature of columns")
    mapping = parse_mapping({k: v for k, v in tables.items() if k != "format"}, path)
    return Format(
        path.stem,
        facts["title"],
        mapping,
        tuple(tuple(signature) for signature in signatures),
        tuple(facts.get("without", ())),
        facts.get("notes", ""),
    )
