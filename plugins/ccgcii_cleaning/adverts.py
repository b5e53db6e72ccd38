"""Layer 4, noise in words: spam, advertising, listings, bulletins, told by what they say.

Each kind has its list of phrases in `data/noise_words.toml`. A kind is recognised by enough
different phrases that make up enough of the text: news about spam or weather has both, but much
else besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from unicodedata import normalize

from ccgcii import Document, Drop, display_width
from ccgcii_cleaning.phrases import REPORT, read
from ccgcii_cleaning.shapes import shape_of

if TYPE_CHECKING:
    from ccgcii import Filter

# Also without its beginning, and in the markup that YouTube gives.
_ANY_LINK = re.compile(
    r"<a\b[^>]*>.*?</a>|(?:https?://|www\.|/?watch\?v=)\S+"
    r"|\b[\w-]+\.(?:com|net|org|info|tv|ly|me|co|br|pl|nl)\b\S*",
    re.IGNORECASE | re.DOTALL,
)
_YOUTUBE = re.compile(r"youtube\.com|youtu\.be|watch\?v=", re.IGNORECASE)
# Not www.
_STRETCHED = re.compile(r"([A-VX-Za-vx-z])\1{2,}")
# "Hey guys, go check out ..." at the beginning of a comment.
_CHECK_OUT = re.compile(
    r"\W*(?:(?:hey|hi|guys|girls|everyone|everybody|dude|also|please|pls|so|and|go)\W+)*"
    r"check(?:\W+\w{2,5})?\W+out\b",
    re.IGNORECASE,
)
_SOON = 40
# Notices: at least so many fragments, of no more columns on the average.
_FRAGMENTS = 6
_CLIPPED = 18
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Worded:
    """Drop what speaks mostly in the phrases of its kind (the filter's name).

    `signs` is how many different phrases it takes (or one that is certain), `share` the share of
    the text's columns that they fill, `digits` the share of digits among its characters, `longest`
    the columns from which on a text is no such thing, `words` the path of one's own phrases. A
    notice is written in fragments, a report is not: of a text in fragments `clipped` phrases (0:
    no fewer) and half the share are enough.
    """

    name: ClassVar[str]
    layer: ClassVar[int] = 4
    signs: int = 3
    share: float = 0.1
    digits: float = 0.0
    longest: int = 4_000
    words: str = ""
    clipped: int = 0

    def clean(self, document: Document) -> Document | Drop:
        """Count the kind's phrases in title and text."""
        if len(document.title) + len(document.text) > self.longest:
            return document
        reading = read(document.title, document.text, self.words)
        signs = reading.kinds.get(self.name)
        if signs is None:
            return document
        least = self.share
        found = len(signs.signs)
        if not signs.certain and found < self.signs:
            if not 0 < self.clipped <= found or not _is_clipped(document.text):
                return document
            least /= 2
        width = reading.width
        share = signs.width / max(1, width)
        if width > self.longest or share < least or _digits(document) < self.digits:
            return document
        shown = ", ".join([*signs.certain, *signs.signs][:4])
        return Drop(f"{share:.0%} of the text are its phrases: {shown}")


@dataclass(frozen=True, slots=True)
class Spam(Worded):
    """Drop posts that only want a click: promotion of oneself, easy money, gambling, sex, fakes.

    A post that speaks of police, courts or victims (the list `report`) tells of such things.
    """

    name: ClassVar[str] = "spam"
    share: float = 0.05
    longest: int = 800
    clipped: int = 2

    def clean(self, document: Document) -> Document | Drop:
        """Judge posts alone, but for reports on crimes: what a medium prints is no spam."""
        if document.channel == "media":
            return document
        judged = Worded.clean(self, document)
        if isinstance(judged, Drop):
            reports = REPORT in read(document.title, document.text, self.words).kinds
            return document if reports else judged
        return judged


@dataclass(frozen=True, slots=True)
class CommentSpam(Worded):
    """Drop comments below videos that lead readers elsewhere, or are a link and nothing else.

    A comment is a piece of the channel youtube without a title. With a link one sign is enough;
    `bare` is the columns of words that a link to YouTube itself needs beside it to be more than a
    link, `away` those that a link to anywhere else needs.
    """

    name: ClassVar[str] = "comment-spam"
    signs: int = 4
    share: float = 0.03
    longest: int = 1_500
    bare: int = 20
    away: int = 45

    def clean(self, document: Document) -> Document | Drop:
        """Judge comments alone, those with a link more strictly."""
        if document.channel != "youtube" or document.title:
            return document
        # SUBSCRIBEEEE!!! is no other word.
        said = replace(document, text=_STRETCHED.sub(r"\1", normalize("NFKC", document.text)))
        if (match := _CHECK_OUT.match(document.text)) and not _named(document, match.end()):
            return Drop(f"sends readers elsewhere: {match.group(0).strip()!r}")
        links = _ANY_LINK.findall(said.text)
        if not links:
            return _as_it_was(Worded.clean(self, said), document)
        words = display_width(_ANY_LINK.sub(" ", said.text))
        own = all(_YOUTUBE.search(link) for link in links)
        if words < (self.bare if own else self.away):
            return Drop(f"a link and {words} columns of words")
        return _as_it_was(Worded.clean(replace(self, signs=1), said), document)


@dataclass(frozen=True, slots=True)
class Advertising(Worded):
    """Drop advertisements: offers, shops, suppliers, and what calls itself sponsored."""

    name: ClassVar[str] = "advertising"
    clipped: int = 2


@dataclass(frozen=True, slots=True)
class JobListing(Worded):
    """Drop vacancies; news about the labour market says much else besides."""

    name: ClassVar[str] = "job-listing"
    signs: int = 4
    clipped: int = 2


@dataclass(frozen=True, slots=True)
class PropertyListing(Worded):
    """Drop flats and houses for sale or rent; news about the housing market stays."""

    name: ClassVar[str] = "property-listing"
    signs: int = 4
    clipped: int = 2


@dataclass(frozen=True, slots=True)
class WeatherBulletin(Worded):
    """Drop forecasts and readings of instruments; news about storms and smog stays."""

    name: ClassVar[str] = "weather-bulletin"
    signs: int = 4
    share: float = 0.2
    digits: float = 0.03


@dataclass(frozen=True, slots=True)
class Timetable(Worded):
    """Drop timetables of trains, flights and buses."""

    name: ClassVar[str] = "timetable"
    signs: int = 4
    digits: float = 0.12


@dataclass(frozen=True, slots=True)
class MarketTable(Worded):
    """Drop tables of stocks, currencies and goods; a report about the market is prose."""

    name: ClassVar[str] = "market-table"
    signs: int = 4
    digits: float = 0.15


@dataclass(frozen=True, slots=True)
class LotteryNumbers(Worded):
    """Drop the numbers of lotteries."""

    name: ClassVar[str] = "lottery-numbers"
    share: float = 0.05
    digits: float = 0.08
    clipped: int = 2


def filters() -> list[Filter]:
    """Give the filters of this kind."""
    return [
        Spam(),
        CommentSpam(),
        Advertising(),
        JobListing(),
        PropertyListing(),
        WeatherBulletin(),
        Timetable(),
        MarketTable(),
        LotteryNumbers(),
    ]


def _is_clipped(text: str) -> bool:
    shape = shape_of(text)
    return shape.fragments >= _FRAGMENTS and shape.mean <= _CLIPPED


def _named(document: Document, start: int) -> bool:
    """Say whether readers are sent to a city: "Check out Chongqing!" is no advertisement."""
    return any(start <= mention.start <= start + _SOON for mention in document.mentions)


def _as_it_was(judged: Document | Drop, document: Document) -> Document | Drop:
    return judged if isinstance(judged, Drop) else document


def _digits(document: Document) -> float:
    """Return the share of digits among the characters."""
    written = _SPACE.sub("", document.title + document.text)
    return sum(map(written.count, "0123456789")) / max(1, len(written))
