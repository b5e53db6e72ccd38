"""Layer 4, noise: text that is no piece of writing about anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop, display_width

if TYPE_CHECKING:
    from ccgcii import Filter

_SENTENCE_END = re.compile(r"[.!?。！？…](?:[\"'”’」』)\]]|\s|$)")
_HASHTAG = re.compile(r"#\w+")
_NUMBER = re.compile(r"\d")
_BOILERPLATE = re.compile(
    r"all rights reserved|privacy policy|terms of (?:use|service)|©|copyright \d{4}"
    r"|sign up for our newsletter"
    r"|follow us on|contact us|about us|版权所有|联系我们|关于我们|隐私政策|网站地图|备案号|ICP备",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LinkList:
    """Drop pages whose main text is mostly links: front pages, tag pages, listings.

    `share` is the share of characters in links, `least` how many links a list has.
    """

    name: ClassVar[str] = "link-list"
    layer: ClassVar[int] = 4
    share: float = 0.5
    least: int = 5

    def clean(self, document: Document) -> Document | Drop:
        """Compare link density and number of links with the limits."""
        page = document.page
        if page is not None and page.links >= self.least and page.link_density > self.share:
            return Drop(f"{page.links} links hold {page.link_density:.0%} of the text")
        return document


@dataclass(frozen=True, slots=True)
class Listing:
    """Drop pages of many short lines that are not sentences: menus, indexes, tables of teasers.

    `lines` is how many lines make a list, `prose` the share of characters that must stand in
    lines of over `long` columns or that end a sentence.
    """

    name: ClassVar[str] = "listing"
    layer: ClassVar[int] = 4
    lines: int = 12
    long: int = 100
    prose: float = 0.35

    def clean(self, document: Document) -> Document | Drop:
        """Measure how much of the text is prose."""
        if document.page is None:
            return document
        lines = [line.strip() for line in document.text.splitlines() if line.strip()]
        if len(lines) < self.lines:
            return document
        prose = sum(len(line) for line in lines if self._is_prose(line))
        share = prose / sum(map(len, lines))
        if share < self.prose:
            return Drop(f"{len(lines)} lines, only {share:.0%} of the text is prose")
        return document

    def _is_prose(self, line: str) -> bool:
        return display_width(line) > self.long or _SENTENCE_END.search(line) is not None


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Drop tables of figures: stock lists, timetables, weather, lottery numbers."""

    name: ClassVar[str] = "number-table"
    layer: ClassVar[int] = 4
    share: float = 0.3
    least: int = 80

    def clean(self, document: Document) -> Document | Drop:
        """Compare the share of digits with the limit."""
        written = re.sub(r"\s+|https?://\S+", "", document.text)
        if len(written) < self.least:
            return document
        share = len(_NUMBER.findall(written)) / len(written)
        return Drop(f"{share:.0%} of the text are digits") if share > self.share else document


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Drop pages whose text is a site's furniture: imprint, newsletter, rights."""

    name: ClassVar[str] = "boilerplate"
    layer: ClassVar[int] = 4
    signs: int = 3
    short: int = 1500

    def clean(self, document: Document) -> Document | Drop:
        """Count different phrases of furniture in a text of under `short` columns."""
        if document.page is None or display_width(document.text) > self.short:
            return document
        said = {match.group(0).lower() for match in _BOILERPLATE.finditer(document.text)}
        if len(said) >= self.signs:
            return Drop(f"furniture of a site: {', '.join(sorted(said)[:3])}")
        return document


@dataclass(frozen=True, slots=True)
class HashtagStuffing:
    """Drop posts that are mostly hashtags: bait for searches."""

    name: ClassVar[str] = "hashtag-stuffing"
    layer: ClassVar[int] = 4
    least: int = 8
    share: float = 0.6

    def clean(self, document: Document) -> Document | Drop:
        """Compare the number of hashtags and their share of the words with the limits."""
        if document.page is not None:
            return document
        tags = _HASHTAG.findall(document.text)
        words = document.text.split()
        if len(tags) >= self.least and len(tags) > self.share * len(words):
            return Drop(f"{len(tags)} hashtags in {len(words)} words")
        return document


def filters() -> list[Filter]:
    """Give the filters of this layer."""
    return [LinkList(), Listing(), NumberTable(), Boilerplate(), HashtagStuffing()]
