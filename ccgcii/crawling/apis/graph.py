"""Meta's Graph API, of which Instagram and Facebook are two parts: its errors, limits and pages.

An error is told by its `code`; the HTTP status of the same error varies. How much of the limits
is used stands in the headers of every answer.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field

from ccgcii.crawling.apis.sources import ApiSource
from ccgcii.crawling.apis.values import Abort, ApiTroubleError, Defer, Retry, Skip, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    import scrapy
    from scrapy.http import Response

    from ccgcii.crawling.apis.values import Estimate, Trouble
    from ccgcii.crawling.desk import Desk
    from ccgcii.crawling.sources import Note
    from ccgcii.planning.slices import Plan

TRANSIENT = frozenset({1, 2})
# Of the app, the user, the Page; then those of business use cases.
LIMITS = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
HASHTAGS_SPENT = 18
ABSENT = frozenset({24, 100})
BAD_REQUEST, NO_OBJECT = 100, 33  # a code, and its subcode
_LATER_PAGE = re.compile(r"\bafter(?:=|%28|\()")
FATAL = {
    frozenset({102, 190}): "set CCGCII__SECRETS__META_TOKEN to a token that is valid",
    frozenset({10, *range(200, 300)}): "the app needs App Review for Public Content Access",
    frozenset({368}): "Meta has blocked the app or its user",
}
HOUR = 3_600.0
DAY = 86_400.0
SLOW, FULL = 75, 95  # percent of a limit
USAGE_HEADERS = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used (percent), and in how many seconds access comes back."""

    percent: float = 0.0
    regain: float = 0.0


class GraphSource(ApiSource):
    """A source of the Graph API: it slows down at 75 % of a limit and stops at 95 %."""

    needs = ("meta_token",)
    errors_cost = False
    terms = Terms("Meta Platform Terms", "as of 2026-11")

    class Options(ApiSource.Options):
        """The API's address and version; `pace` (seconds) is how much one percent over 75 slows.

        `calls_per_hour` is what estimates reckon with: 200 for each user of the app, as Meta's page
        on rate limits says; what really holds is told by the headers of each answer.
        """

        root: str = "https://graph.facebook.com"
        version: str = Field("v25.0", pattern=r"^v\d+\.\d+$")
        pace: float = Field(1.0, ge=0)
        calls_per_hour: int = Field(200, ge=1)

    def credentials(self) -> Mapping[str, str]:
        """Return the access token: a header, never a part of an address."""
        return {"Authorization": f"Bearer {self.secret('meta_token')}"}

    def __init__(self, plan: Plan, desk: Desk | None = None) -> None:
        super().__init__(plan, desk)
        now = datetime.now(UTC)
        # Whether what is listed may have grown since the last crawl, and what tells crawls apart.
        self.polls = plan.until >= now.date()
        self.mark = now.isoformat(timespec="seconds") if self.polls else ""

    def own_accounts(self, plan: Plan) -> dict[str, str]:
        """Return the handles of the cities' own accounts with their cities, by the plan."""
        wanted = {city.key for city in plan.cities}
        return {
            one.handle: one.city
            for one in plan.accounts
            if one.platform == self.name and one.city in wanted
        }

    def estimate(self, plan: Plan) -> Estimate:
        """Return the most that a plan may send, and the days it takes at `calls_per_hour`."""
        plain = super().estimate(plan)
        calls = self.options.calls_per_hour
        if plain.requests is None:
            return plain
        note = f"at {calls:,} requests an hour, as an app with one user has; yours may have more"
        return replace(plain, days=plain.requests / (24 * calls), notes=(note,))

    def fingerprint(self, request: scrapy.Request, slice_id: int) -> bytes:
        """Return what is the same for the same request of one crawl: `mark` tells crawls apart.

        A listing that grows is read again by each crawl, though its address stays the same.
        """
        mark = str(request.cb_kwargs.get("mark", ""))
        same = super().fingerprint(request, slice_id)
        return sha1(same + mark.encode(), usedforsecurity=False).digest() if mark else same

    def further(self, request: scrapy.Request, response: Response) -> scrapy.Request | Note:
        """Return the request for the next page, or a note if the API leads back to this one."""
        if request.url == response.url:
            return self.note("the API gives the same page again and again; the rest was not read")
        return request

    def read_page(self, response: Response, *, again: bool = False) -> Any:
        """Return a page of a listing, None if its cursor has expired and it was not begun `again`.

        Cursors are not kept for ever, and a crawl that was put off uses one of days ago.
        """
        try:
            return self.read(response)
        except ApiTroubleError:
            if again or not _is_stale(response):
                raise
            return None

    def begin_again(self) -> Note:
        """Say that a listing is read again from its first page."""
        return self.note(
            "the API no longer knows this page of a listing: read again from its first"
        )

    def path(self, *parts: str) -> str:
        """Return the path of a node and its edges in our version of the API."""
        return "/".join((str(self.options.version), *parts))

    def judge(self, status: int, headers: Mapping[str, str], body: Any) -> Trouble | None:
        """Say what is wrong with an answer; a limit that is reached stops everything else too."""
        trouble = judge_graph(status, headers, body, self.now())
        if isinstance(trouble, Defer) and error_code(body) in LIMITS:
            self.hold(trouble.until - self.now())
        return trouble

    def read(self, response: Response) -> Any:
        """Return the JSON of an answer, and mind how much of the limits is used."""
        body = super().read(response)
        usage = usage_of(_usage_headers(response))
        if usage.percent >= FULL:
            self.hold(usage.regain or HOUR)
        elif usage.percent >= SLOW:
            self.hold(self.options.pace * (usage.percent - SLOW + 1))
        return body


def judge_graph(
    status: int, headers: Mapping[str, str], body: Any, now: float | None = None
) -> Trouble | None:
    """Return what an answer of the Graph API means, by the code of its error."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, now = error_code(body), time.time() if now is None else now
    reason = _reason(error)
    if code in LIMITS:
        return Defer(now + (usage_of(headers).regain or HOUR), reason)
    if code == HASHTAGS_SPENT:
        return Defer(now + DAY, f"{reason}; 30 hashtags in seven days are all there are")
    for codes, hint in FATAL.items():
        if code in codes:
            return Abort(f"{reason}; {hint}")
    passes = code in TRANSIENT or error.get("is_transient") or status >= 500
    if passes and code not in ABSENT:
        return Retry(None, reason)
    # What is not there or not for us, and what no table of ours names.
    return Skip(reason)


def error_code(body: Any) -> int | None:
    """Return the code of an error, None if there is none."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None


def usage_of(headers: Mapping[str, str]) -> Usage:
    """Return the fullest of the limits that an answer's headers (lower case) tell of."""
    percents, minutes = [0.0], [0.0]
    for name in USAGE_HEADERS:
        for part in _parts(headers.get(name, "")):
            told = [part.get(key) for key in ("call_count", "total_cputime", "total_time")]
            percents += [float(number) for number in told if isinstance(number, int | float)]
            regain = part.get("estimated_time_to_regain_access")
            minutes += [float(regain)] if isinstance(regain, int | float) else []
    return Usage(max(percents), max(minutes) * 60)


def next_page(body: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """Return path and parameters of the next page, without the token that its address carries.

    An empty page may have a next one; only the absence of its address ends a listing.
    """
    address = (body.get("paging") or {}).get("next")
    if not isinstance(address, str):
        return None
    return _asked(address, "access_token")


def first_page(address: str) -> tuple[str, dict[str, str]]:
    """Return path and parameters of the first page of the listing that an address is a page of."""
    return _asked(address, "access_token", "after")


def _asked(address: str, *without: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(address)
    return parts.path, {name: told for name, told in parse_qsl(parts.query) if name not in without}


def _is_stale(response: Response) -> bool:
    """Say whether a later page was refused as such, and not for a node that is not there."""
    try:
        error = json.loads(response.body)["error"]
        refused = error["code"] == BAD_REQUEST and error.get("error_subcode") != NO_OBJECT
    except (ValueError, KeyError, TypeError):
        return False
    return refused and _LATER_PAGE.search(response.url) is not None


def _reason(error: Mapping[str, Any]) -> str:
    subcode = error.get("error_subcode")
    about = f"error {error.get('code')}" + (f"/{subcode}" if subcode else "")
    # Some end with a full stop, and more is said after them.
    return f"{about}: {str(error.get('message') or 'no message').rstrip('. ')}"


def _usage_headers(response: Response) -> dict[str, str]:
    found = ((name, response.headers.get(name)) for name in USAGE_HEADERS)
    return {name: value.decode("latin-1") for name, value in found if value is not None}


def _parts(text: str) -> list[dict[str, Any]]:
    """Return the objects of a usage header: itself, or one for each business and use case."""
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return []
    if not isinstance(told, dict):
        return []
    lists = [each for each in told.values() if isinstance(each, list)]
    return [told, *(one for each in lists for one in each if isinstance(one, dict))]
