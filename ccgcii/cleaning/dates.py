"""When a piece was published, and the rule that says so.

The order is that of trust: the page's own structured claim (JSON-LD, meta), then the publisher's
feed or sitemap (the same newsroom, but an update may have rewritten it), then `<time>` elements
(often a neighbour's), the address, and at last the text. A script's literals are never read, and
a moment more than a day after the fetch, or before the web, is no date.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dateutil import parser as dateutil
from htmldate import find_date
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ccgcii.cleaning.structured import Declared

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "date.published", "publishdate", "publish_date", "publish-date", "pubdate", "publication_date",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "dcterms.date",
    "dcterms.created", "article_date_original", "article.published", "cxenseparse:recs:publishtime",
    "originalpublicationdate", "citation_publication_date", "published_time", "og:release_date",
    "date", "weibo:article:create_at", "bytedance:published_time",
)  # fmt: skip
_IN_URL = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y2>(?:19|20)\d\d)/(?P<m2>[1-9])/(?P<d2>[1-9]|[12]\d|3[01])/"
)
_ZH_DATE = re.compile(r"^\s*(\d{4})年(\d{1,2})月(\d{1,2})日(?:\s*(\d{1,2}):(\d{2}))?")
# A line that holds a day as Chinese, Japanese and Korean newsrooms write it, and little else.
_EAST_ASIAN_DAY = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_DATELINE = 80  # characters
_UNSEEN = ("script", "style", "noscript", "template", "iframe")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment of publication in UTC (None: unknown) and the rule that gave it."""

    moment: datetime | None
    rule: str


def find_published(
    tree: HtmlElement, declared: Declared, url: str, fetched_at: datetime, hint: str | None = None
) -> Dated:
    """Return when a page was published; `hint` is what the feed or sitemap said (ISO 8601)."""
    latest = fetched_at + timedelta(days=1)
    for rule, text in _claims(tree, declared, hint):
        moment = parse_moment(text)
        if moment is not None and EARLIEST <= moment <= latest:
            return Dated(moment, rule)
    moment = _from_url(url)
    if moment is not None and EARLIEST <= moment <= latest:
        return Dated(moment, "url")
    return _from_text(tree, latest)


def parse_moment(text: str) -> datetime | None:
    """Read a date as machines and newsrooms write it, in UTC; None if it is none.

    A moment without a zone is taken as UTC, a day without a time as its midnight.
    """
    text = text.strip()
    chinese = _ZH_DATE.match(text)
    try:
        if chinese:
            return datetime(*(int(part or 0) for part in chinese.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type] # five whole numbers
        moment = _parsed(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
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
        defaults = (datetime(2000, 1, day, tzinfo=UTC) for day in (1, 2))
        moments: set[datetime] = {dateutil.parse(text, default=day) for day in defaults}
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
    times = [element for element in tree.iter("time") if element.get("datetime")]
    times.sort(key=lambda element: not _is_publication(element))
    for element in times[:3]:
        yield "time", element.get("datetime")


def _is_publication(element: HtmlElement) -> bool:
    marks = f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('pubdate', '')}"
    return re.search(r"publish|pubdate|entry-date|posted", marks, re.IGNORECASE) is not None


def _from_url(url: str) -> datetime | None:
    match = _IN_URL.search(url)
    if match is None:
        return None
    year, month, day = (int(match[k] or match[f"{k}2"]) for k in ("y", "m", "d"))
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _from_text(tree: HtmlElement, latest: datetime) -> Dated:
    seen = deepcopy(tree)
    etree.strip_elements(seen, *_UNSEEN, with_tail=False)
    day = _searched(seen, latest, extensive=False)
    if day is not None:
        return Dated(day, "text")
    day = _from_dateline(seen, latest)
    if day is not None:
        return Dated(day, "dateline")
    day = _searched(seen, latest, extensive=True)
    # The extensive search makes the first of January of a bare year: that is no day.
    if day is not None and (day.month, day.day) != (1, 1):
        return Dated(day, "text, extensive")
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


def _from_dateline(tree: HtmlElement, latest: datetime) -> datetime | None:
    for text in tree.itertext():
        match = _EAST_ASIAN_DAY.search(text) if len(text) <= _DATELINE else None
        if match is None:
            continue
        try:
            day = datetime(*(int(part) for part in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type] # three whole numbers
        except ValueError:
            continue
        if EARLIEST <= day <= latest:
            return day
    return None
