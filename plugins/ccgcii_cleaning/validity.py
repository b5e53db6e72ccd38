"""Layer 1, validity: keep what is a readable, dated piece at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop, display_width

if TYPE_CHECKING:
    from ccgcii import Filter, Study


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_ERROR = _any_of(
    r"\b(?:404|403|410|500|502|503)\b.{0,40}(?:not found|error|forbidden|gone|unavailable|gateway)",
    r"\b(?:page|article|story|file)\b.{0,30}\b(?:not found|(?:doesn.t|does not) exist)",
    r"\b(?:page|article|story|file)\b.{0,30}\bno longer (?:available|exists?)",
    r"(?:not found|error)\s*[-–|:(]?\s*(?:404|403|500)",
    r"access (?:is )?denied|service unavailable|site maintenance|something went wrong",
    r"seite (?:wurde )?nicht gefunden|página no encontrada|page introuvable",
    r"页面不存在|頁面不存在|找不到(?:该|您|此)?(?:页面|頁面|网页)|访问的页面|拒绝访问|ページが見つかりません",
)
_CHALLENGE = _any_of(
    r"are you a robot|verify (?:that )?you are (?:a )?human|checking your browser",
    r"enable javascript and cookies|unusual (?:traffic|activity)|complete the captcha",
    r"just a moment\.\.\.|请完成.{0,6}验证|安全验证",
)
_CONSENT = _any_of(
    r"we (?:and our (?:\d+ )?partners )?(?:use|store|process).{0,60}cookies",
    r"cookie (?:policy|settings|consent|preferences)|accept (?:all )?cookies",
    r"manage (?:your )?(?:preferences|choices|consent)|your privacy (?:choices|matters)",
    r"gdpr|legitimate interest|personali[sz]ed ads|data protection policy",
    r"withdraw (?:your )?consent|wir verwenden cookies|alle akzeptieren",
    r"nous utilisons des cookies|utilizamos cookies|我们使用cookie|接受所有cookie",
)
_PAYWALL = _any_of(
    r"subscribe (?:now )?to (?:continue|read)|to continue reading|already a subscriber",
    r"this (?:article|content) is (?:for|exclusive)|create a free account to",
    r"register to (?:continue|read)|jetzt abonnieren|réservé aux abonnés|订阅后阅读|登录后阅读",
)


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
class ErrorPage:
    """Drop error pages, also those served with status 200 (soft 404), and robot checks.

    A real article may speak of errors: the title must say so, or a text of under `short` columns.
    """

    name: ClassVar[str] = "error-page"
    layer: ClassVar[int] = 1
    short: int = 600

    def clean(self, document: Document) -> Document | Drop:
        """Look at the status, then at what title and a short text say."""
        if document.page is None:
            return document
        if document.page.status >= 400:
            return Drop(f"HTTP status {document.page.status}")
        short = display_width(document.text) < self.short
        said = f"{document.title}\n{document.text}" if short else ""
        if short and (match := _CHALLENGE.search(said)):
            return Drop(f"robot check: {match.group(0)[:60]!r}")
        if short and (match := _ERROR.search(said)):
            return Drop(f"error page: {match.group(0)[:60]!r}")
        return document


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Drop pages that show a cookie dialogue instead of an article.

    They speak of little else: at least `signs` different phrases in under `short` columns.
    """

    name: ClassVar[str] = "consent-page"
    layer: ClassVar[int] = 1
    signs: int = 2
    short: int = 3000

    def clean(self, document: Document) -> Document | Drop:
        """Count different consent phrases in the text."""
        if document.page is None or display_width(document.text) > self.short:
            return document
        said = {match.group(0).lower() for match in _CONSENT.finditer(document.text)}
        if len(said) >= self.signs:
            return Drop(f"consent dialogue: {', '.join(sorted(said)[:3])[:100]}")
        return document


@dataclass(frozen=True, slots=True)
class Paywall:
    """Drop pages of which only the teaser before a paywall is there."""

    name: ClassVar[str] = "paywall-only"
    layer: ClassVar[int] = 1
    short: int = 500

    def clean(self, document: Document) -> Document | Drop:
        """Look for the paywall's words in a text of under `short` columns."""
        if document.page is None or display_width(document.text) > self.short:
            return document
        match = _PAYWALL.search(document.text)
        return Drop(f"only a teaser: {match.group(0)!r}") if match else document


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
            width, limit = display_width(document.text), self.page
        else:
            width, limit = display_width(f"{document.title} {document.text}"), self.record
        return document if width >= limit else Drop(f"{width} columns of text, fewer than {limit}")


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
            return Drop("no date of publication found")
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


def filters(study: Study) -> list[Filter]:
    """Give the filters of this layer; a study without a window asks for no date."""
    bounded = study.since > date.min.isoformat() or study.until < date.max.isoformat()
    return [
        Undecodable(),
        ErrorPage(),
        ConsentPage(),
        Paywall(),
        TooShort(),
        NotDated(required=bounded),
        InTheFuture(),
        OutsideWindow(study.since, study.until),
    ]
