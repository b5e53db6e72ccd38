"""Layer 4, bulletins: forecasts, timetables, quotations and draws, told by words or by figures.

The words are those of `data/noise_words.toml`. In a language or trade without them the figures
tell: nothing but a timetable holds four times of day in as many short lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from unicodedata import normalize

from ccgcii import Document, Drop, display_width
from ccgcii_cleaning.evidence import OPINES, TELLS
from ccgcii_cleaning.worded import Worded

if TYPE_CHECKING:
    from ccgcii_cleaning.phrases import Reading, Signs

# What weather does to people stands in reports, and in no forecast.
_HARM = re.compile(
    r"伤亡|死亡|遇难|失踪|受灾|被困|停课|停运|停航|倒塌|刮[断倒]|吹[断倒]|冲[走毁]|内涝|[淹漫]|决堤|骤降|历史|纪录"
    r"|死者|けが|負傷|避難|浸水|冠水|欠航|運休|倒壊|사망|부상|침수|대피|결항|붕괴"
    r"|\b(?:killed|dead|died|injured|flooded|evacuated|stranded|destroyed|damaged|collapsed|record"
    r"|tués?|blessés?|inond\w+|évacu\w+|tote|verletzt|überflutet|überschwemmt|evakuiert|zerstört"
    r"|muert\w+|herid\w+|inund\w+|evacuad\w+|mort[oie]s?|ferid\w+|alagad\w+|ferit\w+|allagat\w+"
    r"|погиб\w*|пострада\w+|затоп\w+|эвакуир\w+|tewas|banjir|mengungsi|chết|ngập|sơ tán|öldü|yaralı"
    r"|tahliye|قتل|وفاة|فيضان|إجلاء)\b"
)
_DEGREES = re.compile(r"[°℃º]|\d(?:度|도)")


@dataclass(frozen=True, slots=True)
class Figured(Worded):
    """Drop what is figures of one sort and little else.

    `figures` is how many of them are enough, `spread` how many columns of text there may be for
    each. A text that says who said or did something is none, however many it holds.
    """

    figure: ClassVar[re.Pattern[str]]
    figures: int = 4
    spread: int = 32

    def _by_evidence(self, document: Document, reading: Reading) -> Document | Drop:
        # Every number was read as a mark: most texts need not be searched.
        if not self.figures or reading.text.count("#") < self.figures:
            return document
        written = normalize("NFKC", document.text).lower()
        found = len(self.figure.findall(written))
        if found < self.figures or display_width(written) > found * self.spread:
            return document
        if any(p.search(written) for p in (TELLS, OPINES, _HARM)) or not self._sure(written):
            return document
        return Drop(f"{found} figures of a {self.name} in {display_width(written)} columns")

    def _sure(self, _: str) -> bool:
        """Say whether the figures can be of nothing else."""
        return True


@dataclass(frozen=True, slots=True)
class WeatherBulletin(Figured):
    """Drop forecasts and readings of instruments; news about storms and smog stays."""

    name: ClassVar[str] = "weather-bulletin"
    version: ClassVar[int] = 2
    figure: ClassVar[re.Pattern[str]] = re.compile(
        r"\d\s?(?:°|℃|º|hpa\b|km/h\b|mph\b|m/s\b|м/с\b|mm\b|мм\b|%|毫米|百帕|[级級]|メートル)"
    )
    signs: int = 4
    share: float = 0.2
    digits: float = 0.03
    spread: int = 20

    def _sure(self, written: str) -> bool:
        # Shares of anything are in percent too.
        return len(_DEGREES.findall(written)) > 1

    def _by_phrases(self, document: Document, reading: Reading, signs: Signs) -> Document | Drop:
        judged = Worded._by_phrases(self, document, reading, signs)  # noqa: SLF001 - its own base
        return document if _HARM.search(reading.text) else judged


@dataclass(frozen=True, slots=True)
class Timetable(Figured):
    """Drop timetables of trains, flights and buses."""

    name: ClassVar[str] = "timetable"
    version: ClassVar[int] = 2
    figure: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\d:.])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])"
    )
    signs: int = 4
    digits: float = 0.12


@dataclass(frozen=True, slots=True)
class MarketTable(Figured):
    """Drop tables of stocks, currencies and goods; a report about the market is prose."""

    name: ClassVar[str] = "market-table"
    version: ClassVar[int] = 2
    figure: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\d,.])[+\-−–▲▼↑↓]\s?\d+(?:[.,]\d+\s?%?|\s?%)(?!\s?[°º℃\d])"
    )
    signs: int = 4
    digits: float = 0.15
    spread: int = 40


@dataclass(frozen=True, slots=True)
class LotteryNumbers(Worded):
    """Drop the numbers of lotteries."""

    name: ClassVar[str] = "lottery-numbers"
    share: float = 0.05
    digits: float = 0.08
    clipped: int = 2
