"""Layer 4, noise in form: text that is no piece of writing about anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ccgcii import Document, Drop, display_width
from ccgcii_cleaning.fillers import Filler
from ccgcii_cleaning.shapes import LONGEST, shape_of
from ccgcii_cleaning.wording import digits_in, without_links

if TYPE_CHECKING:
    from ccgcii import Filter

_SENTENCE_END = re.compile(r"[.!?。！？…](?:[\"'”’」』)\]]|\s|$)")
# Weibo closes its hashtags too: #成都#.
_HASHTAG = re.compile(r"#\w+(?:#(?!\w))?")
_CELL = re.compile(r"[\n。！？，、；;]+|(?<=[.!?,])\s+")
# Chinese sets no spaces within a sentence: there they part the cells of a list.
_SPACED = re.compile(r"[\n。！？，、；;]+|(?<=[\u2e80-\u9fff])\s+|\s+(?=[\u2e80-\u9fff])")
# 2-1, 6-4, 3:0, 107-98, also with a dash; not a year, a date or a time of day (08:10).
_SCORE = re.compile(r"(?<![\d.:/–-])(?!0\d:)\d{1,3}\s?[-–:]\s?\d{1,3}(?![\d.:/–-]|\s?[ap]\.?m)")
# Ten times as fast, for most texts hold none.
_PERHAPS_SCORE = re.compile(r"\d\s?[-–:]\s?\d")
_NUMBER = re.compile(r"\d")
_NEARLY = 0.8
_HEADING = 2
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
    """Drop tables of figures: stock lists, timetables, weather, lottery numbers.

    Either `share` of the text are digits, or at least `cells` short fragments with a figure fill
    `filled` of it; a text of under `least` columns is none, unless `dense` of it are digits.
    """

    name: ClassVar[str] = "number-table"
    layer: ClassVar[int] = 4
    share: float = 0.3
    least: int = 80
    cells: int = 5
    filled: float = 0.65
    dense: float = 0.45

    def clean(self, document: Document) -> Document | Drop:
        """Compare the share of digits with the limit, then that of fragments with figures."""
        text = document.text
        digits = digits_in(text)
        if digits < self.cells:
            return document
        # Half a text is no white space: most texts need not be counted closer.
        if digits > self.share * len(text) / 2:
            written = re.sub(r"\s+|https?://\S+", "", text)
            share = len(_NUMBER.findall(written)) / max(1, len(written))
            enough = self.share if len(written) >= self.least else self.dense
            if len(written) >= self.least // 2 and share > enough:
                return Drop(f"{share:.0%} of the text are digits")
        # Each cell has a digit in at most 32 columns: prose with a few figures is not measured.
        if len(text) > LONGEST or digits * 32 < self.filled * len(text):
            return document
        # Results of matches have a filter of their own.
        shape = shape_of(_SCORE.sub(" ", text) if _PERHAPS_SCORE.search(text) else text)
        table = shape.figures >= self.cells and shape.filled >= self.filled
        if table and shape.width >= self.least:
            return Drop(f"{shape.figures} cells with a figure fill {shape.filled:.0%} of the text")
        return document


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
    """Drop posts that are mostly hashtags: bait for searches.

    `least` is how many hashtags, `share` the share of the columns of words that they fill; `few`
    are enough where they fill `nearly` all.
    """

    name: ClassVar[str] = "hashtag-stuffing"
    layer: ClassVar[int] = 4
    least: int = 8
    share: float = 0.6
    few: int = 6
    nearly: float = 0.85

    def clean(self, document: Document) -> Document | Drop:
        """Compare the number of hashtags and their share of the text with the limits."""
        if document.page is not None:
            return document
        least = min(self.few, self.least)
        # Most posts have none: they are not searched.
        if document.text.count("#") < least:
            return document
        tags = _HASHTAG.findall(document.text)
        if len(tags) < least:
            return document
        share = display_width(" ".join(tags)) / display_width(without_links(document.text))
        if share > (self.share if len(tags) >= self.least else self.nearly):
            return Drop(f"{len(tags)} hashtags fill {share:.0%} of the text")
        return document


@dataclass(frozen=True, slots=True)
class ScoreList:
    """Drop lists of results: "A bt B 6-4 6-3", "Wuhan 2-1 Dalian", line after line.

    `least` is how many results, `share` the share of lines (of sentences, if all is one line) that
    hold one and no more than `long` columns: a report on a match is prose. `few` results are enough
    where nearly every part is a short one with a figure.
    """

    name: ClassVar[str] = "score-list"
    layer: ClassVar[int] = 4
    version: ClassVar[int] = 2
    least: int = 6
    share: float = 0.6
    long: int = 60
    few: int = 4

    def clean(self, document: Document) -> Document | Drop:
        """Count the lines that hold a score."""
        text = document.text
        if len(_PERHAPS_SCORE.findall(text)) < self.few:
            return document
        results = len(_SCORE.findall(text))
        if results < self.few:
            return document
        lines = [line for line in text.splitlines() if line.strip()]
        for cut in (lines,) if len(lines) > 2 else (_CELL.split(text), _SPACED.split(text)):
            parts = [part for part in cut if part.strip()]
            if self._is_list(parts, results):
                return Drop(f"{results} results in {len(parts)} lines")
        return document

    def _is_list(self, parts: list[str], results: int) -> bool:
        short = [part for part in parts if display_width(part) <= self.long]
        scores = sum(_SCORE.search(part) is not None for part in short)
        if results >= self.least:
            return scores > self.share * len(parts)
        figures = sum(_NUMBER.search(part) is not None for part in short)
        # A list may have a heading of two parts: the cup and the place.
        return figures > _NEARLY * (len(parts) - _HEADING) and 3 * scores >= len(parts)


@dataclass(frozen=True, slots=True)
class CityList:
    """Drop lists of cities: menus, delivery areas, tables of a figure for each city.

    `least` is how many different cities, `share` the share of the text's columns that are names.
    """

    name: ClassVar[str] = "city-list"
    layer: ClassVar[int] = 4
    least: int = 10
    share: float = 0.25

    def clean(self, document: Document) -> Document | Drop:
        """Compare what the names of cities fill with the whole text."""
        cities = {mention.city for mention in document.mentions}
        if len(cities) < self.least:
            return document
        names = sum(display_width(mention.as_written) for mention in document.mentions)
        share = names / max(1, display_width(f"{document.title} {document.text}"))
        if share > self.share:
            return Drop(f"the names of {len(cities)} cities fill {share:.0%} of the text")
        return document


def filters() -> list[Filter]:
    """Give the filters of this layer that judge the form of a text."""
    return [
        LinkList(),
        Listing(),
        NumberTable(),
        Boilerplate(),
        HashtagStuffing(),
        ScoreList(),
        CityList(),
        Filler(),
    ]
