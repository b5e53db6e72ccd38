"""Layer 4, offers: spam, advertising, vacancies and flats, told by their phrases or by evidence.

Phrases (`data/noise_words.toml`) know the offers that somebody has read. For all others several
independent kinds of evidence are added up (`evidence.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop
from ccgcii_cleaning.bulletins import LotteryNumbers, MarketTable, Timetable, WeatherBulletin
from ccgcii_cleaning.comments import CommentSpam
from ccgcii_cleaning.evidence import SOLICITS, at_most, evidence_of
from ccgcii_cleaning.phrases import REPORT, read
from ccgcii_cleaning.worded import Worded

if TYPE_CHECKING:
    from ccgcii import Filter
    from ccgcii_cleaning.evidence import Evidence
    from ccgcii_cleaning.phrases import Reading, Signs

# So many different classes of words, or there is nothing to add up.
_FEW = 2
# `Evidence.contact` where a number, an account or an address stands in the text.
_ADDRESS = 2


@dataclass(frozen=True, slots=True)
class Offer(Worded, ABC):
    """Drop what offers strangers something, by phrases, or by evidence in a brief text.

    `evidence` is how many points of different kinds are enough (0: phrases alone), `brief` the
    columns up to which a text is an offer and nothing else. Who tells of somebody, names police or
    warns of a fraud reports on offers.
    """

    # Whether such offers are made in the first person ("my channel", "I earned"), or never: a firm
    # says "we", and who speaks of himself tells of his own job or flat.
    boasts: ClassVar[bool] = False
    impersonal: ClassVar[bool] = False
    evidence: int = 5
    brief: int = 400

    def _by_phrases(self, document: Document, reading: Reading, signs: Signs) -> Document | Drop:
        judged = Worded._by_phrases(self, document, reading, signs)  # noqa: SLF001 - its own base
        if isinstance(judged, Drop):
            found = evidence_of(document.title, document.text, self.words)
            tells = found.tells and not (self.boasts and found.personal)
            tells = tells or (self.impersonal and found.personal)
            return document if tells and found.contact < _ADDRESS else judged
        return judged

    def _by_evidence(self, document: Document, reading: Reading) -> Document | Drop:
        # Most texts have too few words of any class to be looked at closer.
        if (
            not self.evidence
            or len(reading.kinds) < _FEW
            or not self._perhaps(document.text, reading)
        ):
            return document
        if len(document.title) + len(document.text) > self.brief or reading.width > self.brief:
            return document
        found = evidence_of(document.title, document.text, self.words)
        if found.warns:
            return document
        points, shown = self._weighed(found)
        # A longer text has more of everything.
        least = self.evidence + (reading.width > self.brief / 2)
        told = found.tells or found.opines
        if points < least or (told and not self._certain(found)):
            return document
        return Drop(f"{points} points of evidence: {shown}")

    @abstractmethod
    def _perhaps(self, text: str, reading: Reading) -> bool:
        """Say by the classes alone whether a text may be of this kind."""

    def _certain(self, _: Evidence) -> bool:
        """Say whether a text is no report although it tells of somebody."""
        return False

    @abstractmethod
    def _weighed(self, found: Evidence) -> tuple[int, str]:
        """Return the points for the filter's kind, and what they are for."""


@dataclass(frozen=True, slots=True)
class Spam(Offer):
    """Drop posts that only want a click: promotion of oneself, easy money, gambling, sex, fakes.

    A post that speaks of police, courts or victims (the list `report`) tells of such things.
    """

    name: ClassVar[str] = "spam"
    version: ClassVar[int] = 2
    boasts: ClassVar[bool] = True
    share: float = 0.05
    longest: int = 800
    clipped: int = 2

    def clean(self, document: Document) -> Document | Drop:
        """Judge posts alone, but for reports on crimes: what a medium prints is no spam."""
        if document.channel == "media":
            return document
        judged = Worded.clean(self, document)
        if isinstance(judged, Drop):
            kinds = read(document.title, document.text, self.words).kinds
            found = evidence_of(document.title, document.text, self.words)
            return document if REPORT in kinds or _is_listing(found) else judged
        return judged

    def _perhaps(self, text: str, reading: Reading) -> bool:
        said = sum(kind in reading.kinds for kind in SOLICITS)
        return said >= _FEW and at_most(text, reading) >= self.evidence

    def _weighed(self, found: Evidence) -> tuple[int, str]:
        goods, gain = found.points(vice=3), found.points(gain=2)
        answered = found.contact == _ADDRESS or "ask" in found.classes or goods > _FEW
        answered = answered or (goods > 1 and not found.personal)
        sells = found.points(offer=3) > goods + gain
        valued = goods + gain or found.disguised or found.points(money=1, ease=1)
        if not answered or sells or not valued or _is_listing(found):
            return 0, ""
        points = found.solicits - found.points(offer=3)
        if found.contact < _ADDRESS:
            if not found.contact or not goods + gain:
                return 0, ""
            # Festivals give presents too, and museums are free: neither deals in money or vice.
            points -= 2 * (not goods and "money" not in found.classes)
        return points, found.said("vice", "gain", "ease", "ask", "contact")

    def _certain(self, found: Evidence) -> bool:
        return found.contact == _ADDRESS and "vice" in found.classes


@dataclass(frozen=True, slots=True)
class Advertising(Offer):
    """Drop advertisements: offers, shops, suppliers, and what calls itself sponsored."""

    name: ClassVar[str] = "advertising"
    version: ClassVar[int] = 2
    clipped: int = 2

    def _perhaps(self, text: str, reading: Reading) -> bool:
        return "offer" in reading.kinds and at_most(text, reading) >= self.evidence

    def _weighed(self, found: Evidence) -> tuple[int, str]:
        goods = found.points(offer=4)
        answered = "ask" in found.classes or found.contact or goods > _FEW + 1
        priced = found.points(money=1, press=1) or (found.contact and goods > _FEW)
        priced = priced or found.contact == _ADDRESS or goods > _FEW + 1
        personal = found.personal and found.contact < _ADDRESS
        if not goods or not answered or not priced or personal or _is_listing(found):
            return 0, ""
        points = found.solicits - found.points(gain=2, vice=3) + (goods > _FEW + 1)
        return points, found.said("offer", "money", "press", "ask", "contact")


@dataclass(frozen=True, slots=True)
class JobListing(Offer):
    """Drop vacancies; news about the labour market says much else besides."""

    name: ClassVar[str] = "job-listing"
    version: ClassVar[int] = 2
    impersonal: ClassVar[bool] = True
    signs: int = 4
    clipped: int = 2
    evidence: int = 4

    def _perhaps(self, _: str, reading: Reading) -> bool:
        return "hire" in reading.kinds and ("pay" in reading.kinds or "perk" in reading.kinds)

    def _weighed(self, found: Evidence) -> tuple[int, str]:
        points = found.points(hire=1, pay=1, skill=1, perk=1, apply=1) + (found.contact == _ADDRESS)
        return points, found.said("hire", "pay", "skill", "perk", "apply")


@dataclass(frozen=True, slots=True)
class PropertyListing(Offer):
    """Drop flats and houses for sale or rent; news about the housing market stays."""

    name: ClassVar[str] = "property-listing"
    version: ClassVar[int] = 2
    impersonal: ClassVar[bool] = True
    signs: int = 4
    clipped: int = 2
    evidence: int = 4

    def _perhaps(self, _: str, reading: Reading) -> bool:
        return "let" in reading.kinds and ("area" in reading.kinds or "rooms" in reading.kinds)

    def _weighed(self, found: Evidence) -> tuple[int, str]:
        if not found.points(rent=1, money=1):
            return 0, ""
        points = found.points(let=1, area=1, rooms=1, rent=1, fitted=1, money=1)
        # Reports on homes name all of it but whom to call.
        points += found.contact - 1
        return points, found.said("let", "area", "rooms", "rent", "fitted")


def filters() -> list[Filter]:
    """Give the filters of this kind."""
    return [
        JobListing(),
        PropertyListing(),
        WeatherBulletin(),
        Timetable(),
        MarketTable(),
        LotteryNumbers(),
        Spam(),
        CommentSpam(),
        Advertising(),
    ]


def _is_listing(found: Evidence) -> bool:
    """Say whether a text has the fields of a vacancy, a flat or a draw: others judge those."""
    vacancy = "hire" in found.classes and found.points(pay=1, skill=1, perk=1, apply=1) >= _FEW
    home = "let" in found.classes and found.points(area=1, rooms=1, rent=1) >= _FEW
    return vacancy or home or "lottery-numbers" in found.classes
