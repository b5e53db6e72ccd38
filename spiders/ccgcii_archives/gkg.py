"""GDELT's Global Knowledge Graph 2.1: 27 columns between tabs, no header, no quotes.

A row describes a page without its text: what can be had is its title, address, outlet, tone and
the places that GDELT found in the text. Codebook: data.gdeltproject.org/documentation,
"GDELT-Global_Knowledge_Graph_Codebook-V2.1.pdf".
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING

from ccgcii import Record, prefilter_for
from ccgcii_archives.languages import short_code
from ccgcii_archives.locations import Places
from ccgcii_archives.namesakes import Namesakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccgcii import City

COLUMNS = 27
ID, DATE, COLLECTION, OUTLET, URL, LOCATIONS, V2_LOCATIONS = 0, 1, 2, 3, 4, 9, 10
ORGANISATIONS, TONE, ALL_NAMES, TRANSLATION, EXTRAS = 14, 15, 23, 25, 26
WEB = "1"
NAMES_CHINA = b"#CH#"
PORTION = 1 << 20
_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_PUBLISHED = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")
_LANGUAGE = re.compile(r"srclc:(\w+)")


class GkgReader:
    """Reads rows that name one of a study's cities; `damaged` counts those of other columns."""

    def __init__(self, cities: tuple[City, ...]) -> None:
        self.damaged = 0
        self._places = Places(cities)
        self._namesakes = Namesakes(cities)
        self._prefilter = prefilter_for(cities)

    def read(self, stream: IO[bytes]) -> Iterator[Record]:
        """Yield a record for each row that GDELT places in a city, or whose title names one."""
        for line in lines_about_china(stream):
            if self._prefilter.names_a_city(line):
                record = self._record(line)
                if record is not None:
                    yield record

    def _record(self, line: bytes) -> Record | None:
        row = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
        if len(row) != COLUMNS:
            self.damaged += 1
            return None
        if row[COLLECTION] != WEB:
            return None
        title = title_of(row[EXTRAS])
        language = language_of(row[TRANSLATION])
        found = self._places.found(row[V2_LOCATIONS], row[LOCATIONS])
        places = self._namesakes.without(found, row[ALL_NAMES], row[ORGANISATIONS])
        if not places and not self._namesakes.names_a_city(title, language):
            return None
        return Record(
            id=row[ID],
            channel="media",
            url=row[URL],
            title=title,
            published_at=published_at(row[EXTRAS], row[DATE]),
            outlet=row[OUTLET].lower() or None,
            language=language,
            places=places,
            tone=_number(row[TONE].partition(",")[0]),
        )


def lines_about_china(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines that hold a place in China; the others are not even cut out."""
    rest = b""
    while portion := stream.read(PORTION):
        block = rest + portion
        end = block.rfind(b"\n") + 1
        yield from _lines_with(block, NAMES_CHINA, end)
        rest = block[end:]
    yield from _lines_with(rest, NAMES_CHINA, len(rest))


def _lines_with(block: bytes, sign: bytes, end: int) -> Iterator[bytes]:
    place = block.find(sign, 0, end)
    while place >= 0:
        first = block.rfind(b"\n", 0, place) + 1
        last = block.find(b"\n", place, end)
        last = end if last < 0 else last
        yield block[first:last]
        place = block.find(sign, last, end)


def title_of(extras: str) -> str:
    """Return the page's title, `""` if GDELT kept none."""
    told = _TITLE.search(extras)
    return " ".join(html.unescape(told[1]).split()) if told else ""


def language_of(translation: str) -> str | None:
    """Return the language of the page (ISO 639-1): English where nothing was translated."""
    if not translation.strip():
        return "en"
    told = _LANGUAGE.search(translation)
    return short_code(told[1]) if told else None


def published_at(extras: str, seen: str) -> datetime | None:
    """Return when the page says it was published, else when GDELT first saw it.

    A page that claims to be younger than its sighting is not believed.
    """
    first_seen = _moment(seen)
    told = _PUBLISHED.search(extras)
    claimed = _moment(told[1]) if told else None
    if claimed is None or (first_seen and claimed > first_seen + timedelta(days=1)):
        return first_seen
    return claimed


def _moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
