"""What X asks for, as of 2026-08-22 (docs.x.com, pay per use since 2026-02-06)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

PRICES_OF = "2026-08-22"
POST = Decimal("0.005")  # dollars a post that is read
USER = Decimal("0.010")  # dollars an account that is read
COUNTS = {"all": Decimal("0.010"), "recent": Decimal("0.005")}  # dollars a request
# Requests an app may send in 15 minutes.
SEARCHES = {"all": 300, "recent": 450}
COUNTINGS = 300
COUNTED_DAYS = 31  # of counts on one page
POSTS_PER_MONTH = 3_000_000  # the platform's own cap
QUARTERS_PER_DAY = 96


@dataclass(frozen=True, slots=True)
class Bill:
    """The most that a plan may cost: requests, posts, accounts."""

    mode: str
    searches: int
    countings: int
    posts: int
    users: int

    @property
    def dollars(self) -> float:
        """The price; posts and accounts read again within a UTC day are not charged again."""
        price = self.posts * POST + self.users * USER + self.countings * COUNTS[self.mode]
        return float(price)

    @property
    def days(self) -> float:
        """The days that the rate limits take."""
        search = self.searches / (SEARCHES[self.mode] * QUARTERS_PER_DAY)
        return max(search, self.countings / (COUNTINGS * QUARTERS_PER_DAY))


def pages(posts: int, per_page: int) -> int:
    """Return how many requests read so many posts."""
    return math.ceil(posts / per_page)
