"""The documentation of the lists says what is in them."""

from __future__ import annotations

from pathlib import Path

from ccgcii.catalogues.counts import count_lines

DOCS = Path(__file__).parents[2] / "docs" / "catalogues.md"


def test_the_counts_in_the_docs_are_those_of_the_files() -> None:
    assert set(count_lines()) <= set(DOCS.read_text(encoding="utf-8").splitlines())
