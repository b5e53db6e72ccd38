"""Layer 1, validity: keep what is a readable, dated piece at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop, date_in_address, display_width, is_narrower
from ccgcii_cleaning import pagekinds

if TYPE_CHECKING:
    from ccgcii import Filter, Study


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Drop a page of which too much is not text in any encoding it declares or resembles."""

    name: ClassVar[str] = "undecodable"
    layer: ClassVar[int] = 1
    share: float = 0.01

    def clean(self, document: Document) -> Document | Drop:
        """Compare the characters lost in decoding with the text's length."""
        lost = document.page.undecodable if document.page else document.text.count("\ufffd")
        length = max(1, len(document.text))
        if lost > 3 and lost / max(length, document.page.size if document.page else 0) > self.share:
            return Drop(f"{lost} characters cannot be decoded")
        return document


@dataclass(frozen=True, slots=True)
class TooShort:
    """Drop what says too little, by display width (a Chinese character counts two).

    A page with little text is a page whose article was not found; a record (a post, a headline of
    an import) is what its export says it is, so much less will do; one that its source placed in a
    city (GDELT) has no text by nature and always passes.
    """

    name: ClassVar[str] = "too-short"
    layer: ClassVar[int] = 1
    page: int = 200
    record: int = 15

    def clean(self, document: Document) -> Document | Drop:
        """Compare the width of the text (of a record: and its title) with the limit."""
        if document.places:
            return document
        if document.page is not None:
            said, limit = document.text, self.page
        else:
            said, limit = f"{document.title} {document.text}", self.record
        if not is_narrower(said, limit):
            return document
        return Drop(f"{display_width(said)} columns of text, fewer than {limit}")


@dataclass(frozen=True, slots=True)
class AddressDated:
    """Date records without a date by their address; `months` also by a month alone.

    A month tells no day: with `months` its middle stands for it, so that figures by day and week
    are up to half a month off. The rule says so (`url, month`).
    """

    name: ClassVar[str] = "address-date"
    layer: ClassVar[int] = 1
    months: bool = False

    def clean(self, document: Document) -> Document | Drop:
        """Look into the address; a page was dated while it was read."""
        if document.published_at is not None or document.page is not None:
            return document
        found = date_in_address(document.url, document.fetched_at)
        if found is None or (found.first != found.last and not self.months):
            return document
        moment = min(found.middle, document.fetched_at)
        return replace(document, published_at=moment, date_rule=found.rule)


@dataclass(frozen=True, slots=True)
class NotDated:
    """Drop pieces whose day of publication nothing tells, where a window is set.

    A page whose day is less sure than `confidence` (0-1) is not dated either.
    """

    name: ClassVar[str] = "not-dated"
    layer: ClassVar[int] = 1
    required: bool = True
    confidence: float = 0.5

    def clean(self, document: Document) -> Document | Drop:
        """Ask whether there is a date, and how sure it is."""
        if not self.required:
            return document
        if document.published_at is None:
            return Drop(_nothing_but_the_month(document) or "no date of publication found")
        sure = document.page.date_confidence if document.page else 1.0
        if 0 < sure < self.confidence:
            day = f"{document.published_at:%Y-%m-%d}"
            return Drop(f"{day} by {document.date_rule} is sure to {sure:.2f} only")
        return document


@dataclass(frozen=True, slots=True)
class OutsideWindow:
    """Drop pieces published before or after the study's window (days in UTC, both included)."""

    name: ClassVar[str] = "outside-window"
    layer: ClassVar[int] = 1
    since: str = date.min.isoformat()
    until: str = date.max.isoformat()

    def clean(self, document: Document) -> Document | Drop:
        """Compare the day of publication with the window; an undated piece passes."""
        if document.published_at is None:
            return document
        day = document.published_at.astimezone(UTC).date().isoformat()
        if self.since <= day <= self.until:
            return document
        return Drop(f"published {day}, outside {self.since} to {self.until}")


@dataclass(frozen=True, slots=True)
class InTheFuture:
    """Drop records dated more than a day after they were fetched: the date is wrong."""

    name: ClassVar[str] = "dated-in-the-future"
    layer: ClassVar[int] = 1

    def clean(self, document: Document) -> Document | Drop:
        """Compare the moment of publication with that of the fetch."""
        moment: datetime | None = document.published_at
        if moment is not None and moment > document.fetched_at + timedelta(days=1):
            return Drop(f"dated {moment:%Y-%m-%d}, after it was fetched")
        return document


def _nothing_but_the_month(document: Document) -> str:
    found = date_in_address(document.url, document.fetched_at)
    return f"no day of publication found: its address tells {found.first:%Y-%m}" if found else ""


def filters(study: Study) -> list[Filter]:
    """Give the filters of this layer; a study without a window asks for no date."""
    bounded = study.since > date.min.isoformat() or study.until < date.max.isoformat()
    return [
        Undecodable(),
        *pagekinds.filters(),
        TooShort(),
        AddressDated(),
        NotDated(required=bounded),
        InTheFuture(),
        OutsideWindow(study.since, study.until),
    ]
