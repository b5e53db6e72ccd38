"""The Wayback Machine: its CDX index says what was kept of a site, then each page as it was.

Index: github.com/internetarchive/wayback, wayback-cdx-server/README.md.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import scrapy
from pydantic import Field, field_validator

from ccgcii import Page, Slice, Source, SourceError, outlet_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from ccgcii import Plan

FIELDS = ("timestamp", "original", "statuscode", "mimetype", "digest")
LISTING = 10  # listings go first, so that a crawl that ends early has seen every month


class Wayback(Source):
    """Pages of sites as the Wayback Machine kept them in the study's window.

    Each address comes once a month at most: a front page as it was in each.
    """

    name = "wayback"
    only_when_named = True
    custom_settings = {"CCGCII_DEPTH": 1_000_000}  # noqa: RUF012 - Scrapy declares it so

    class Options(Source.Options):
        """`[sources.wayback]`.

        `sites` are hosts or beginnings of addresses (`herald.example/world/`); `match` says how
        they are meant (`host`, `prefix`, `domain` with its subdomains, `exact`). Only addresses
        that the regular expression `only` finds are fetched. `max_pages` is for a site and month.
        """

        root: str = "https://web.archive.org"
        sites: list[str] = Field(min_length=1)
        match: Literal["exact", "prefix", "host", "domain"] = "prefix"
        only: str = ""
        page_size: int = Field(5_000, ge=1, le=100_000)
        max_pages: int = Field(20_000, ge=1)

        @field_validator("only")
        @classmethod
        def _is_expression(cls, only: str) -> str:
            try:
                re.compile(only)
            except re.error as error:
                raise ValueError(f"{only!r} is no regular expression ({error})") from error
            return only

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.max_pages

    def slices(self, plan: Plan) -> list[Slice]:
        """Give a slice for each site and month."""
        return [
            Slice(
                f"{self.options.match}:{site}:{first}..{last}",
                {"site": site, "from": f"{first:%Y%m%d}", "to": f"{last:%Y%m%d}"},
                requests_estimated=self.budget,
            )
            for first, last in months(plan.since, plan.until)
            for site in dict.fromkeys(self.options.sites)
        ]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        """Ask the index for the first page of what it knows."""
        yield self._listing(dict(piece.payload))

    def parse_listing(self, response: Response, asked: dict[str, str]) -> Iterator[Any]:
        """Ask for the pages that are listed, and for the rest of the list."""
        rows, resume = read_cdx(response.body)
        for row in rows:
            if re.search(self.options.only, row["original"]):
                url = f"{self.options.root}/web/{row['timestamp']}id_/{row['original']}"
                known = {"original": row["original"]}
                yield scrapy.Request(url, self.parse_page, cb_kwargs=known)
        if resume is not None:
            yield self._listing(asked, resume)

    def parse_page(self, response: Response, original: str) -> Iterator[Any]:  # noqa: ARG002
        """Keep a page under the address that it had."""
        yield Page(original, outlet=outlet_domain(original))

    def _listing(self, asked: dict[str, str], resume: str | None = None) -> scrapy.Request:
        parameters = [
            ("url", asked["site"]),
            ("matchType", self.options.match),
            ("from", asked["from"]),
            ("to", asked["to"]),
            ("output", "json"),
            ("fl", ",".join(FIELDS)),
            ("filter", "statuscode:200"),
            ("filter", "mimetype:text/html"),
            ("collapse", "urlkey"),
            ("limit", self.options.page_size),
            ("showResumeKey", "true"),
            *([("resumeKey", resume)] if resume else []),
        ]
        return scrapy.Request(
            f"{self.options.root}/cdx/search/cdx?{urlencode(parameters)}",
            self.parse_listing,
            cb_kwargs={"asked": asked},
            priority=LISTING,
        )


def read_cdx(body: bytes) -> tuple[list[dict[str, str]], str | None]:
    """Return the rows of an answer of the index, and the key that asks for more (None: no more).

    The first row names the columns; a key stands alone after an empty row. Raises `SourceError`
    for anything else.
    """
    try:
        lines = json.loads(body or b"[]")
    except ValueError as error:
        raise SourceError(f"the index answers no JSON ({error})") from error
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise SourceError("the index answers no table")
    resume = None
    if len(lines) >= 2 and lines[-2] == []:
        resume = str(lines[-1][0])
        lines = lines[:-2]
    if not lines:
        return [], resume
    columns, *rows = lines
    if missing := {"timestamp", "original"} - set(columns):
        raise SourceError(f"the index names no {' and no '.join(sorted(missing))}")
    return [dict(zip(columns, map(str, row), strict=False)) for row in rows if row], resume


def months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each month of a window, cut to the window."""
    first = since
    while first <= until:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(until, following - timedelta(days=1))
        first = following
