"""What kind of trouble a reason is: the words of failures, sorted into what to do about them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first that matches decides: robots.txt that answers 503 is no answer, not a refusal.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("quota", re.compile(r"(?i)quota|usage limit|spend cap|monthly cap|daily limit")),
    (
        "unavailable",
        re.compile(
            r"(?i)robots\.txt (?:answers|cannot)|HTTP 5\d\d|HTTP 408|cannot be resolved|refused"
            r"|no answer in time|broke off|connection failed|certificate|not tried: the host"
        ),
    ),
    (
        "blocked",
        re.compile(
            r"(?i)HTTP (?:401|403|407|429|451)|robots\.txt|captcha|forbidden|rate.?limit"
            r"|permission|(?:access|bearer|auth\w*) token|token.{0,40}expired|not authori[sz]ed"
        ),
    ),
    (
        "broken",
        re.compile(
            r"^\w+(?:Error|Exception|Warning)\b|HTTP (?:404|410)|(?i:malformed|damaged|not valid"
            r"|no JSON|cannot be (?:read|parsed)|not a feed|no feed|truncated|yields)"
        ),
    ),
)


def kind_of(reason: str) -> str:
    """Return quota, unavailable, blocked, broken, or `other` for what none of them describes."""
    return next((kind for kind, pattern in KINDS if pattern.search(reason)), "other")


def count_kinds(reasons: Mapping[str, int]) -> Counter[str]:
    """Count reasons by kind."""
    kinds: Counter[str] = Counter()
    for reason, number in reasons.items():
        kinds[kind_of(reason)] += number
    return kinds
