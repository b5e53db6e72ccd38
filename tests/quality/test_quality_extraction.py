"""Extraction on the invented pages stays as good as it was, and better than its parts."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.quality.extraction import SYSTEMS, read_invented, score
from benchmarks.quality.pages import LAYOUTS, articles, invented_pages

PAGES = read_invented()
TEXTS = {page.id: SYSTEMS["ccgcii"](page) for page in PAGES}


def test_every_layout_is_there_in_fourteen_languages() -> None:
    by_layout = Counter(page.id.partition("-")[0] for page in invented_pages())
    assert len(by_layout) == len(LAYOUTS)
    assert set(by_layout.values()) == {len(articles())}
    assert len({article.language[:2] for article in articles()}) == 14


def test_the_article_is_found_and_what_stands_around_it_is_left() -> None:
    ours = score([(TEXTS[page.id], page) for page in PAGES])
    assert ours.f1.value >= 0.98
    assert ours.precision.value >= 0.97
    theirs = score([(SYSTEMS["trafilatura fast"](page), page) for page in PAGES])
    assert ours.f1.low > theirs.f1.high


@pytest.mark.parametrize("language", sorted({page.language for page in invented_pages()}))
def test_no_language_is_left_behind(language: str) -> None:
    names = {page.id for page in invented_pages() if page.language == language}
    pages = [page for page in PAGES if page.id in names]
    assert score([(TEXTS[page.id], page) for page in pages]).f1.value >= 0.95
