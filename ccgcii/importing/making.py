"""Making records of the rows of a table, by a mapping that says which column holds what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ccgcii.cleaning.reading.addresses import outlet_domain
from ccgcii.documents import CHANNELS, Record
from ccgcii.errors import ImportFileError, suggest
from ccgcii.importing import values as cells
from ccgcii.importing.dates import DateReader
from ccgcii.importing.places import as_country, named_outlet
from ccgcii.importing.takings import Taking
from ccgcii.readers import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccgcii.importing.rows import Row, Table
    from ccgcii.importing.takings import Get

    Convert = Callable[[Any], Any]
    Step = tuple[str, tuple[Get, ...], Convert]
    Places = str | Taking | tuple[str | Taking, ...]

CONVERTERS: dict[str, Convert] = {
    "id": cells.as_id,
    "channel": cells.as_channel,
    "url": cells.as_name,
    "title": cells.as_text,
    "text": cells.as_text,
    "outlet": cells.as_name,
    "author": cells.as_author,
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
RETWEET = re.compile(r"RT @\w+:")
# A handle of X; an account's number is not one.
HANDLE = re.compile(r"(?!\d+$)\w{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that are no pieces: those whose column holds one of some words (without case)."""

    column: str
    words: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where the fields of a `Record` stand in a table.

    `columns` maps a field to a column, a dotted path into nested JSON, a `Taking`, or several of
    them of which the first with a value counts; `only` has more of them for the rows of one
    channel, and they win; `constants` hold for every row. `date_format` is as `strptime` takes it
    (or several, tried in turn); `timezone` is that of moments that name none (an IANA name, UTC by
    default). With `own_ids` the ids are the file's, not the platform's, and no URL is made of them.
    With `lenient` a column that the table lacks is no error.
    """

    columns: Mapping[str, Places]
    constants: Mapping[str, Any] = field(default_factory=dict)
    date_format: str | tuple[str, ...] | None = None
    timezone: str | None = None
    only: Mapping[str, Mapping[str, Places]] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    own_ids: bool = False
    lenient: bool = False

    def record_maker(self, table: Table) -> Callable[[Row], Record | BadRow]:
        """Return what makes records of the rows of a table.

        Raises `ImportFileError` for a column that the table lacks, and where no channel is given.
        """
        for name, places in () if self.lenient else self.columns.items():
            _check(name, _takings(places), table)
        if "channel" not in self.columns and "channel" not in self.constants:
            raise ImportFileError(
                f"{table.path}: which channel are these rows of? Give --channel "
                f"({', '.join(CHANNELS)}), or `channel` in a mapping"
            )
        converters = CONVERTERS | {"published_at": DateReader(self.date_format, self._zone())}
        maker = _Maker(
            _steps(self.columns, converters, table.columns),
            {name: CONVERTERS[name](value) for name, value in self.constants.items()},
            {c: _steps(places, converters, table.columns) for c, places in self.only.items()},
            [(Taking((r.column,)).getter(table.columns), r) for r in self.refusals],
            self.own_ids,
        )
        return maker.make

    def fitting(self, table: Table) -> ColumnMapping:
        """Return the mapping for a table that need not have all columns.

        Names are then compared without case, and `Name*` means what begins so. Rows of JSON may
        have fields that the first ones lack, so there every path stays.
        """
        if not table.is_rigid:
            return replace(self, lenient=True)
        resolve = _Resolver(table.columns)
        return replace(
            self,
            columns=resolve.places(self.columns),
            only={channel: resolve.places(places) for channel, places in self.only.items()},
            refusals=tuple(
                replace(refusal, column=there)
                for refusal in self.refusals
                if (there := resolve(refusal.column)) is not None
            ),
            lenient=True,
        )

    def in_words(self) -> str:
        """Say which field is read from which columns, for the user of a file."""
        parts = [_fields_in_words(self.columns)]
        parts += [f"only {c}: {_fields_in_words(own)}" for c, own in self.only.items() if own]
        return "; ".join(parts)

    def _zone(self) -> tzinfo:
        return UTC if self.timezone is None else ZoneInfo(self.timezone)


class _Resolver:
    """The columns of a table by the names a mapping gives them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = {column.casefold(): column for column in reversed(columns)}

    def __call__(self, name: str) -> str | None:
        wanted = name.casefold()
        if wanted.endswith("*"):
            begun = (c for k, c in self._columns.items() if k.startswith(wanted[:-1]))
            return next(begun, None)
        return self._columns.get(wanted)

    def places(self, columns: Mapping[str, Places]) -> dict[str, Places]:
        found: dict[str, Places] = {}
        for name, places in columns.items():
            there = tuple(fit for taking in _takings(places) if (fit := taking.fitting(self)))
            if there:
                found[name] = there
        return found


def find_column(name: str, columns: tuple[str, ...]) -> str | None:
    """Return the column that a name means, compared without case; `Name*` is a beginning."""
    return _Resolver(columns)(name)


def columns_of(table: Table) -> str:
    """Return the names of a table's columns for a message, the long and the many cut."""
    names = [column[:40] for column in table.columns[:40]]
    return ", ".join(names) + (", ..." if len(table.columns) > 40 else "")


def _takings(places: Places) -> tuple[Taking, ...]:
    several = places if isinstance(places, tuple) else (places,)
    return tuple(Taking((place,)) if isinstance(place, str) else place for place in several)


def _fields_in_words(columns: Mapping[str, Places]) -> str:
    return ", ".join(
        f"{name} = {' | '.join(str(taking) for taking in _takings(places))}"
        for name, places in columns.items()
    )


def _check(name: str, takings: tuple[Taking, ...], table: Table) -> None:
    columns = [column for taking in takings for column in taking.columns]
    if not any(table.has(column) for column in columns):
        raise ImportFileError(
            f"{table.path}: no column {columns[0]!r} for {name!r}"
            f"{suggest(columns[0], table.columns)} (columns: {columns_of(table)})"
        )


def _steps(
    columns: Mapping[str, Places], converters: Mapping[str, Convert], names: tuple[str, ...]
) -> list[Step]:
    return [
        (name, tuple(taking.getter(names) for taking in _takings(places)), converters[name])
        for name, places in columns.items()
    ]


@dataclass(frozen=True, slots=True)
class _Maker:
    """A mapping made ready for one table."""

    steps: list[Step]
    constants: Mapping[str, Any]
    only: Mapping[str, list[Step]]
    refusals: list[tuple[Get, Refusal]]
    own_ids: bool

    def make(self, row: Row) -> Record | BadRow:
        values = row.values
        for get, refusal in self.refusals:
            said = get(values)
            if str("" if said is None else said).strip().casefold() in refusal.words:
                return BadRow(row.line, refusal.reason, cells.shorten(values))
        found: dict[str, Any] = {"id": "", **self.constants}
        _fill(found, self.steps, values)
        if self.only and (steps := self.only.get(found.get("channel", ""))) is not None:
            _fill(found, steps, values)
        if not ("text" in found or "title" in found or "url" in found):
            return BadRow(row.line, "no text, no title and no url", cells.shorten(values))
        if found.get("channel") not in CHANNELS:
            reason = f"channel {found.get('channel')!r} is not one of {', '.join(CHANNELS)}"
            return BadRow(row.line, reason, cells.shorten(values))
        return Record(**complete(found, own_ids=self.own_ids))


def _fill(found: dict[str, Any], steps: list[Step], values: Mapping[str, Any]) -> None:
    for name, getters, convert in steps:
        for get in getters:
            raw = get(values)
            value = None if raw is None or raw == "" else convert(raw)
            if value is not None:
                found[name] = value
                break


def complete(found: dict[str, Any], *, own_ids: bool = False) -> dict[str, Any]:
    """Add what the channel lets us know: the outlet of an article, a missing URL, a retweet.

    An outlet written as a domain wins over the URL's, the URL's over a name.
    """
    channel = found["channel"]
    name = found.pop("outlet", None)
    if channel == "media":
        found["outlet"] = _outlet(name, found.get("url"))
    elif channel == "x" and RETWEET.match(found.get("text", "")):
        found["is_share"] = True
    if "url" not in found and found["id"] and not own_ids:
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
