"""What only many posts together show: reposts (layer 3), campaigns and floods (layer 4)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from ccgcii import display_width, is_narrower
from ccgcii_cleaning.wording import LINK, joined, words_without_handles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii import CrowdFilter, Document, Member

_SHARED_BY = re.compile(
    r"(?:RT @\w+:?|via @\w+:?|转发微博|轉發微博|//@[^:：]{1,30}[:：])\s*", re.IGNORECASE
)
# Characters of a post among which its first words stand.
_BEGINNING = 300
# A retweet or a repost says itself that the words are another's: it is a share, not a campaign.
_REPOST = re.compile(r"RT @|转发微博|轉發|via @", re.IGNORECASE)
_SHARED_FROM = "//@"


@dataclass(frozen=True, slots=True)
class Repost:
    """Drop reposts of a post that is there: they are its shares, and no pieces of their own.

    Its source says that it is one, and it is known again by its first
    `width` columns of words, for platforms cut it short. Without the post, the first repost stands
    for it.
    """

    name: ClassVar[str] = "repost"
    layer: ClassVar[int] = 3
    version: ClassVar[int] = 2
    of_shares: ClassVar[bool] = True
    least: int = 2
    width: int = 60

    def key(self, document: Document) -> str | None:
        """Return the first words."""
        if document.channel == "media":
            return None
        said = document.text[:_BEGINNING]
        if shared := _SHARED_BY.match(said):
            said = said[shared.end() :]
        words = words_without_handles(said)
        if is_narrower(words, self.width):
            return None
        return joined(document.channel, _cut(words, self.width))

    def judge(self, crowd: Sequence[Member]) -> list[str | None]:
        """Drop all reposts but the first where the post itself is not there."""
        kept = next((member for member in crowd if not member.is_share), crowd[0])
        reason = f"a share of {kept.url or 'a post'} that is there"
        return [reason if member.is_share and member is not kept else None for member in crowd]


@dataclass(frozen=True, slots=True)
class CopyPaste:
    """Drop posts in which many accounts say word for word the same within a short time.

    At least `least` accounts in `minutes` minutes, at least `width` columns of words; links,
    handles, case and punctuation are ignored. Reposts are left alone, and so are posts with a link
    if `links` is false: the button "share this article" makes many say its headline.
    """

    name: ClassVar[str] = "copy-paste"
    layer: ClassVar[int] = 4
    version: ClassVar[int] = 2
    least: int = 10
    minutes: float = 60.0
    width: int = 40
    links: bool = False

    def key(self, document: Document) -> str | None:
        """Return the words of a post."""
        text = document.text
        by_someone = document.author is not None and document.published_at is not None
        if document.channel == "media" or not by_someone or document.is_share:
            return None
        if _REPOST.match(text) or _SHARED_FROM in text:
            return None
        if not self.links and "://" in text and LINK.search(text):
            return None
        words = words_without_handles(text)
        return None if is_narrower(words, self.width) else joined(document.channel, words)

    def judge(self, crowd: Sequence[Member]) -> list[str | None]:
        """Find every stretch of time in which enough accounts take part; drop all in it."""
        reasons: list[str | None] = [None] * len(crowd)
        within: Counter[int | None] = Counter()
        first = 0
        for last, member in enumerate(crowd):
            within[member.account] += 1
            while _seconds(member) - _seconds(crowd[first]) > self.minutes * 60:
                within[crowd[first].account] -= 1
                within += Counter()  # accounts that left no longer count
                first += 1
            if len(within) >= self.least:
                reason = (
                    f"{len(within)} accounts posted these words within {self.minutes:g} minutes"
                )
                for at in range(first, last + 1):
                    reasons[at] = reasons[at] or reason
        return reasons


@dataclass(frozen=True, slots=True)
class Flood:
    """Drop what an account posts on days on which no person posts so much about cities.

    `least` is the number of posts on one day (UTC). Media outlets are no accounts, and an account
    with `followers` or more is read, however much it says.
    """

    name: ClassVar[str] = "flood"
    layer: ClassVar[int] = 4
    version: ClassVar[int] = 2
    least: int = 150
    followers: int = 100_000

    def key(self, document: Document) -> str | None:
        """Return the account and the day."""
        if document.channel == "media" or document.author is None or document.published_at is None:
            return None
        if (document.author_followers or 0) >= self.followers:
            return None
        day = document.published_at.astimezone(UTC).date().isoformat()
        return joined(document.channel, document.author.casefold().removeprefix("@"), day)

    def judge(self, crowd: Sequence[Member]) -> list[str | None]:
        """Drop all of such a day."""
        return [f"one of {len(crowd)} posts by one account on one day"] * len(crowd)


def filters() -> list[CrowdFilter]:
    """Give the filters of this kind."""
    return [Repost(), CopyPaste(), Flood()]


def _cut(words: str, columns: int) -> str:
    """Return the beginning of a text that takes about so many columns."""
    narrow = words[:columns]
    return narrow[: columns // 2] if display_width(narrow) > columns * 3 // 2 else narrow


def _seconds(member: Member) -> int:
    return member.published_at or 0
