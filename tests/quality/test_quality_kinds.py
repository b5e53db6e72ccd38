"""Pages that are no article are told by their kind, and articles about the same things are kept."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.quality.kinds import KINDS, known_pages, measure, told

MEASURED = measure()["ccgcii"]


def test_the_set_has_every_kind_in_several_languages() -> None:
    pages = known_pages()
    kinds = Counter(page.kind for page in pages)
    assert set(kinds) == {*KINDS, "article"}
    assert len(pages) >= 80
    assert min(kinds.values()) >= 8
    for kind in kinds:
        assert len({page.language for page in pages if page.kind == kind}) >= 5, kind
    assert len({(page.title, page.text, page.links) for page in pages}) == len(pages)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_told_by_its_own_filter(kind: str) -> None:
    assert MEASURED[kind].precision.value >= 0.9
    assert MEASURED[kind].recall.value >= 0.9


def test_no_more_than_a_few_articles_are_lost() -> None:
    articles = [page for page in known_pages() if page.kind == "article"]
    lost = [page.title for page in articles if told(page)[0] != "article"]
    assert len(lost) <= len(articles) // 12, lost
    assert MEASURED["all kinds, held half"].f1.value >= 0.93
