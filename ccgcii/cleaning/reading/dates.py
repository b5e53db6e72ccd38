"""When a piece was published, the rule that says so, and how sure it is.

The order is that of trust: the page's own structured claim (JSON-LD, meta), then the publisher's
feed or sitemap (the same newsroom, but an update may have rewritten it), then the address, then the
`<time>` next to the headline, a dateline, and at last whatever htmldate finds in the text. A
script's literals are never read; a moment more than a day after the fetch, or before the web, is no
date, and one within that day (a zone nobody named) is the fetch.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dateutil import parser as dateutil
from htmldate import find_date
from lxml import etree

from ccgcii.cleaning.reading.address_dates import EARLIEST, day_in_address
from ccgcii.cleaning.reading.datelines import day_in, speaks_of_publication
from ccgcii.cleaning.reading.zones import zone_by_letters, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from lxml.html import HtmlElement

    from ccgcii.cleaning.reading.structured import Declared

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "date.published", "publishdate", "publish_date", "publish-date", "pubdate", "publication_date",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "dcterms.date",
    "dcterms.created", "article_date_original", "article.published", "cxenseparse:recs:publishtime",
    "originalpublicationdate", "citation_publication_date", "published_time", "og:release_date",
    "date", "weibo:article:create_at", "bytedance:published_time",
)  # fmt: skip
_ZH_DATE = re.compile(r"^\s*(\d{4})年(\d{1,2})月(\d{1,2})日(?:\s*(\d{1,2}):(\d{2}))?")
_HOUR = re.compile(r"\d[:h时時点]\s?\d\d|T\d\d")
# The share of right days among those that a rule gave, by `benchmarks/quality/dates.py`
# (a feed's was not measured).
_CONFIDENCE = {
    "json-ld": 0.96,
    "meta": 0.94,
    "feed": 0.9,
    "url": 0.97,
    "time": 0.91,
    "text": 0.9,
    "dateline": 0.92,
    "text, extensive": 0.56,
}
# Another day than that of the address: the two cases of the set were one right, one wrong.
_DISPUTED = 0.5
_AGREED = 0.99
# An address gives the newsroom's day, which is another one in UTC for some hours.
_SAME = timedelta(hours=38)
# A `<time>` so many elements away from the headline is that of a neighbour.
_NEAR = 120
_UNSEEN = ("script", "style", "noscript", "template", "iframe")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment of publication in UTC (None: unknown), the rule that gave it, how sure it is (0-1).

    `written` is the date as the page has it.
    """

    moment: datetime | None
    rule: str
    confidence: float = 0.0
    written: str = ""


def find_published(
    tree: HtmlElement, declared: Declared, url: str, fetched_at: datetime, hint: str | None = None
) -> Dated:
    """Return when a page was published; `hint` is what the feed or sitemap said (ISO 8601)."""
    latest = fetched_at + timedelta(days=1)
    zone = zone_of(url, declared.language)
    claims = _claims(tree, declared, hint)
    found = _claimed(claims, url, latest, zone) or _from_text(tree, latest)
    if found.moment is None:
        return found
    return replace(found, moment=min(found.moment, fetched_at))


def _claimed(
    claims: Iterable[tuple[str, str]], url: str, latest: datetime, zone: tzinfo | None
) -> Dated | None:
    address = day_in_address(url)
    day = address if address is not None and EARLIEST <= address <= latest else None
    for rule, text in claims:
        moment = parse_moment(text, zone)
        if moment is None or not EARLIEST <= moment <= latest:
            continue
        if day is None:
            return Dated(moment, rule, _CONFIDENCE[rule], text)
        if abs(moment - day - timedelta(hours=12)) <= _SAME:
            return Dated(moment, rule, _AGREED, text)
        # What was published again keeps its old address; one that is newer is that of an event.
        if rule != "time" and moment < day:
            return Dated(moment, rule, _DISPUTED, text)
    return Dated(day, "url", _CONFIDENCE["url"], day.date().isoformat()) if day else None


def parse_moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    """Read a date as machines and newsrooms write it, in UTC; None if it is none.

    A moment without a zone is in `zone` (UTC if that is unknown), a day without a time is its
    midnight in UTC.
    """
    text = text.strip()
    chinese = _ZH_DATE.match(text)
    try:
        if chinese:
            moment = datetime(*(int(part or 0) for part in chinese.groups()))  # type: ignore[arg-type] # noqa: DTZ001 - five whole numbers; the zone comes below
        else:
            moment = _parsed(text)
        if moment.tzinfo is None:
            local = zone if zone is not None and _HOUR.search(text) else UTC
            moment = moment.replace(tzinfo=local)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if len(text) < 8 or not re.search(r"(?:19|20)\d\d", text):
            raise
        # The default fills what is missing: only whole days are dates, so it must not show.
        defaults = (datetime(2000, 1, day) for day in (1, 2))  # noqa: DTZ001 - filled in, not read
        moments: set[datetime] = {
            dateutil.parse(text, default=day, tzinfos=zone_by_letters) for day in defaults
        }
        if len(moments) != 1:
            raise
        return moments.pop()


def _claims(tree: HtmlElement, declared: Declared, hint: str | None) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "uploadDate", "dateCreated"):
        if value := declared.text(key):
            yield "json-ld", value
    for name in _META:
        if name in declared.meta:
            yield "meta", declared.meta[name]
    if hint:
        yield "feed", hint
    for element in _times_of_the_piece(tree):
        yield "time", element.get("datetime") or ""


def _times_of_the_piece(tree: HtmlElement) -> list[HtmlElement]:
    """Return the `<time>` elements that may be the piece's own, the surest first.

    Those of lists, asides and footers are neighbours'; a page with a headline has its own near it.
    """
    order = {element: number for number, element in enumerate(tree.iter("h1", "time", "p", "li"))}
    headlines = [number for element, number in order.items() if element.tag == "h1"]
    times = [e for e in order if e.tag == "time" and e.get("datetime") and not _is_elsewhere(e)]

    def far(element: HtmlElement) -> int:
        return min((abs(order[element] - at) for at in headlines), default=0)

    near = [element for element in times if far(element) <= _NEAR]
    return sorted(near, key=lambda element: (not _is_publication(element), far(element)))[:3]


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(parent.tag in ("aside", "footer", "nav", "li") for parent in element.iterancestors())


def _is_publication(element: HtmlElement) -> bool:
    marks = f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('pubdate', '')}"
    return re.search(r"publish|pubdate|entry-date|posted", marks, re.IGNORECASE) is not None


def _from_text(tree: HtmlElement, latest: datetime) -> Dated:
    seen = deepcopy(tree)
    etree.strip_elements(seen, *_UNSEEN, with_tail=False)
    # These were judged: htmldate would make the first of the month of a day that lies ahead.
    for element in seen.iter("meta", "time"):
        for judged in ("content", "datetime"):
            element.attrib.pop(judged, None)
    day = _searched(seen, latest, extensive=False)
    if day is not None:
        return Dated(day, "text", _CONFIDENCE["text"], day.date().isoformat())
    found = _from_dateline(seen, latest)
    if found is not None:
        return found
    day = _searched(seen, latest, extensive=True)
    # The extensive search makes the first of January of a bare year: that is no day.
    if day is not None and (day.month, day.day) != (1, 1):
        rule = "text, extensive"
        return Dated(day, rule, _CONFIDENCE[rule], day.date().isoformat())
    return Dated(None, "none")


def _searched(tree: HtmlElement, latest: datetime, *, extensive: bool) -> datetime | None:
    found = find_date(
        tree,
        extensive_search=extensive,
        original_date=True,
        min_date=EARLIEST.replace(tzinfo=None),
        max_date=latest.replace(tzinfo=None),
    )
    return datetime.fromisoformat(found).replace(tzinfo=UTC) if found else None


def _from_dateline(tree: HtmlElement, latest: datetime) -> Dated | None:
    """Return the first dateline, one that speaks of publication before all others."""
    chosen: tuple[int, Dated] | None = None
    for text in tree.itertext():
        line = " ".join(text.split())
        day = day_in(line) if line else None
        if day is None or not EARLIEST <= day <= latest:
            continue
        sure = speaks_of_publication(line)
        if chosen is None or sure > chosen[0]:
            chosen = (sure, Dated(day, "dateline", _CONFIDENCE["dateline"], line))
    return chosen[1] if chosen else None
